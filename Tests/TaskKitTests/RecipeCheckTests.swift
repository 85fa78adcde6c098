import Foundation
import Recurrent
import Storage
import Support
import TaskKit
import Testing

/// What a recipe may hold is said once, by its settings, and holds wherever the recipe comes from.
struct RecipeCheckTests {
  // MARK: Numbers

  @Test(arguments: TaskRegistry.builtIn.tasks.map { $0.kind })
  func eachNumberIsHeldToItsRange(kind: String) throws {
    for task in TaskRegistry.builtIn.tasks where task.kind == kind { try hold(task) }
  }

  private func hold<Known: TrainableTask>(_ task: Known.Type) throws {
    var count = 0
    for field in Recipe<Known>.fields {
      switch field.numbers {
      case .whole(let range, let put):
        for number in [range.lowerBound, range.upperBound] { try take(field, "\(number)") { put(number, &$0) } }
        try refuse(field, "\(range.lowerBound - 1)") { put(range.lowerBound - 1, &$0) }
        if range.upperBound < .max { try refuse(field, "\(range.upperBound + 1)") { put(range.upperBound + 1, &$0) } }
      case .decimal(let bounds, let put):
        let (inside, outside) = Self.ends(of: bounds)
        for number in inside { try take(field, short(number)) { put(number, &$0) } }
        for number in outside + [.nan, .infinity, -.infinity] { try refuse(field, short(number)) { put(number, &$0) } }
      case nil: continue
      }
      count += 1
    }
    // Those that all tasks have: layers and units, nine of the training, and nine of the regularization.
    #expect(count >= 20)
  }

  /// The outermost numbers that are taken, and those next to them that are not.
  private static func ends(of bounds: Bounds) -> (inside: [Double], outside: [Double]) {
    switch bounds {
    case .positive: ([.leastNonzeroMagnitude, .greatestFiniteMagnitude], [0])
    case .notNegative: ([0, .greatestFiniteMagnitude], [-.leastNonzeroMagnitude])
    case .range(let first, let end): ([first, end.nextDown], [first.nextDown, end])
    case .upTo(let most): ([.leastNonzeroMagnitude, most], [0, most.nextUp])
    }
  }

  /// A number that a setting takes from a program, a file and a command line.
  private func take<Known: TrainableTask>(
    _ field: SettingField<Recipe<Known>>, _ text: String, put: (inout Recipe<Known>) -> Void
  ) throws {
    let recipe = try Recipe(Known(), configure: put)
    try withFile(json(recipe)) { path in
      let read = try RecipeFile(contentsOf: path).recipe(of: Known.self)
      #expect(read == recipe, "\(field.setting.name) \(text)")
    }
    var given = Recipe(Known())
    let isTaken = try field.set(text, &given)
    #expect(isTaken && given == recipe, "\(field.setting.name) \(text)")
  }

  /// One that it takes from none of these.
  private func refuse<Known: TrainableTask>(
    _ field: SettingField<Recipe<Known>>, _ text: String, put: (inout Recipe<Known>) -> Void
  ) throws {
    let sentence = "\(field.setting.inSwift) is \(text); expected \(field.expected)"
    let ofProgram = #expect(throws: RecurrentError.self) { try Recipe(Known(), configure: put) }
    #expect(ofProgram?.kind == .setting && ofProgram?.description == sentence)
    var recipe = Recipe(Known())
    put(&recipe)
    try withFile(json(recipe)) { path in
      let ofFile = #expect(throws: RecurrentError.self) { try RecipeFile(contentsOf: path).recipe(of: Known.self) }
      #expect(ofFile?.description == "can't read \(path): \(sentence)")
    }
    var given = Recipe(Known())
    let isTaken = try field.set(text, &given)
    #expect(!isTaken && given == Recipe(Known()), "\(field.setting.name) \(text)")
  }

