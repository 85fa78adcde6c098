import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

extension NetworkCase {
  /// Networks that read words.
  static let words: [NetworkCase] = [
    NetworkCase(
      testDescription: "words spelled both ways, with shapes, lstm both ways, packed and masked",
      input: .words(
        WordInput(
          vocabulary, embedding: 3, shapes: WordShape.allCases,
          spelling: WordInput.spelling(.lstm, characters: characters, units: 3, embedding: 2))),
      output: .classes(3), lengths: [5, 3, 3, 1, 0], isMasked: true, direction: .bidirectional(.concatenate)),
    NetworkCase(
      testDescription: "words in lower case, not spelled, gru under rnn",
      input: .words(WordInput(vocabulary, embedding: 4, isLowerCased: true)),
      cells: [.gru, .rnn], output: .classes(4), lengths: [6, 2]),
    NetworkCase(
      testDescription: "words spelled by the largest of two layers that learn where they begin, lstm, dropped",
      input: .words(
        WordInput(
          vocabulary, embedding: 2, shapes: [.digit],
          spelling: Architecture(
            input: .tokens(characters),
            layers: [.init(.gru, units: 3, learnsInitialStates: true), .init(.lstm, units: 4, direction: .reverse)],
            readout: .max, output: .lastLayer))), output: .values(2), lengths: [4, 4, 2], dropout: 0.25,
      regularization: .init(embeddingDropout: 0.3)),
  ]

  private static let vocabulary = fixture { try Vocabulary(kind: .words, symbols: ["<unk>", "the", "Dog", "x-ray", "dog"]) }
  private static let characters =
    fixture { try Vocabulary(kind: .characters, symbols: Array("DNUeghlnortux.-4").map { String($0) } + ["\u{FFFD}"]) }

  /// Sentences of that many words, some of which no vocabulary has.
  func sentences(of lengths: [Int], using random: inout Random) -> [[String]] {
    let words = ["the", "Dog", "x-ray", "dog", "U.N.", "44", "naïve", "unheard"]
    return lengths.map { length in (0..<length).map { _ in random.element(of: words) } }
  }
}

struct WordTests {
  @Test(
    arguments: [
      ("dog", []), ("Dog", [.capitalised]), ("É", [.capitalised]), ("UN", [.capitalised, .allCapitals]),
      ("U.N.", [.capitalised, .allCapitals]), ("iPhone", [.innerCapital]), ("x-ray", [.hyphen]), ("B2", [.capitalised, .digit]),
      ("44", [.digit]), ("…", [.noLetters]), ("–", [.hyphen, .noLetters]), ("naïve", []),
    ] as [(String, [WordShape])])
  func wordsLookLikeSomething(word: String, shapes: [WordShape]) {
    #expect(WordShape.allCases.filter { $0.holds(for: word) } == shapes)
  }

  private func spellingNetwork() throws -> Network { try NetworkCase.words[0].network() }

  private func reader(_ network: Network) throws -> WordReader {
    guard let input = network.architecture.input.encoding as? WordInput else {
      throw RecurrentError(.network, "it reads no words")
    }
    return WordReader(input)
  }

  private func outputs(_ network: Network, _ sentences: [[String]], threads: Int = 1) throws -> [[Float]] {
    let (inputs, lengths) = try reader(network).inputs(sentences)
    let given = try NetworkRunner(network, machine: try Machine(threads: threads), trains: false).outputs(
      inputs, lengths: lengths)
    let width = network.architecture.outputWidth
    return (0..<lengths.batch).map { sequence in
      (0..<lengths.perSequence[sequence]).flatMap { step in
        let row = lengths.row(step: step, sequence: sequence)
        return given[row * width..<(row + 1) * width]
      }
    }
  }

  /// Each word is spelled once for a batch, among others of other lengths: what comes of it is what comes of it alone. Kernels add up rows
  /// one by one, whatever stands beside them.
  @Test func aBatchIsItsSentencesOneByOne() throws {
    let network = try spellingNetwork()
    let sentences = [["the", "unheard", "Dog", "44"], ["the", "the", "x-ray"], ["U.N."]]
    let together = try outputs(network, sentences)
    for (sentence, expected) in zip(sentences, together) { #expect(try outputs(network, [sentence]) == [expected]) }
  }

  @Test func spellingAndShapeTellUnknownWordsApart() throws {
    let network = try spellingNetwork()
    let given = try outputs(network, [["unheard", "unheart"], ["unheard", "unheard"]])
    #expect(given[0] != given[1])
    // Neither letter is known to this network, so that both are the replacement character.
    let unknown = try outputs(network, [["ab"], ["zb"]])
    #expect(unknown[0] == unknown[1])
  }

  @Test func wordsInLowerCaseAreOne() throws {
    let network = try NetworkCase.words[1].network()
    let given = try outputs(network, [["Dog"], ["dog"], ["DOG"], ["x-ray"]])
    #expect(given[0] == given[1] && given[0] == given[2] && given[0] != given[3])
  }

  /// A word that is as long as a text takes no more than a long word does.
  @Test func aVeryLongWordIsReadByItsEnds() throws {
    let reader = try reader(spellingNetwork())
    let long = String(repeating: "o", count: 100_000)
    let (inputs, _) = reader.inputs([["u" + long + "r"], ["u" + long + "u"]])
    let words = try #require(inputs.parts[1] as? WordForms)
    #expect(words.lengths.perSequence == [100, 100])
    #expect(words.characters.prefix(2) == words.characters.prefix(1) + words.characters.prefix(1))
    #expect(words.characters.suffix(2).first != words.characters.last)
  }

  @Test(arguments: [
    (
      WordInput(.bytes, embedding: 2),
      "words have a vocabulary of words, not of bytes"
    ),
    (
      WordInput(words, embedding: 0),
      "the vectors of words have 0 numbers; they need at least one"
    ),
    (
      WordInput(words, embedding: .max, shapes: [.digit]),
      "the vectors of words have 9223372036854775807 numbers; they can have at most 16777216"
    ),
    (
      WordInput(words, embedding: 2, spelling: WordInput.spelling(.lstm, characters: words, units: 2, embedding: 2)),
      "the network that spells words must read a vocabulary of characters"
    ),
    (
      WordInput(words, embedding: 2, spelling: WordInput.spelling(.lstm, characters: letters, units: 2, embedding: 2)),
      "the characters of words must have U+FFFD, which stands for those that are not known"
    ),
    (
      WordInput(
        words, embedding: 2,
        spelling: Architecture(
          input: .tokens(complete, embedding: 2), layers: [.init(.lstm, units: 2)], output: .lastLayer)),
      "the network that spells words must give what its last layer reads out of a whole word"
    ),
  ])
  func partsThatDoNotFitAreRefused(input: WordInput, message: String) {
    let error = #expect(throws: RecurrentError.self) {
      try Network(input: .words(input), layers: [.init(.lstm, units: 2)], output: .classes(2))
    }
    #expect(error?.description == message)
  }

  private static let words = fixture { try Vocabulary(kind: .words, symbols: ["<unk>", "a"]) }
  private static let letters = fixture { try Vocabulary(kind: .characters, symbols: ["a"]) }
  private static let complete = fixture { try Vocabulary(kind: .characters, symbols: ["a", "\u{FFFD}"]) }

  @Test func aStreamIsRefused() throws {
    let network = try NetworkCase.words[1].network()
    let error = #expect(throws: RecurrentError.self) { try network.stream() }
    #expect(
      error?.description
        == "the network can't be run step by step: the input reads words with their spelling; run it over "
        + "whole sequences")
  }
}
