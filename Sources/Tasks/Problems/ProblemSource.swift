public import Sequences
import Support
public import Training

/// Fresh batches of a problem, each drawn from a stream of random numbers of its own.
public struct ProblemSource: BatchSource {
  public let problem: any Problem
  /// Sequences of a batch.
  public let sequences: Int
  public let seed: UInt64
  /// Whether its sequences are none of those that a training with the same seed sees.
  public let isHeldOut: Bool
  public let iterationsPerEpoch: Int?

  /// - Parameters:
  ///   - isHeldOut: whether its sequences are none of those that a training with the same seed sees.
  ///   - batches: how many there are; nil for no end.
  public init(_ problem: any Problem, sequences: Int, seed: UInt64, isHeldOut: Bool = false, batches: Int? = nil) {
    self.problem = problem
    self.sequences = sequences
    self.seed = seed
    self.isHeldOut = isHeldOut
    iterationsPerEpoch = batches
  }

  public func batch(at iteration: Int) -> Batch {
    var random = Random(isHeldOut ? .heldOutProblemBatch : .problemBatch, iteration, seed: seed)
    return problem.batch(of: sequences, using: &random)
  }

  /// Each batch has sequences of its own.
  public func continues(at iteration: Int) -> Bool { false }
  public var stepsPerBatch: Int { sequences }
}
