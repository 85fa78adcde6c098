import CellLanguage
import Classification
import Engine
import Networks
import Sequences
import Support
import Tables
import Tagging
import TaskKit
import Testing
import Training
import Models

struct TaggingTests {
  private static let split = DataSplit(validation: 0.25, batch: 4, seed: 5)

  private func data(_ sentences: TaggedSentences, _ choices: WordCounts.Choices = .init()) throws -> TaggingData {
    try TaggingData(sentences, heldOut: nil, split: Self.split) { try $0.input(choices) }
  }

  private func tagger(_ data: TaggingData, seed: UInt64 = 1) throws -> Tagger {
    var network = try Network(
      input: .words(data.input), layers: [.init(.lstm, units: 6)], output: .classes(data.tags.count), seed: seed)
    network.meaning = TagDescription(tags: data.tags).text
    return try Tagger(network, path: "a model")
  }

  @Test func theHeldOutPartIsFromAllOverTheFileAndDoesNotTeachWords() throws {
    let sentences = try tagged((0..<40).map { "word\($0)/\($0 % 2 == 0 ? "A" : "B")" }.joined(separator: "\n"))
    let data = try data(sentences)
    #expect(data.sentenceCount == 30)
    let held = try #require(data.heldOut).sentences.map { $0[0].text }
    #expect(held.count == 10)
    #expect(Set(held).isDisjoint(with: data.input.vocabulary.symbols))
    #expect(data.input.vocabulary.count == 31)
    let lines = try #require(data.heldOut).sentences.map { $0[0].line }
    #expect(lines == lines.sorted() && (lines.first ?? 0) < 40 && (lines.last ?? 0) > 40)
  }

  /// Whatever the seed is: a tag that a single sentence has is trained on, and one that two have is not held out twice.
  @Test(arguments: 0..<20)
  func rareTagsAreTrainedOn(seed: UInt64) throws {
    let sentences = try tagged(
      (0..<20).map { "the/DET dog/NOUN" + ($0 == 7 ? " wow/INTJ" : $0 % 10 == 2 ? " no/PART" : "") }.joined(separator: "\n"))
    let split = DataSplit(validation: 0.5, batch: 4, seed: seed)
    let data = try TaggingData(sentences, heldOut: nil, split: split) { try $0.input(.init()) }
    #expect(data.tags == ["DET", "INTJ", "NOUN", "PART"])
    #expect(data.sentenceCount == 10 && data.heldOut?.sentences.count == 10)
  }

