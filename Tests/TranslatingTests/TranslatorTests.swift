import CellLanguage
import Engine
import Foundation
import Models
import Networks
import Sequences
import Support
import Tables
import TaskKit
import Testing
import Training
import Translating

/// Words of one to three letters, and the same words from their end with capital letters, which a network that reads can learn.
func mirrored(_ count: Int) -> [(source: String, target: String)] {
  var random = Random(.demonstration, seed: 11)
  return (0..<count).map { number in
    let letters = (0...number % 3).map { _ in ["a", "b", "c", "d"][random.integer(in: 0..<4)] }
    return (letters.joined(), letters.reversed().joined().uppercased())
  }
}

struct TranslatorTests {
  private static func small(_ recipe: inout Recipe<TranslateTask>) {
    (recipe.network.units, recipe.training.batch, recipe.training.seed) = (32, 16, 3)
    (recipe.training.learningRate, recipe.training.iterations, recipe.training.regularization.dropout) = (0.01, 2000, 0)
    recipe.training.patience = 0
  }

  private func few(_ recipe: inout Recipe<TranslateTask>) {
    Self.small(&recipe)
    (recipe.network.units, recipe.training.iterations, recipe.training.validateEvery) = (8, 12, 4)
  }

  private func lines(_ pairs: [(source: String, target: String)]) -> String {
    pairs.map { "\($0.source)\t\($0.target)\n" }.joined()
  }

  @Test func textsAreLearnedFromPairs() throws {
    let pairs = mirrored(300)
    let machine = try Machine(threads: 1)
    let translator = try Translator.train(
      on: pairs, machine: machine,
      configure: { recipe in
        Self.small(&recipe)
        // There are 84 such words in all, of which none is left out.
        recipe.task.validation = 0
      })
    let sources = pairs.prefix(80).map(\.source)
    let found = try translator.translate(sources, machine: machine)
    #expect(zip(found, pairs).count { $0 == $1.target } >= 76)
    #expect(try translator.translate(sources[3], machine: machine) == found[3])
    #expect(try translator.translate([], machine: machine) == [])

    // More beginnings find nothing that scores less than what the most probable symbols give, and no text twice.
    let runner = try TranslatorRunner(translator, beam: 1, machine: machine)
    for source in sources.prefix(12) {
      let greedy = try runner.translations(of: [source])[0][0]
      let best = try translator.translations(of: source, best: 4, machine: machine)
      #expect(best.count <= 4 && Set(best.map(\.text)).count == best.count)
      #expect(best[0].score >= greedy.score - 1e-5)
      #expect(zip(best, best.dropFirst()).allSatisfy { $0.score >= $1.score })
      #expect(best.allSatisfy { $0.logarithm <= 0 && $0.isFinished })
      // The space before the text and the boundary at its end are symbols, too.
      let length = Double(best[0].text.unicodeScalars.count + 2)
      #expect(abs(best[0].score - best[0].logarithm * 6 / (5 + length)) < 1e-6)
    }

    let read = try Translator(bytes: translator.bytes())
    #expect(try read.translate(sources, machine: machine) == found)
    // Nothing is too odd to be read: no text, characters that no pair has, and more of them than any pair.
    for text in ["", "日本\u{2581} \t", String(repeating: "abcd", count: 40)] {
      _ = try translator.translate(text, machine: machine)
    }
  }

