package import Networks

/// A training as it stands: all that it takes to go on as if it had never stopped.
package struct Checkpoint: Sendable {
  package let network: Network
  /// May be changed before the training goes on: more iterations, for one.
  package var options: TrainingOptions
  package let progress: Trainer.Progress
  /// What the optimizer remembers, one moment after the other, each as long as the weights.
  let moments: [Float]
  /// The states from which the next batch goes on, for each pass and state `[B, width]`.
  let carriedStates: [[[Float]]]

  /// Sequences that the next batch must have to go on with, B; nil before the first batch.
  package var sequences: Int? {
    carriedStates.first?.first.map { $0.count / network.stateWidths[0][0] }
  }
}
