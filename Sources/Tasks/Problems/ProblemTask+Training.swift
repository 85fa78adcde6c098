package import Networks
import Support
package import TaskKit

extension ProblemTask: TrainableTask {
  package init() { self.init(name: nil) }

  package static let hasFixedBatches = true

  package static let presentation = TaskPresentation(
    summary: "Trains on a classic problem that makes its own sequences.", sample: "adding", noun: "problem",
    model: "a model of a problem",
    examples: [
      ("adding \(Setting("cell")) gru", "learns to add two numbers a hundred steps apart"),
      ("embedded-reber \(Setting("units")) 16 \(Setting("learning-rate")) 0.01", "learns a grammar"),
      ("temporal-order \(Setting("bidirectional"))", "reads each sequence from both ends"),
    ])

  package static let defaults: TaskDefaults = {
    var defaults = TaskDefaults()
    (defaults.units, defaults.batch, defaults.learningRate, defaults.clip) = (64, 32, 0.001, 1)
    (defaults.iterations, defaults.validateEvery) = ("3000", "250")
    return defaults
  }()

  package static let argument = SettingField<ProblemTask>.argument(
    "name", "NAME", \.name, of: names, "the problem: \(list(names))")
  private static let names = BuiltInProblem.allCases.map(\.rawValue)

  package static let fields: [SettingField<Recipe<ProblemTask>>] = [
    .integer("length", \.task.length, in: 2...1_000_000, "how far the problem reaches: steps, delay, distance or pairs")
  ]

  /// The problem that the task names.
  private func problem() throws -> any Problem {
    guard let name else {
      throw RecurrentError(.usage, "a recipe for a problem names none: give it the name \(list(Self.names))")
    }
    guard let builtIn = BuiltInProblem(rawValue: name) else { throw Self.argument.refusal(of: name, .usage) }
    return try builtIn.problem(length: length)
  }

  package static func read(_ recipe: Recipe<ProblemTask>, _ notes: inout [Note]) throws -> any Problem {
    let problem = try recipe.task.problem()
    if try recipe.direction() != .forward, problem.asksForTheNextInput {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("bidirectional")) makes no sense for \(problem.name): it asks for what the next step reads, which a layer that reads from the end has already seen"
      )
    }
    notes.append(.finding("\(problem.name): \(problem.summary)"))
    return problem
  }

  package static func plan(
    _ recipe: Recipe<ProblemTask>, on problem: any Problem, _ notes: inout [Note]
  ) throws -> TrainingPlan<ProblemTask> {
    try TrainingPlan(
      recipe, data: ProblemData(problem, batch: recipe.batch, seed: recipe.seed), name: problem.name,
      options: recipe.options(iterations: recipe.iterations(perEpoch: 1, otherwise: 3000), validationInterval: 250)
    ) { recipe in
      Architecture(input: .init(problem), layers: try recipe.layers(), output: .init(problem))
    }
  }

  package static func data(
    resuming recipe: Recipe<ProblemTask>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData {
    let problem = try recipe.task.problem()
    guard network.architecture.input == .init(problem), network.architecture.output == .init(problem) else {
      throw RecurrentError(.network, "\(path) is no network for \(problem.name)")
    }
    return ProblemData(problem, batch: recipe.batch, seed: recipe.seed)
  }

  /// A model says nothing of the problem that it was trained on but what it reads and gives.
  package static func settings(
    of model: StartModel, in recipe: Recipe<ProblemTask>
  ) throws -> ModelSettings<ProblemTask> {
    let (problem, architecture) = (try recipe.task.problem(), model.network.architecture)
    let gives = architecture.output == .init(problem) || architecture.output == .lastLayer
    guard model.network.meaning == nil, architecture.input == .init(problem), gives, architecture.readout == .everyStep else {
      throw RecurrentError(
        .unsuitable, "\(model.title) can't be the start of a training on \(problem.name): it reads or gives something else")
    }
    return ModelSettings(ProblemTask())
  }

  package static func recipe(firstGeneration task: FirstGenerationTask) throws -> Recipe<ProblemTask>? {
    guard task.kind == "problem" else { return nil }
    let old = try task.decode(as: FirstGeneration.self)
    var recipe = Recipe(ProblemTask(name: old.name, length: old.length))
    (recipe.training.batch, recipe.training.seed) = (old.batch, Int(clamping: old.seed))
    return recipe
  }

  private struct FirstGeneration: Decodable {
    let name: String
    let length: Int?
    let batch: Int
    let seed: UInt64
  }

  /// No model says that it was trained on a problem.
  package static func owns(_ network: Network) -> Bool { false }
}

extension Architecture.Input {
  /// What a problem's steps are read as.
  fileprivate init(_ problem: any Problem) {
    switch problem.input {
    case .tokens(let vocabulary): self = .tokens(vocabulary)
    case .features(let count): self = .features(count)
    }
  }
}

extension Architecture.Output {
  /// What a problem asks for.
  fileprivate init(_ problem: any Problem) {
    switch problem.output {
    case .classes(let classes): self = .classes(classes.count)
    case .values(let count): self = .values(count)
    }
  }
}
