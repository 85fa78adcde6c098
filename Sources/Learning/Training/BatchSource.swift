package import Sequences

/// Where the batches of a training come from.
///
/// A batch depends on its number only, so that a training that goes on after an interruption sees the batches that it
/// would have seen.
package protocol BatchSource: Sendable {
  /// The batch of iteration `iteration`, counted from 0 over all epochs.
  func batch(at iteration: Int) -> Batch
  /// Whether that batch goes on where the one before it ended, so that the states are carried over.
  func continues(at iteration: Int) -> Bool
  /// How many batches go through the data once; nil for data that never ends.
  var iterationsPerEpoch: Int? { get }
  /// Steps that a batch trains on, for rates: tokens of a text.
  var stepsPerBatch: Int { get }
}
