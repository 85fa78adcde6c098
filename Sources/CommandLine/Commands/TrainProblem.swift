import Engine
import Networks
import Sequences
import Training

extension Command {
  /// `recurrent train problem`
  static let trainProblem = Command("problem", "Trains on a classic problem that makes its own sequences.") { declare in
    let name = declare.optionalArgument("NAME", "the problem: \(list(BuiltInProblem.allCases.map(\.rawValue)))")
    let length = declare.integer("--length", in: 2...1_000_000, "how far the problem reaches: steps, delay or distance")
    let interval = declare.integer(
      "--validate-every", in: 1...1_000_000_000, default: 250, "iterations from one validation to the next")
    let directionKeys = DirectionKeys(&declare)
    let keys = TrainingOptionKeys(&declare, .init(units: 64, batch: 32, learningRate: 0.001, clip: 1))
    declare.example("train problem adding --cell gru", "learns to add two numbers a hundred steps apart")
    declare.example("train problem embedded-reber --units 16 --learning-rate 0.01", "learns a grammar")
    declare.example("train problem temporal-order --bidirectional", "reads each sequence from both ends")
    return { invocation in
      if let session = try TrainingSession(resumedBy: invocation, keys) { return try session.run() }
      let machine = try Machine(threads: invocation[keys.threads])
      guard let name = invocation[name] else {
        throw UsageError("give the NAME of a problem, or --resume FOLDER to go on with a run")
      }
      let seed = UInt64(invocation[keys.seed])
      let task = TrainingTask.Problem(name: name, length: invocation[length], batch: invocation[keys.batch], seed: seed)
      let problem = try problem(task)
      let direction = try directionKeys.direction(invocation)
      if direction != .forward, problem.asksForTheNextInput {
        throw UsageError(
          "--bidirectional makes no sense for \(problem.name): it asks for what the next step reads, which a layer that reads from "
            + "the end has already seen")
      }
      if let output = invocation[keys.output] { try RunFolder.requireUnused(output) }
      let network = try Network(
        input: .init(problem), layers: keys.layers(invocation, direction: direction), output: .init(problem), seed: seed)
      let options = try keys.options(
        invocation, iterations: invocation[keys.iterations] ?? 3000, validationInterval: invocation[interval])
      invocation.terminal.say("\(problem.name): \(problem.summary)")
      try TrainingSession(
        Trainer(network, options: options, machine: machine), task: .problem(task), data: .problem(ProblemData(problem, task)),
        name: name, invocation, keys
      ).run()
    }
  }
}

/// The problem of a task.
func problem(_ task: TrainingTask.Problem) throws -> any Problem {
  guard let builtIn = BuiltInProblem(rawValue: task.name) else {
    let names = BuiltInProblem.allCases.map(\.rawValue)
    throw UsageError("there is no problem \(task.name)\(suggestion(task.name, names)); the problems are \(list(names))")
  }
  return try builtIn.problem(length: task.length)
}

extension Architecture.Input {
  /// What a problem's steps are read as.
  init(_ problem: any Problem) {
    switch problem.input {
    case .tokens(let vocabulary): self = .tokens(vocabulary)
    case .features(let count): self = .features(count)
    }
  }
}

extension Architecture.Output {
  /// What a problem asks for.
  init(_ problem: any Problem) {
    switch problem.output {
    case .classes(let classes): self = .classes(classes.count)
    case .values(let count): self = .values(count)
    }
  }
}