  private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(filePath: path))
    try body(path)
  }

  // MARK: Other values

  private static let others: [(@Sendable (inout Recipe<ClassifyTask>) -> Void, String)] = [
    (
      { $0.network.zoneout = .all(1) },
      "zoneout is 1; expected a number of at least 0 and below 1, or such numbers by state, as in c=0.5,h=0.05"
    ),
    (
      { $0.network.zoneout = .states(["h": 0.1, "c": -0.5]) },
      "zoneout is c=-0.5,h=0.1; expected a number of at least 0 and below 1, or such numbers by state, as in c=0.5,h=0.05"
    ),
    ({ $0.network.sizes = ["P": 0] }, "size is P=0; expected sizes such as P=64 or P=64,Q=32"),
    ({ $0.task.readout = .everyStep }, "readout is \"every-step\"; expected last, mean or max"),
  ]

  @Test(arguments: others.indices)
  func otherValuesAreHeldToTheirsToo(place: Int) {
    let (change, sentence) = Self.others[place]
    let error = #expect(throws: RecurrentError.self) { try Recipe(ClassifyTask(), configure: change) }
    #expect(error?.description == sentence)
  }

  @Test func aNameThatAFileGivesIsOneOfThoseThatThereAre() throws {
    var recipe = Recipe(TextTask(path: "book.txt"))
    recipe.training.optimizer = .adam
    try withFile(json(recipe).replacing("\"adam\"", with: "\"adm\"")) { path in
      let error = #expect(throws: RecurrentError.self) { try RecipeFile(contentsOf: path).recipe(of: TextTask.self) }
      #expect(
        error?.description
          == "can't read \(path): the recipe is damaged: training.optimizer: it is \"adm\"; expected adam, adamw, rmsprop or sgd; did you mean adam?"
      )
    }
  }

  // MARK: Where programs give recipes

  /// None of them reads its file, which is not there, nor trains.
  private static let programs: [(@Sendable () throws -> Void, String)] = [
    (
      { _ = try LanguageModel.train(on: "a text", configure: { $0.network.units = -3 }) },
      "units is -3; expected a whole number from 1 to 65536"
    ),
    (
      { _ = try LanguageModel.train(contentsOf: "none.txt", configure: { $0.task.sequence = 0 }) },
      "sequence is 0; expected a whole number from 1 to 1000000"
    ),
    (
      { _ = try Classifier.train(on: ["a", "b"], labels: ["x", "y"], configure: { $0.training.momentum = 1 }) },
      "momentum is 1; expected a number of at least 0 and below 1"
    ),
    (
      { _ = try Classifier.train(contentsOf: "none.csv", configure: { $0.training.warmup = -1 }) },
      "warmup is -1; expected a whole number from 0 to 1000000000"
    ),
    (
      { _ = try Tagger.train(on: [], configure: { $0.task.characterUnits = 0 }) },
      "characterUnits is 0; expected a whole number from 1 to 65536"
    ),
    (
      { _ = try Tagger.train(contentsOf: "none.tsv", configure: { $0.training.learningRate = .nan }) },
      "learningRate is nan; expected a number above 0"
    ),
    (
      { _ = try Forecaster.train(on: DataTable(path: "none.csv"), horizon: 0) },
      "horizon is 0; expected a whole number from 1 to 100000"
    ),
    (
      { _ = try Comparison.run(problem { $0.training.seed = -1 }, cells: [.named("gru")], output: "none") },
      "seed is -1; expected a whole number of at least 0"
    ),
    (
      { _ = try Comparison.run(problem { _ in }, cells: [.named("gru", units: 0)], output: "none") },
      "units is 0; expected a whole number from 1 to 65536"
    ),
    (
      { _ = try Comparison.run(Recipe(ProblemTask()), cells: [.named("gru")], output: "none") },
      "a recipe for a problem names none: give it the name adding, copy, temporal-order, embedded-reber, agreement, associative-recall, parity or modular-sum"
    ),
    (
      { _ = try Comparison.run(Recipe(ProblemTask(name: "addin")), cells: [.named("gru")], output: "none") },
      "name is \"addin\"; expected adding, copy, temporal-order, embedded-reber, agreement, associative-recall, parity or modular-sum; did you mean adding?"
    ),
    (
      { _ = try Tuning.run(problem { $0.training.epochs = -2 }, minutes: 1, output: "none") },
      "epochs is -2; expected a number above 0"
    ),
    (
      { _ = try Tuning.run(problem { _ in }, searching: [.dropout(0...1)], minutes: 1, output: "none") },
      "dropout is 1; expected a number of at least 0 and below 1"
    ),
    (
      { _ = try Tuning.run(problem { _ in }, minutes: .infinity, output: "none") },
      "minutes is inf; expected a number above 0 and at most 1000000"
    ),
    (
      { _ = try LanguageModel.train(on: String(repeating: "ab ", count: 900), configure: { $0.network.isBidirectional = true }) },
      "bidirectional is not for a language model: a language model predicts the next token, which a layer that reads from the end has already seen"
    ),
  ]

  private static func problem(_ change: (inout Recipe<ProblemTask>) -> Void) -> Recipe<ProblemTask> {
    var recipe = Recipe(ProblemTask(name: "adding", length: 20))
    change(&recipe)
    return recipe
  }

  @Test(arguments: programs.indices)
  func aProgramIsRefusedByName(place: Int) {
    let (train, sentence) = Self.programs[place]
    let error = #expect(throws: RecurrentError.self) { try train() }
    #expect(error?.description == sentence)
    #expect(!FileManager.default.fileExists(atPath: "none"))
  }
}
