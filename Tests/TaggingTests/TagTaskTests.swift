import Engine
import Foundation
import Models
import Networks
import Storage
import Support
import Tables
import Tagging
import TaskKit
import Testing
import Training

struct TagTaskTests {
  /// Sentences in which endings show tags, as a program has them in memory.
  private static let sentences: [[(word: String, tag: String)]] = (0..<80).map { number in
    let noun = ["dog", "cat", "cow", "owl", "fox"][number % 5]
    let verb = ["see", "hear", "find"][number % 3]
    return [("the", "DET"), (noun + "o", "NOUN"), (verb + "i", "VERB")]
      + (number.isMultiple(of: 2) ? [] : [("a", "DET"), (noun + "so", "NOUN")])
  }

  private static func small(_ recipe: inout Recipe<TagTask>) {
    (recipe.network.units, recipe.training.batch, recipe.training.seed) = (8, 5, 3)
    (recipe.task.embedding, recipe.task.characterUnits, recipe.task.characterEmbedding) = (6, 6, 5)
    (recipe.training.learningRate, recipe.training.iterations) = (0.02, 120)
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test func tagsAreLearnedFromArrays() throws {
    var iterations: [Int] = []
    let tagger = try Tagger.train(on: Self.sentences, machine: Machine(threads: 1)) { report in
      iterations.append(report.iteration)
    } configure: {
      Self.small(&$0)
    }
    #expect(iterations == Array(1...120))
    // Words that were never seen.
    let tags = try tagger.tags(of: ["the", "birdo", "sayi"])
    #expect(tags.map(\.tag) == ["DET", "NOUN", "VERB"])
    // The most probable of three tags.
    #expect(tags.allSatisfy { $0.probability > 1 / 3 && $0.probability <= 1 })
    #expect(try tagger.tags(of: [["the", "birdo", "sayi"], [], ["a"]]).map(\.count) == [3, 0, 1])
    #expect(try tagger.tags(of: [String]()).isEmpty)
    try withFolder { folder in
      try tagger.save(to: folder + "/m.safetensors")
      #expect(try Tagger(contentsOf: folder + "/m.safetensors").tags(of: ["the", "birdo", "sayi"]) == tags)
    }
  }

  /// The same sentences in a file and in memory give the same weights; a run that was cancelled goes on to them, too.
  @Test func aFileAndArraysAreLearnedAlike() throws {
    func few(_ recipe: inout Recipe<TagTask>) {
      Self.small(&recipe)
      (recipe.training.iterations, recipe.training.validateEvery) = (30, 10)
    }
    let lines = Self.sentences.map { $0.map { "\($0.word)\t\($0.tag)\n" }.joined() }.joined(separator: "\n")
    try withFolder { folder in
      let path = folder + "/words.tsv"
      try Data(lines.utf8).write(to: URL(filePath: path))
      let fromFile = try Tagger.train(contentsOf: path, machine: Machine(threads: 1), configure: few)
      let fromMemory = try Tagger.train(on: Self.sentences, machine: Machine(threads: 1), configure: few)
      #expect(fromFile.network.parameters == fromMemory.network.parameters)
      var done = 0
      #expect(throws: CancellationError.self) {
        _ = try Tagger.train(
          contentsOf: path, folder: folder + "/run", machine: Machine(threads: 1), progress: { done = $0.iteration },
          configure: few,
          isCancelled: { done == 20 })
      }
      #expect(try Tagger.train(resuming: folder + "/run").network.parameters == fromFile.network.parameters)
      // A checkpoint of other tags is of another run.
      try Data(lines.replacing("VERB", with: "V").utf8).write(to: URL(filePath: path))
      let error = #expect(throws: RecurrentError.self) { try Tagger.train(resuming: folder + "/run") }
      #expect(error?.description.contains("words.tsv has changed since the run in ") == true)
    }
  }

  @Test func settingsMakeARecipeThatIsKeptAsJSON() throws {
    var recipe = Recipe(TagTask(path: "t.tsv"))
    let settings = [
      ("vocabulary", "9"), ("lower-case", ""), ("shape", ""), ("no-characters", ""), ("validation-file", "o.tsv"),
      ("forward", ""),
    ]
    for (name, text) in settings {
      let field = try #require(Recipe<TagTask>.fields.first { $0.setting.name == name })
      #expect(try !field.isSet(recipe) && field.set(text, &recipe) && field.isSet(recipe))
    }
    #expect(recipe.task.vocabulary == 9 && recipe.task.isLowerCased == true && recipe.task.hasShapes == true)
    #expect(recipe.task.readsCharacters == false && recipe.network.isBidirectional == false)
    #expect(try decodeJSON(json(recipe).utf8, as: Recipe<TagTask>.self) == recipe)
  }

  /// A folder of version 0.1.0.
  @Test func aRunOfTheFirstGenerationIsARecipe() throws {
    let old = #"{"tag":{"_0":{"batch":6,"digest":"1d","held_out":"/b.tsv","path":"/a.tsv","seed":20,"validation":0.1}}}"#
    let task = try decodeJSON(old.utf8, as: FirstGenerationTask.self)
    let recipe = try #require(try TagTask.recipe(firstGeneration: task))
    #expect(recipe.task.path == "/a.tsv" && recipe.task.validationPath == "/b.tsv" && recipe.task.validation == 0.1)
    #expect(recipe.training.batch == 6 && recipe.training.seed == 20 && task.digest == "1d")
  }

  private static let mistakes: [(@Sendable () throws -> Void, String)] = [
    ({ _ = try Tagger.train(on: []) }, "there are no words to learn the tags of; give at least one sentence"),
    (
      { _ = try Tagger.train(on: [[("a", "X")], [("b", "")]]) },
      "sentence 2: its word 1 or the tag of it is empty; give each word a text and a tag"
    ),
    (
      { _ = try Tagger.train(on: [[("a", "X"), ("b", "Y")]]) },
      "the data has a single sentence, of which none is left to train on: give more, or hold out nothing with validation 0"
    ),
    (
      {
        _ = try Tagger.train(
          on: [[("a", "X"), ("b", "Y")]],
          configure: {
            ($0.task.readsCharacters, $0.task.characterUnits) = (false, 3)
          })
      }, "characterUnits can't be given with noCharacters, which leaves nothing of that size: leave one out"
    ),
    (
      { _ = try Tagger.train(contentsOf: "no.tsv", configure: { ($0.training.epochs, $0.training.iterations) = (2, 3) }) },
      "give either epochs or iterations, not both"
    ),
  ]

  @Test(arguments: mistakes.indices)
  func whatIsWrongIsNamed(place: Int) {
    let (train, message) = Self.mistakes[place]
    let error = #expect(throws: RecurrentError.self) { try train() }
    #expect(error?.description == message)
  }
}
