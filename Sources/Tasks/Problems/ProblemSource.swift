public import Sequences
import Support
public import Training

/// Fresh batches of a problem, each drawn from a stream of random numbers of its own.
public struct ProblemSource: BatchSource {
  public let problem: any Problem
  /// Sequences of a batch.
  public let sequences: Int
  public let seed: UInt64
  public let iterationsPerEpoch: Int?

  /// - Parameter batches: how many there are; nil for no end.
  public init(_ problem: any Problem, sequences: Int, seed: UInt64, batches: Int? = nil) {
    self.problem = problem
    self.sequences = sequences
    self.seed = seed
    iterationsPerEpoch = batches
  }

  public func batch(at iteration: Int) -> Batch {
    var random = Random(seed: seed, stream: UInt64(iteration))
    return problem.batch(of: sequences, using: &random)
  }

  /// Each batch has sequences of its own.
  public func continues(at iteration: Int) -> Bool { false }
  public var stepsPerBatch: Int { sequences }
}
