/// How a network is trained. What is nil is chosen from the task and its data when the training begins.
///
///     recipe.training.learningRate = 0.005
///     recipe.training.regularization.dropout = 0.2
public struct TrainingSettings: Codable, Hashable, Sendable {
  /// How a gradient changes the weights.
  public enum OptimizerName: String, Codable, CaseIterable, Sendable {
    /// Adam (Kingma & Ba 2015).
    case adam
    /// Adam with weight decay that the gradient's scale does not change (Loshchilov & Hutter 2019).
    case adamw
    /// RMSprop (Tieleman & Hinton 2012).
    case rmsprop
    /// Gradient descent with momentum.
    case sgd
  }

  /// How the learning rate goes on after the warm-up.
  public enum ScheduleName: String, Codable, CaseIterable, Sendable {
    /// It stays as it is.
    case constant
    /// It follows half a cosine down to a hundredth.
    case cosine
    /// It is a tenth after each third of the iterations.
    case step
    /// It is halved when three validations bring nothing better.
    case plateau
  }

  /// The number of sequences that are trained on at once, B; from 1 to 65,536.
  public var batch: Int?
  /// The number of iterations, in each of which the weights change once; at least 1.
  public var iterations: Int?
  /// The number of times that the data are gone through, in place of iterations; above 0.
  public var epochs: Double?
  /// How a gradient changes the weights; Adam if nil.
  public var optimizer: OptimizerName?
  /// The momentum of gradient descent (`sgd`), at least 0 and below 1; 0.9 if nil.
  public var momentum: Double?
  /// How large a step the optimizer takes; above 0.
  public var learningRate: Double?
  /// How the learning rate goes on after the warm-up; it stays as it is if nil.
  public var schedule: ScheduleName?
  /// Iterations in which the learning rate rises to the full one; none if nil.
  public var warmup: Int?
  /// The largest norm of the gradient over all weights that are trained, to which it is scaled down; 0 for no limit.
  public var clip: Double?
  /// Iterations from one validation to the next, at least 1.
  public var validateEvery: Int?
  /// Validations without a better one that end a training; 0 to go on to the end.
  public var patience: Int?
  /// Whether only few steps of long sequences are kept for the backward run, and the others run again (gradient checkpointing).
  public var checkpointsGradients: Bool?
  /// Whether each validation logs how far gradients reach back and how many gates are closed or open.
  public var watchesGradients: Bool?
  /// The seed of all that is drawn at random, at least 0; 0 if nil. The same seed gives the same weights.
  public var seed: Int?
  /// Into how many shards a batch's sequences are dealt, which is how many processes can train together; 8 if nil. Other numbers give weights
  /// with other last bits.
  public var shards: Int?
  /// The parts of the network whose weights stay as they are: `embedding`, `spelling`, `layer1`, `layer2` and so on, `head`. All are
  /// trained if nil.
  public var freeze: [String]?
  /// What keeps the network from overfitting.
  public var regularization = RegularizationSettings()

  package init() {}
}

/// What keeps a network from overfitting. What is nil is chosen from the task and its data when the training begins.
///
///     recipe.training.regularization.dropout = 0.2
///     recipe.training.regularization.isVariational = true
public struct RegularizationSettings: Codable, Hashable, Sendable {
  /// The fraction of each layer's outputs that is set to 0 in training, at least 0 and below 1.
  public var dropout: Double?
  /// The fraction of what the first layer reads that is set to 0 in training, at least 0 and below 1.
  public var inputDropout: Double?
  /// Whether dropout of inputs and outputs sets the same elements to 0 at all steps of a sequence.
  public var isVariational: Bool?
  /// The fraction of the states that is set to 0 where matrices read them, the same at all steps of a sequence; at least 0 and
  /// below 1.
  public var recurrentDropout: Double?
  /// The fraction of the recurrent matrices' weights that is set to 0 for each batch, at least 0 and below 1.
  public var weightDrop: Double?
  /// The fraction of the symbols whose learned vectors are 0 throughout a batch, at least 0 and below 1.
  public var embeddingDropout: Double?
  /// The fraction of itself, times the learning rate, that each weight of a matrix loses at each iteration; at least 0.
  public var weightDecay: Double?
  /// What the mean square of the last layer's outputs counts beside the loss, at least 0.
  public var activationPenalty: Double?
  /// What the mean square of the changes of the last layer's outputs from step to step counts beside the loss, at least 0.
  public var temporalPenalty: Double?
  /// The fraction of each target that all classes get alike in training, at least 0 and below 1.
  public var labelSmoothing: Double?

  package init() {}
}
