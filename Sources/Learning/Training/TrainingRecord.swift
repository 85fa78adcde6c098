import Storage

/// One line of a training log.
package struct TrainingRecord: Sendable, Hashable, Codable {
  /// How many iterations are done.
  package var iteration: Int
  /// The epochs so far, with the fraction of the current one; nil for data that never ends.
  package var epoch: Double?
  /// The mean loss since the line before, in nats for tokens.
  package var loss: Double
  /// The loss of a validation, where there was one.
  package var validation: Double?
  /// The score of the weights, where one says which are the best.
  package var score: Double?
  /// The learning rate.
  package var rate: Double
  /// The global norm of the gradient before clipping.
  package var gradientNorm: Double
  /// The fraction of the iterations since the last line in which the gradient was clipped.
  package var clipped: Double
  package var tokensPerSecond: Double
  /// Seconds of training so far.
  package var seconds: Double
  /// What gates and gradients did, where they are watched.
  package var watch: TrainingWatch?

  package init(
    iteration: Int, epoch: Double?, loss: Double, validation: Double? = nil, score: Double? = nil, rate: Double,
    gradientNorm: Double,
    clipped: Double = 0, tokensPerSecond: Double, seconds: Double, watch: TrainingWatch? = nil
  ) {
    self.iteration = iteration
    self.epoch = epoch
    self.loss = loss
    self.validation = validation
    self.score = score
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