  /// The same pairs in a file and in memory give the same weights; a run that was cancelled goes on to them, too, and a model is the
  /// start of another training.
  @Test func filesAndPairsInMemoryAreLearnedAlike() throws {
    let pairs = mirrored(60)
    let machine = try Machine(threads: 1)
    try withFolder { folder in
      let path = folder + "/pairs.tsv"
      try Data(lines(pairs).utf8).write(to: URL(filePath: path))
      try Data((pairs.map(\.source).joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: folder + "/one"))
      try Data((pairs.map(\.target).joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: folder + "/other"))
      let fromFile = try Translator.train(contentsOf: path, machine: machine, configure: few)
      let fromMemory = try Translator.train(on: pairs, machine: machine, configure: few)
      #expect(fromFile.network.parameters == fromMemory.network.parameters)
      let fromTwo = try Translator.train(
        contentsOf: folder + "/one", machine: machine,
        configure: { recipe in
          few(&recipe)
          recipe.task.targetPath = folder + "/other"
        })
      #expect(fromTwo.network.parameters == fromFile.network.parameters)
      var done = 0
      #expect(throws: CancellationError.self) {
        _ = try Translator.train(
          contentsOf: path, folder: folder + "/run", machine: machine, progress: { done = $0.iteration }, configure: few,
          isCancelled: { done == 6 })
      }
      #expect(try Translator.train(resuming: folder + "/run").network.parameters == fromFile.network.parameters)

      let further = try Translator.train(
        on: mirrored(30), from: fromFile, machine: machine,
        configure: { recipe in
          (recipe.training.iterations, recipe.training.learningRate) = (1, 1e-12)
        })
      #expect(further.network.architecture == fromFile.network.architecture)
      #expect(zip(further.network.parameters, fromFile.network.parameters).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test(arguments: [1, 2, 3]) func anyNumberOfThreadsGivesTheSameWeights(threads: Int) throws {
    let one = try Translator.train(on: mirrored(40), machine: Machine(threads: 1), configure: few)
    let several = try Translator.train(on: mirrored(40), machine: Machine(threads: threads), configure: few)
    #expect(one.network.parameters == several.network.parameters)
  }

  @Test func settingsMakeTheNetwork() throws {
    let translator = try Translator.train(
      on: mirrored(30), machine: Machine(threads: 1),
      configure: { recipe in
        (recipe.network.units, recipe.network.layers, recipe.training.iterations) = (6, 2, 1)
        (recipe.task.encoderLayers, recipe.task.encoderUnits, recipe.task.readsForward) = (3, 5, true)
        (recipe.task.isJoint, recipe.task.embedding) = (true, 4)
      })
    let architecture = translator.network.architecture
    #expect(architecture.layers.map(\.units) == [6, 6])
    let encoder = try #require(architecture.context?.encoder)
    #expect(encoder.layers.map(\.units) == [5, 5, 5] && encoder.layers.allSatisfy { $0.direction == .forward })
    #expect(encoder.vocabulary == architecture.vocabulary)
    #expect(encoder.vectorLength == 4 && architecture.vectorLength == 4)
  }

  /// The cell of the layers that read is that of those that write, unless it is said.
  @Test func theEncoderHasACellOfItsOwn() throws {
    func cells(_ cell: String, encoder: String? = nil) throws -> [String] {
      let translator = try Translator.train(
        on: mirrored(30), machine: Machine(threads: 1),
        configure: { recipe in
          (recipe.network.units, recipe.network.layers, recipe.training.iterations) = (5, 2, 1)
          recipe.network.cell = try .named(cell)
          recipe.task.encoderCell = try encoder.map { try .named($0) }
        })
      let architecture = translator.network.architecture
      return (architecture.layers + (architecture.context?.encoder?.layers ?? [])).map(\.cell.name)
    }
    #expect(try cells("rnn") == ["rnn", "rnn", "rnn", "rnn"])
    #expect(try cells("rnn", encoder: "lstm") == ["rnn", "rnn", "lstm", "lstm"])
  }

  /// The longer a translation may be for its probability, the longer the best one is.
  @Test func lengthsAreFavoured() throws {
    let machine = try Machine(threads: 1)
    let translator = try Translator.train(on: mirrored(60), machine: machine, configure: few)
    let lengths = try [0, 1, 4].map { penalty in
      try ["abc", "ab", "d"].reduce(0) { sum, text in
        let found = try translator.translations(of: text, best: 1, beam: 8, lengthPenalty: penalty, machine: machine)
        return sum + found[0].text.count
      }
    }
    #expect(lengths == lengths.sorted() && lengths[0] < lengths[2], "\(lengths)")
  }