  @Test func sentencesThatShareNoTagAreNotHeldOut() throws {
    let sentences = try tagged("a/A\nb/B\nc/C")
    let message =
      " has in each sentence a tag that no other sentence has, so that none can be held out: give more, or hold out nothing"
    #expect(throws: (RecurrentError).self) { try data(sentences) }
    do { _ = try data(sentences) } catch { #expect("\(error)".hasSuffix(message)) }
  }

  @Test func vocabulariesHaveTheMostFrequentWordsAndTheCharactersOfSeveral() throws {
    let sentences = try tagged("The/D cat/N The/D the/D\nthe/D cab/N\nThe/D <unk>/N\nü/N")
    var choices = WordCounts.Choices()
    choices.words = 2
    #expect(try WordCounts(sentences).input(choices).vocabulary.symbols == ["<unk>", "The", "the"])
    choices.isLowerCased = true
    choices.hasShapes = true
    choices.spelling = (.lstm, 3, 2)
    let input = try WordCounts(sentences).input(choices)
    #expect(input.vocabulary.symbols == ["<unk>", "the", "cab"])
    #expect(input.shapes == WordShape.allCases)
    let spelling = try #require(input.spelling)
    let characters = try #require(spelling.vocabulary)
    // ü, b, T, and the letters of <unk> stand in one word each.
    #expect(characters.symbols == ["a", "c", "e", "h", "t", "\u{FFFD}"])
  }

  @Test func theDigestTellsWordsTagsAndSentencesApart() throws {
    let texts = ["a/A b/B\na/A", "a/A b/B a/A", "a/A b/A\na/B", "a/A c/B\na/A"]
    let digests = try texts.map { text in
      try TaggingData(tagged(text), heldOut: nil, split: .init(validation: 0, batch: 4, seed: 5)) { try $0.input(.init()) }.digest
    }
    #expect(Set(digests).count == 4)
    #expect(digests.allSatisfy { $0?.count == 16 })
  }

  /// Sentences are tagged in whatever order they come, each as if it were alone.
  @Test func sentencesAreTaggedEachAsIfItWereAlone() throws {
    let tagger = try tagger(data(toySentences(40)))
    let runner = NetworkRunner(tagger.network, machine: try Machine(threads: 1), trains: false)
    let sentences = [["the"], ["the", "dogo", "sees", "a", "cowi"], ["unheard", "of"], ["the", "dogo"]]
    let together = try tagger.tags(of: sentences, by: runner)
    #expect(together.map(\.count) == [1, 5, 2, 2])
    #expect(together.joined().allSatisfy { $0.probability > 0.2 && $0.probability < 1 })
    for (sentence, tags) in zip(sentences, together) { #expect(try tagger.tags(of: [sentence], by: runner) == [tags]) }
    #expect(try tagger.tags(of: [], by: runner).isEmpty)
  }

  @Test func scoresAreThoseCountedByHand() throws {
    let data = try data(toySentences(40))
    let tagger = try tagger(data)
    let runner = NetworkRunner(tagger.network, machine: try Machine(threads: 1), trains: false)
    let sentences = try tagged("the/DET newo/NOUN sees/VERB\na/VERB dogo/NOUN")
    let given = try tagger.tags(of: sentences.sentences.map { $0.map(\.text) }, by: runner).joined().map(\.tag)
    let actual = ["DET", "NOUN", "VERB", "VERB", "NOUN"]
    let right = zip(given, actual).map { $0 == $1 }
    let scores = try TaggingScores(tagger, sentences, by: runner)
    #expect(scores.all.count == 5 && scores.all.right == right.count { $0 })
    #expect(scores.unknown.count == 1 && scores.unknown.right == (right[1] ? 1 : 0))
    #expect(scores.known.count == 4)
    for tag in scores.tags {
      let (count, found) = (actual.count { $0 == tag.tag }, given.count { $0 == tag.tag })
      let hits = zip(given, actual).count { $0 == tag.tag && $1 == tag.tag }
      #expect(tag.count == count && tag.given == found && tag.right == hits)
      // Some seven roundings of numbers of at most 1 lie between the two ways.
      let mean = hits == 0 ? 0 : 2 * tag.precision * tag.recall / (tag.precision + tag.recall)
      #expect(abs(tag.f1 - mean) <= 7 * 0x1p-53)
    }
  }

  @Test func aTrainedTaggerSeesEndings() throws {
    var choices = WordCounts.Choices()
    (choices.embedding, choices.spelling) = (6, (.lstm, 6, 5))
    let data = try data(toySentences(80), choices)
    var network = try Network(
      input: .words(data.input), layers: [.init(.lstm, units: 8, direction: .bidirectional(.concatenate))],
      output: .classes(data.tags.count), seed: 2)
    let perEpoch = try #require(data.training.iterationsPerEpoch)
    try network.train(
      on: data.training, validation: data.validation,
      options: TrainingOptions(iterations: 10 * perEpoch, learningRate: LearningRate(0.02), validationInterval: perEpoch),
      machine: try Machine(threads: 1))
    network.meaning = TagDescription(tags: data.tags).text
    let tagger = try Tagger(network, path: "a model")
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    // No word of these but the first has been seen.
    #expect(try tagger.tags(of: [["the", "wolfo", "a", "wolfi"]], by: runner)[0].map(\.tag) == ["DET", "NOUN", "DET", "NOUN"])
    #expect(try TaggingScores(tagger, toySentences(30), by: runner).macroF1 == 1)
  }

  @Test func aModelThatDoesSomethingElseIsRefused() throws {
    let data = try data(toySentences(20))
    func message(_ meaning: String?, classes: Int? = nil) throws -> String? {
      var network = try Network(
        input: .words(data.input), layers: [.init(.rnn, units: 2)], output: .classes(classes ?? data.tags.count))
      network.meaning = meaning
      return #expect(throws: RecurrentError.self) { try Tagger(network, path: "m") }?.description
    }
    #expect(
      try message(nil)?.hasSuffix("it is a model, but it does not tag words: `recurrent train tag` makes models that do") == true)
    #expect(try message(#"{"kind":"forecast","version":1}"#)?.hasSuffix("it is a model for “forecast”, not for tags") == true)
    #expect(
      try message(#"{"kind":"tags","version":9,"tags":[]}"#)?
        .hasSuffix("its tags are of version 9, and this program knows 1: use a newer program") == true)
    #expect(
      try message(TagDescription(tags: data.tags).text, classes: 9)?
        .hasSuffix("its description of the tags does not fit its network") == true)
    #expect(try message("{}")?.contains("its description of the tags is damaged: ") == true)
  }
}
