import Engine
import Networks
import Problems
import Sequences
import Support
import TaskKit

/// A problem's batches for training, and sequences that training never sees.
struct ProblemData {
  let problem: any Problem
  let training: ProblemSource
  let validation: ProblemSource

  init(_ problem: any Problem, _ task: TrainingTask.Problem) {
    self.problem = problem
    training = ProblemSource(problem, sequences: task.batch, seed: task.seed)
    validation = ProblemSource(problem, sequences: 250, seed: task.seed, isHeldOut: true, batches: 4)
  }

  /// The share of the held-out sequences that a network answers right from the beginning to the end.
  func shareRight(_ network: Network, _ machine: Machine) -> Double {
    let runner = NetworkRunner(network, machine: machine, trains: false)
    let answers = (0..<(validation.iterationsPerEpoch ?? 0)).flatMap { index in
      let batch = validation.batch(at: index)
      return problem.areRight(runner.outputs(batch.inputs, lengths: batch.lengths), for: batch)
    }
    return Double(answers.count { $0 }) / Double(max(1, answers.count))
  }
}

extension ProblemGoal {
  /// When the problem counts as solved, in words.
  var text: String {
    switch self {
    case .loss(let bound): "solved when the validation is below \(bound)"
    case .sequencesRight(let share): "solved at \((share * 100).fixed(1)) %"
    }
  }
}