  /// chrF of the held-out pairs, and not the loss, says which weights are kept.
  @Test func chrFSaysWhichWeightsAreKept() throws {
    let machine = try Machine(threads: 1)
    var best: (score: Double, isKept: Bool) = (-1, true)
    let translator = try Translator.train(
      on: mirrored(60), machine: machine,
      progress: { step in
        guard let score = step.score else { return }
        best.isKept = best.isKept && step.isBest == (score > best.score)
        best.score = max(best.score, score)
      }, configure: few)
    #expect(best.score >= 0 && best.isKept)
    let data = try TranslationData(
      TextPairs(mirrored(60)), heldOut: nil, DataSplit(validation: 0.05, batch: 16, seed: 3)
    ) { _ throws(RecurrentError) in try translator.network.vocabularies(called: "") }
    #expect(try data.judge?.score(translator.network, machine) == best.score)
  }

  @Test func whatIsWrongIsNamed() throws {
    let pairs = mirrored(12)
    func train(_ change: (inout Recipe<TranslateTask>) -> Void) -> String? {
      message { _ = try Translator.train(contentsOf: "none.tsv", configure: { change(&$0) }) }
    }
    #expect(
      train { ($0.task.validationPath, $0.task.validation) = ("b.tsv", 0.5) }
        == "give either validation or validationFile, not both")
    #expect(
      train { $0.task.validationTargetPath = "b" }
        == "validationTargetFile says what the lines of validationFile become: give that, too")
    #expect(
      train { ($0.task.targetPath, $0.task.validationPath) = ("b", "c") }
        == "validationFile has the form of the other files, whose targets are in one of their own: give validationTargetFile, too"
    )
    #expect(
      train { ($0.task.isJoint, $0.task.sourceTokens, $0.task.targetTokens) = (true, .words, .pieces) }
        == "joint lets both sides have the same symbols, and sourceTokens is words, targetTokens pieces: give one of them")
    #expect(train { $0.task.vocabulary = 10 } == "vocabulary is 10; expected a whole number from 300 to 65536")
    #expect(train { _ in } == "none.tsv can't be opened: No such file or directory")
    #expect(
      message { _ = try Translator.train(on: [pairs[0], pairs[0]]) }
        == "the data has a single source, of which none is left to train on: give more, or hold out nothing with validation 0")
    #expect(
      message { _ = try Translator.train(on: pairs, configure: { $0.task.targetPath = "b" }) }
        == "the pairs are given in memory, and the recipe names a file: leave one out")
    #expect(
      message { _ = try Translator.train(on: pairs, configure: { $0.network.isBidirectional = true }) }
        == "bidirectional is not for a model that translates: what a decoder writes has no end yet from which it could be read, and its encoder reads both ways as it is"
    )
    let other = try Network(
      Architecture(
        input: .tokens(Vocabulary(piecesOf: [], .characters), embedding: 3), layers: [.init(.lstm, units: 3)],
        output: .categorical), seed: 1)
    #expect(
      message { _ = try Translator(other, path: "m") }
        == "can't read m: it is a model, but it does not translate: `recurrent train translate` makes models that do")
  }

  @Test func settingsMakeARecipeThatIsKeptAsJSON() throws {
    var recipe = Recipe(TranslateTask(path: "t.tsv"))
    let settings = [
      ("target-file", "a"), ("validation-file", "b"), ("validation-target-file", "c"), ("source-tokens", "words"),
      ("target-tokens", "pieces"), ("vocabulary", "500"), ("joint", ""), ("embedding", "7"), ("tie-embedding", ""),
      ("encoder-cell", "lstm"), ("encoder-layers", "2"), ("encoder-units", "9"), ("forward-encoder", ""), ("validation", "0.25"),
    ]
    for (name, text) in settings {
      let field = try #require(Recipe<TranslateTask>.fields.first { $0.setting.name == name }, "\(name)")
      #expect(try !field.isSet(recipe) && field.set(text, &recipe) && field.isSet(recipe), "\(name)")
    }
    #expect(try JSONDecoder().decode(Recipe<TranslateTask>.self, from: JSONEncoder().encode(recipe)) == recipe)
    #expect(recipe.task.sourceTokens == .words && recipe.task.readsForward == true && recipe.task.encoderUnits == 9)
  }
}
