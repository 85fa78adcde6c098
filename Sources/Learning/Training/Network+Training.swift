package import Engine
package import Networks
package import Support

extension Network {
  /// Trains the network on batches.
  ///
  /// - Parameters:
  ///   - validation: batches that are not trained on; the network keeps the weights with which it does best on them. Nil:
  ///     it keeps the last ones.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  /// - Throws: ``RecurrentError`` if a number is no longer finite, or if the network reads in reverse and the options or the
  ///   batches are not for such networks. The network is then as it was.
  package mutating func train(
    on source: some BatchSource, validation: (any BatchSource)? = nil, options: TrainingOptions, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) throws {
    try check(options)
    let trainer = Trainer(self, options: options, machine: try machine ?? Machine())
    var best = self
    let keepBest = { (step: TrainingProgress) in
      if step.isBest { best = trainer.network }
      progress(step)
    }
    _ = try TrainingRun(trainer).run(on: source, validation: validation, report: keepBest)
    self = best
  }
}

extension TrainingOptions {
  /// Adam at a steady rate, for as many iterations as go through the data a number of times, with a validation after each time.
  ///
  /// - Throws: ``RecurrentError`` if a number makes no sense.
  package init(epochs: Double, of iterations: Int, learningRate: Double, seed: UInt64 = 0) throws(RecurrentError) {
    let total = epochs * Double(iterations)
    guard Bounds.positive.contains(epochs), total <= 1e9 else {
      throw RecurrentError(
        .setting,
        naming: "\(Setting("epochs")) is \(short(epochs)); expected a number above 0 that gives at most 1000000000 iterations")
    }
    try self.init(
      iterations: max(1, Int(total)), learningRate: LearningRate(learningRate),
      validationInterval: min(iterations, max(1, Int(total))),
      seed: seed)
  }
}
