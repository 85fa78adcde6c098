import CommandKit
import Engine
import Networks
import Problems
import Sequences
import Support
import TaskKit
import Training

extension TrainingCommand {
  /// `recurrent train problem`
  static let problem = TrainingCommand("problem", "Trains on a classic problem that makes its own sequences.", sample: "adding") {
    declare in
    let name = declare.optionalArgument("NAME", "the problem: \(list(BuiltInProblem.allCases.map(\.rawValue)))")
    let length = declare.integer("--length", in: 2...1_000_000, "how far the problem reaches: steps, delay or distance")
    let interval = declare.integer(
      "--validate-every", in: 1...1_000_000_000, default: 250, "iterations from one validation to the next")
    let directionKeys = DirectionKeys(&declare)
    let keys = TrainingOptionKeys(&declare, .init(units: 64, batch: 32, learningRate: 0.001, clip: 1, iterations: "3000"))
    declare.example("train problem adding --cell gru", "learns to add two numbers a hundred steps apart")
    declare.example("train problem embedded-reber --units 16 --learning-rate 0.01", "learns a grammar")
    declare.example("train problem temporal-order --bidirectional", "reads each sequence from both ends")
    let reading: Reading = { invocation in
      guard let name = invocation[name] else {
        throw RecurrentError(.usage, "give the NAME of a problem, or --resume FOLDER to go on with a run")
      }
      let task = TrainingTask.Problem(
        name: name, length: invocation[length], batch: invocation[keys.batch], seed: UInt64(invocation[keys.seed]))
      let builtIn = try builtInProblem(task)
      if try directionKeys.direction(invocation) != .forward, builtIn.asksForTheNextInput {
        throw RecurrentError(.usage, 
          "--bidirectional makes no sense for \(builtIn.name): it asks for what the next step reads, which a layer that reads from "
            + "the end has already seen")
      }
      invocation.terminal.say("\(builtIn.name): \(builtIn.summary)")
      return { invocation in
        var task = task
        task.seed = UInt64(invocation[keys.seed])
        return TrainingPlan(
          task: .problem(task), source: .problem(ProblemData(builtIn, task)), name: name,
          options: try keys.options(
            invocation, iterations: invocation[keys.iterations] ?? 3000, validationInterval: invocation[interval])
        ) { invocation in
          Architecture(
            input: .init(builtIn), layers: try keys.layers(invocation, direction: directionKeys.direction(invocation)),
            output: .init(builtIn))
        }
      }
    }
    return (keys, reading)
  }
}

/// The problem of a task.
func builtInProblem(_ task: TrainingTask.Problem) throws -> any Problem {
  guard let builtIn = BuiltInProblem(rawValue: task.name) else {
    let names = BuiltInProblem.allCases.map(\.rawValue)
    throw RecurrentError(.usage, "there is no problem \(task.name)\(suggestion(task.name, names)); the problems are \(list(names))")
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
