import Platform
package import Support

/// How the learning rate goes on after the warm-up.
package enum Schedule: Sendable, Hashable, Codable {
  case constant
  /// Half a cosine from the full rate down to `end` times it at the end of training (Loshchilov & Hutter 2017).
  case cosine(end: Double = 0)
  /// The rate times `factor` after every `every` iterations.
  case step(every: Int, factor: Double = 0.1)
  /// The rate times `factor` each time that `patience` validations in a row brought nothing better.
  case plateau(patience: Int, factor: Double = 0.1)
}

/// The learning rate over a training: the rate to begin with, its schedule, and what the schedule remembers.
///
/// Saved and read back, it goes on as if never interrupted.
package struct LearningRate: Sendable, Hashable, Codable {
  /// The full rate, which the warm-up ends at.
  package let initial: Double
  package let schedule: Schedule
  /// How many iterations the rate takes to rise in a straight line to the full one.
  package let warmup: Int

  private var best = BestLoss()
  private var reduction = 1.0

  /// - Throws: ``RecurrentError`` if the rate or a number of the schedule makes no sense.
  package init(_ initial: Double, schedule: Schedule = .constant, warmup: Int = 0) throws(RecurrentError) {
    self.initial = initial
    self.schedule = schedule
    self.warmup = warmup
    try check()
  }

  /// - Throws: ``RecurrentError`` if the rate or a number of the schedule makes no sense.
  func check() throws(RecurrentError) {
    try RecurrentError.require(
      initial > 0 && initial.isFinite, "the learning rate is \(initial); it must be above 0")
    try RecurrentError.require(warmup >= 0, "the warm-up takes \(warmup) iterations; it must take at least 0")
    switch schedule {
    case .constant: break
    case .cosine(let end):
      try RecurrentError.require(
        end >= 0 && end <= 1, "the cosine schedule ends at \(end) of the learning rate; it must end between 0 and 1")
    case .step(let every, let factor):
      try RecurrentError.require(every >= 1, "the step schedule has a step every \(every) iterations; it must be at least 1")
      try Self.check(factor: factor, "step")
    case .plateau(let patience, let factor):
      try RecurrentError.require(
        patience >= 1, "the plateau schedule waits for \(patience) validations; it must wait for at least 1")
      try Self.check(factor: factor, "plateau")
    }
  }

  /// The rate of iteration `iteration`, counted from 0, of `total`.
  package func rate(at iteration: Int, of total: Int) -> Double {
    if iteration < warmup { return initial * Double(iteration + 1) / Double(warmup) }
    let passed = Double(iteration - warmup)
    switch schedule {
    case .constant: return initial
    case .cosine(let end):
      let fraction = min(1, passed / Double(max(1, total - warmup)))
      return initial * (end + (1 - end) * (1 + cos(.pi * fraction)) / 2)
    case .step(let every, let factor): return initial * pow(factor, (passed / Double(every)).rounded(.down))
    case .plateau: return initial * reduction
    }
  }

  /// Tells the schedule the loss of a validation; only a plateau schedule heeds it.
  package mutating func record(validation loss: Double) {
    guard case .plateau(let patience, let factor) = schedule else { return }
    best.record(loss)
    if best.validationsSince >= patience {
      reduction *= factor
      best.wait()
    }
  }

  private static func check(factor: Double, _ schedule: String) throws(RecurrentError) {
    try RecurrentError.require(
      factor > 0 && factor < 1, "the \(schedule) schedule multiplies by \(factor); it must be above 0 and below 1")
  }
}
