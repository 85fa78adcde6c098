import Engine
package import Sequences

/// The same batch again and again: data small enough to be trained on all at once.
package struct FixedBatch: BatchSource {
  private let batch: Batch
  package var iterationsPerEpoch: Int? { 1 }
  package let stepsPerBatch: Int

  package init(_ batch: Batch) {
    self.batch = batch
    stepsPerBatch = batch.lengths.rows
  }

  package func batch(at iteration: Int) -> Batch { batch }
  package func continues(at iteration: Int) -> Bool { false }
}
