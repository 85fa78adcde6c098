/// What can be said of how a network is trained; what is nil is chosen from the task and its data.
public struct TrainingSettings: Codable, Hashable, Sendable {
  /// How a gradient changes the weights.
  public enum OptimizerName: String, Codable, CaseIterable, Sendable { case adam, adamw, rmsprop, sgd }
  /// How the learning rate goes on.
  public enum ScheduleName: String, Codable, CaseIterable, Sendable { case constant, cosine, step, plateau }

  /// Sequences that are trained on at once, B.
  public var batch: Int?
  /// How often the weights change.
  public var iterations: Int?
  /// How often the data are gone through, in place of iterations.
  public var epochs: Double?
  public var optimizer: OptimizerName?
  /// Momentum of plain gradient descent.
  public var momentum: Double?
  public var learningRate: Double?
  public var schedule: ScheduleName?
  /// Iterations in which the learning rate rises to the full one.
  public var warmup: Int?
  /// The largest norm of the gradient; 0 for no limit.
  public var clip: Double?
  /// Iterations from one validation to the next.
  public var validateEvery: Int?
  /// Validations without a better one that end a training; 0 to go on to the end.
  public var patience: Int?
  /// Whether only few steps of long sequences are kept for the backward run, and the others run again (gradient checkpointing).
  public var checkpointsGradients: Bool?
  /// Whether each validation logs how far gradients reach back and how many gates are closed or open.
  public var watchesGradients: Bool?
  /// Of all that is drawn at random.
  public var seed: Int?
  public var regularization = RegularizationSettings()

  public init() {}
}

/// What can be said of what keeps a network from overfitting; what is nil is chosen from the task and its data.
public struct RegularizationSettings: Codable, Hashable, Sendable {
  /// Fraction of each layer's outputs set to 0 in training.
  public var dropout: Double?
  /// Fraction of what the first layer reads set to 0 in training.
  public var inputDropout: Double?
  /// Whether dropout of inputs and outputs sets the same elements to 0 at all steps of a sequence.
  public var isVariational: Bool?
  /// Fraction of the states set to 0 where matrices read them, the same at all steps of a sequence.
  public var recurrentDropout: Double?
  /// Fraction of the recurrent matrices' weights set to 0 for each batch.
  public var weightDrop: Double?
  /// Fraction of the symbols whose learned vectors are 0 throughout a batch.
  public var embeddingDropout: Double?
  /// Fraction of itself, times the learning rate, that each weight of a matrix loses at each iteration.
  public var weightDecay: Double?
  /// What the mean square of the last layer's outputs counts beside the loss.
  public var activationPenalty: Double?
  /// What the mean square of their changes from step to step counts beside the loss.
  public var temporalPenalty: Double?
  /// Fraction of each target that all classes get alike in training.
  public var labelSmoothing: Double?

  public init() {}
}
