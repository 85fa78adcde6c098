package import Engine
import Models
package import Networks
import Sequences
import Support
import TaskKit
package import Training

/// A problem's batches for training, and sequences that training never sees.
package struct ProblemData: TaskData {
  private let problem: any Problem
  package let training: ProblemSource
  package let validation: ProblemSource?
  package var digest: String? { nil }
  package var files: [String] { [] }
  package var subject: String { problem.name }
  package var unit: String { "sequences" }

  package init(_ problem: any Problem, batch: Int, seed: UInt64) {
    self.problem = problem
    training = ProblemSource(problem, sequences: batch, seed: seed)
    validation = ProblemSource(problem, sequences: 250, seed: seed, isHeldOut: true, batches: 4)
  }

  package func batches(of file: String) throws -> any BatchSource {
    throw RecurrentError(
      .usage,
      naming: "there is no \(Setting("test-file")) of a problem, which makes fresh sequences to validate on: leave it out")
  }

  package func fractionRight(_ network: Network, from path: String, machine: Machine) throws -> Double? {
    try fractionRight(network, machine)
  }

  /// The fraction of the held-out sequences that a network answers right from the beginning to the end.
  private func fractionRight(_ network: Network, _ machine: Machine) throws -> Double {
    let runner = NetworkRunner(network, machine: machine, trains: false)
    guard let validation else { return 0 }
    let answers = try (0..<(validation.iterationsPerEpoch ?? 0)).flatMap { index in
      let batch = validation.batch(at: index)
      return problem.areRight(try runner.outputs(batch.inputs, lengths: batch.lengths), for: batch)
    }
    return Double(answers.count { $0 }) / Double(max(1, answers.count))
  }

  package func conclusion(
    _ path: String, folder: String, machine: Machine
  ) throws -> (results: [String], advice: [String]) {
    let right = try fractionRight(try Network(contentsOf: path), machine)
    return (["right: \((right * 100).fixed(1)) % of fresh sequences (\(problem.goal.text))"], [])
  }
}

extension ProblemGoal {
  /// When the problem counts as solved, in words.
  fileprivate var text: String {
    switch self {
    case .loss(let bound): "solved when the validation is below \(bound)"
    case .sequencesRight(let fraction): "solved at \((fraction * 100).fixed(1)) %"
    }
  }
}
