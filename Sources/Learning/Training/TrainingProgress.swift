/// How far a training has come, as it is reported after each iteration.
public struct TrainingProgress: Sendable {
  /// Iterations done.
  public let iteration: Int
  /// Iterations that there will be, unless the training stops early.
  public let iterations: Int
  /// The mean loss of the iteration's batch, in nats or as a squared error.
  public let loss: Double
  /// The learning rate of the iteration.
  public let rate: Double
  /// The loss on what is held out, if it was measured after this iteration.
  public let validation: Double?
  /// The score of the weights, if one was measured, which then says which are the best: chrF of translations.
  public let score: Double?
  /// Whether the weights are the best so far, so that they are kept.
  public let isBest: Bool
}
