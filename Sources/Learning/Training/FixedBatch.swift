import Engine
public import Sequences

/// The same batch again and again: data small enough to be trained on all at once.
public struct FixedBatch: BatchSource {
  private let batch: Batch
  public var iterationsPerEpoch: Int? { 1 }
  public let stepsPerBatch: Int

  public init(_ batch: Batch) {
    self.batch = batch
    stepsPerBatch = batch.lengths.rows
  }

  public func batch(at iteration: Int) -> Batch { batch }
  public func continues(at iteration: Int) -> Bool { false }
}
