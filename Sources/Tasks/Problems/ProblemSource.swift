package import Sequences
import Support
import Training

/// Fresh batches of a problem, each drawn from a stream of random numbers of its own.
package struct ProblemSource: BatchSource {
  package let problem: any Problem
  /// The number of sequences in a batch.
  package let sequences: Int
  package let seed: UInt64
  /// Whether the sequences are different from those that a training with the same seed sees.
  package let isHeldOut: Bool
  package let iterationsPerEpoch: Int?

  /// - Parameters:
  ///   - isHeldOut: whether the sequences are different from those that a training with the same seed sees.
  ///   - batches: the number of batches; nil for an endless source.
  package init(_ problem: any Problem, sequences: Int, seed: UInt64, isHeldOut: Bool = false, batches: Int? = nil) {
    self.problem = problem
    self.sequences = sequences
    self.seed = seed
    self.isHeldOut = isHeldOut
    iterationsPerEpoch = batches
  }

  package func batch(at iteration: Int) -> Batch {
    var random = Random(isHeldOut ? .heldOutProblemBatch : .problemBatch, iteration, seed: seed)
    return problem.batch(of: sequences, using: &random)
  }

  /// Each batch has sequences of its own.
  package func continues(at iteration: Int) -> Bool { false }
  package var stepsPerBatch: Int { sequences }
}
