import Models
package import Networks
import Processes
import Storage

/// A training from its first iteration, or from a checkpoint, to its end: with validations, a log, checkpoints, and a way
/// to stop it.
package struct TrainingRun {
  package enum Outcome: Sendable, Hashable {
    case finished
    /// The validation did not get better for as long as the patience was.
    case stoppedEarly
    /// The caller asked to stop; the checkpoint holds all that was done.
    case interrupted
  }

  private let trainer: Trainer
  private let folder: RunFolder?
  private let clock = ContinuousClock()

  /// - Parameter folder: where log, checkpoints and model go; nil to keep nothing. Of several processes only the first one writes there.
  package init(_ trainer: Trainer, folder: RunFolder? = nil) {
    self.trainer = trainer
    self.folder = folder
  }

  /// Trains until the iterations are done, the patience is at its end, or `isInterrupted` says so.
  ///
  /// - Parameters:
  ///   - judge: how good weights are, the higher the better, where that and not the loss of the validation says which are kept; nil for
  ///     the loss.
  ///   - record: is called with each line of the log.
  ///   - report: is called after each iteration.
  /// - Throws: ``RecurrentError`` if a number is no longer finite, ``RecurrentError`` or ``RecurrentError`` if the folder can't
  ///   be written, ``RecurrentError`` if the network reads in reverse and the batches go on from one to the next. The checkpoint
  ///   saved before stays.
  package func run(
    on source: some BatchSource, validation: (any BatchSource)?, judge: ((Network) throws -> Double)? = nil,
    isInterrupted: () -> Bool = { false },
    record: (TrainingRecord) -> Void = { _ in }, report: (TrainingProgress) -> Void = { _ in }
  ) throws -> Outcome {
    let options = trainer.options
    try trainer.network.check(source, from: trainer.progress.iteration)
    if let validation { try trainer.network.check(validation, from: 0) }
    let log: TrainingLog? =
      if let folder, trainer.team.isFirst {
        try TrainingLog(path: folder.log, continuingAfter: trainer.progress.iteration)
      } else {
        nil
      }
    var lastSave = clock.now
    var interrupted = false
    while !trainer.isOver && !interrupted {
      let start = clock.now
      let step = try trainer.step(on: source) {
        // Losing two minutes of work to a crash is bearable; writing more often slows small networks down.
        TrainingWishes(stops: isInterrupted(), saves: trainer.team.isFirst && clock.now - lastSave > .seconds(120))
      }
      let seconds = (clock.now - start) / .seconds(1)
      interrupted = step.wishes.stops

      let iteration = trainer.progress.iteration
      var (loss, score): (Double?, Double?)
      var watch: TrainingWatch?
      var isBest = false
      if iteration % options.validationInterval == 0 || iteration == options.iterations {
        loss = try validation.map { try trainer.validate($0) }
        score = try loss.flatMap { _ in try judge.map { try trainer.score(by: $0) } }
        isBest = loss.map { trainer.record(validation: $0, score: score) } ?? true
        if isBest { try save(model: true) }
        if options.watchesGradients { watch = try trainer.inFirst { try trainer.watch(on: source) } }
      }
      if let line = trainer.record(step, seconds: seconds, validation: loss, score: score, watch: watch, source: source) {
        try log?.append(line)
        record(line)
      }
      report(
        TrainingProgress(
          iteration: iteration, iterations: options.iterations, loss: step.loss.mean, rate: step.rate, validation: loss,
          score: score, isBest: isBest))
      if loss != nil || trainer.isOver || interrupted || step.wishes.saves {
        try save(model: false)
        lastSave = clock.now
      }
    }
    if interrupted && !trainer.isOver { return .interrupted }
    return trainer.progress.iteration >= options.iterations ? .finished : .stoppedEarly
  }

  /// What a model's metadata say of its training. No times: the same training gives the same file.
  private struct History: Encodable {
    let options: TrainingOptions
    let iterations: Int
    /// The loss for which it was kept, or the score if that said so.
    let validation: Double?
    let score: Double?
  }

  private func save(model: Bool) throws {
    guard let folder else { return }
    // All processes know the weights, but each knows only the states of its own sequences.
    let checkpoint = model ? nil : try trainer.checkpoint()
    try trainer.inFirst { try save(checkpoint, in: folder) }
  }

  /// - Parameter checkpoint: nil to save the model.
  private func save(_ checkpoint: Checkpoint?, in folder: RunFolder) throws {
    if let checkpoint {
      try checkpoint.save(to: folder.checkpoint)
    } else {
      let history = History(
        options: trainer.options, iterations: trainer.progress.iteration, validation: trainer.progress.best.loss,
        score: trainer.progress.best.score)
      try trainer.network.save(to: folder.model, history: ["history": json(history)])
    }
  }
}
