public import Engine
public import Networks
import Support

extension Network {
  /// Trains the network on batches.
  ///
  /// - Parameters:
  ///   - validation: batches that are not trained on; the network keeps the weights with which it does best on them. Nil:
  ///     it keeps the last ones.
  ///   - machine: nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if a number is no longer finite; the network is then as it was. ``RecurrentError`` if
  ///   the network reads in reverse, and the options or the batches are not for such.
  public mutating func train(
    on source: some BatchSource, validation: (any BatchSource)? = nil, options: TrainingOptions, machine: Machine? = nil,
    report: (TrainingRun.Report) -> Void = { _ in }
  ) throws {
    try check(options)
    let trainer = Trainer(self, options: options, machine: try machine ?? Machine())
    var best = self
    let keepBest = { (step: TrainingRun.Report) in
      if step.isBest { best = trainer.network }
      report(step)
    }
    _ = try TrainingRun(trainer).run(on: source, validation: validation, report: keepBest)
    self = best
  }
}
