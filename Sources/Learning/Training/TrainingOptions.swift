package import Networks
import Storage
package import Support

/// How a network is trained.
package struct TrainingOptions: Sendable, Hashable, Codable {
  /// How often the weights change at most.
  package var iterations: Int
  package var optimizer: Optimizer
  package var learningRate: LearningRate
  /// The gradient's norm over all weights that are trained is scaled down to this if it is larger (Pascanu et al. 2013); nil for never.
  package var clip: Double?
  /// What training does against overfitting.
  package var regularization: Regularization
  /// Iterations from one validation to the next.
  package var validationInterval: Int
  /// The number of validations without a better loss after which training stops; nil for never.
  package var patience: Int?
  /// Whether gradients are checkpointed: a batch's steps are kept a segment at a time and run again on the way back. A third
  /// slower, the same bits, in memory that grows with the square root of the steps.
  package var checkpointsGradients: Bool
  /// Whether each validation logs how far gradients reach back and how many gates are nearly closed or open.
  package var watchesGradients: Bool
  /// Seed of all that is drawn in training.
  package var seed: UInt64
  /// How many shards the sequences of a batch belong to, over which gradients are added up (``Engine/ShardRows``), and so how many processes can
  /// share a batch; nil for as many as usual.
  package var shards: Int?
  /// The parts of the network whose weights stay as they are (``NetworkLayout/parts``); nil if all are trained.
  package var frozen: [String]?
  /// The model from whose weights the training begins; nil if it begins with fresh ones.
  package var start: TrainingStart?

  /// - Throws: ``RecurrentError`` if a number makes no sense.
  package init(
    iterations: Int, optimizer: Optimizer = .adam(), learningRate: LearningRate, clip: Double? = 5,
    regularization: Regularization = .init(), validationInterval: Int = 500, patience: Int? = nil,
    checkpointsGradients: Bool = false,
    watchesGradients: Bool = false, seed: UInt64 = 0
  ) throws(RecurrentError) {
    self.iterations = iterations
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.clip = clip
    self.regularization = regularization
    self.validationInterval = validationInterval
    self.patience = patience
    self.checkpointsGradients = checkpointsGradients
    self.watchesGradients = watchesGradients
    self.seed = seed
    try check()
  }

  /// - Throws: ``RecurrentError`` if a number makes no sense.
  func check() throws(RecurrentError) {
    try RecurrentError.require(iterations >= 0, "training takes \(iterations) iterations; it must take at least 0")
    try RecurrentError.require(validationInterval >= 1, "a validation every \(validationInterval) iterations: give at least 1")
    try regularization.check()
    if let clip { try RecurrentError.require(clip > 0, "the gradient is clipped at \(clip); clip above 0, or not at all") }
    if let patience {
      try RecurrentError.require(patience >= 1, "the patience is \(patience) validations; it must be at least 1")
    }
    if let shards {
      try RecurrentError.require(
        (1...Self.mostShards).contains(shards), "a batch has \(shards) shards; give it 1 to \(Self.mostShards)")
    }
    try optimizer.check()
    if case .adamw = optimizer, regularization.weightDecay > 0 {
      throw RecurrentError(
        .setting, "adamw has a weight decay of its own, and the regularization has one, too: give it one of them")
    }
    try learningRate.check()
  }

  /// Each shard has sums of its own of all weights while a batch is run.
  package static let mostShards = 256

  /// The names that files and readers of the first version know.
  private enum CodingKeys: String, CodingKey {
    case iterations, optimizer, learningRate, clip, regularization, validationInterval, patience, watchesGradients, seed,
      shards, frozen, start
    case checkpointsGradients = "recomputes"
  }
}

extension Regularization {
  /// - Throws: ``RecurrentError`` if a fraction is not at least 0 and below 1.
  func check() throws(RecurrentError) {
    let fractions = [
      ("dropout", dropout), ("input dropout", inputDropout), ("recurrent dropout", recurrentDropout), ("weight drop", weightDrop),
      ("embedding dropout", embeddingDropout), ("label smoothing", labelSmoothing),
    ]
    for (name, fraction) in fractions {
      try RecurrentError.require(fraction >= 0 && fraction < 1, "the \(name) is \(fraction); it must be at least 0 and below 1")
    }
    let weights = [
      ("weight decay", weightDecay), ("activation penalty", activationPenalty), ("temporal penalty", temporalPenalty),
    ]
    for (name, weight) in weights {
      try RecurrentError.require(weight >= 0 && weight.isFinite, "the \(name) is \(weight); it must be at least 0")
    }
  }
}

extension TrainingOptions {
  /// What a model's file or a checkpoint says of its training; nil if it says nothing, or something that this program does not
  /// know.
  package init?(metadata: [String: String]) {
    guard let text = metadata["history"] ?? metadata["training"], let record = try? decodeJSON(text.utf8, as: Record.self) else {
      return nil
    }
    self = record.options
  }

  private struct Record: Decodable {
    let options: TrainingOptions
  }
}
