import Storage

/// One line of a training log.
public struct TrainingRecord: Sendable, Hashable, Codable {
  /// How many iterations are done.
  public var iteration: Int
  /// The epochs so far, with the fraction of the current one; nil for data that never ends.
  public var epoch: Double?
  /// The mean loss since the line before, in nats for tokens.
  public var loss: Double
  /// The loss of a validation, where there was one.
  public var validation: Double?
  /// The learning rate.
  public var rate: Double
  /// The global norm of the gradient before clipping.
  public var gradientNorm: Double
  /// The fraction of the iterations since the last line in which the gradient was clipped.
  public var clipped: Double
  public var tokensPerSecond: Double
  /// Seconds of training so far.
  public var seconds: Double
  /// What gates and gradients did, where they are watched.
  public var watch: TrainingWatch?

  public init(
    iteration: Int, epoch: Double?, loss: Double, validation: Double? = nil, rate: Double, gradientNorm: Double,
    clipped: Double = 0, tokensPerSecond: Double, seconds: Double, watch: TrainingWatch? = nil
  ) {
    self.iteration = iteration
    self.epoch = epoch
    self.loss = loss
    self.validation = validation
    self.rate = rate
    self.gradientNorm = gradientNorm
    self.clipped = clipped
    self.tokensPerSecond = tokensPerSecond
    self.seconds = seconds
    self.watch = watch
  }

  /// The record as a line of JSON, with its end.
  package var line: String { json(self) + "\n" }

  init(line: some Sequence<UInt8>) throws { self = try decodeJSON(line) }
}
