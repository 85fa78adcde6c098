package import Engine
import Models
package import Networks
import Storage
package import Support
package import Training

extension TrainingPlan where Task: TrainableTask {
  /// Trains as planned, and returns the network with the best validation; without a validation, the last one.
  ///
  /// A training stops when `isCancelled` says so, which is asked after each iteration, or when the Swift task that it runs in is
  /// cancelled. What it has done until then is saved if it has a folder.
  ///
  /// - Parameters:
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - folder: a folder to make, which keeps the configuration, the log, checkpoints, the model and a page about the training,
  ///     as one of the command does; nil to keep nothing.
  ///   - asked: the recipe before anything was chosen.
  ///   - reasons: the reasons for what was chosen.
  ///   - progress: called after each iteration.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if a number is no longer finite, or the folder
  ///   is there already or can't be written.
  package func trainedNetwork(
    machine: Machine?, folder: String?, asked: Recipe<Task>, reasons: [Sentence], isCancelled: () -> Bool,
    progress: (TrainingProgress) -> Void
  ) throws -> Network {
    let machine = try machine ?? Machine()
    if let folder {
      // Whatever may be refused is refused before anything is written.
      _ = try network()
      return try TrainingSession(self, asked: asked, reasons: reasons, in: RunFolder(creating: folder), machine: machine)
        .trainedNetwork(isCancelled: isCancelled, progress: progress)
    }
    let trainer = Trainer(try network(), options: options, machine: machine)
    var best = trainer.network
    let outcome = try run(trainer, on: data, isCancelled: isCancelled) { report in
      if report.isBest { best = trainer.network }
      progress(report)
    }
    if outcome == .interrupted { throw CancellationError() }
    return best
  }

  private func run(
    _ trainer: Trainer, on data: some TaskData, isCancelled: () -> Bool, report: (TrainingProgress) -> Void
  ) throws -> TrainingRun.Outcome {
    try TrainingRun(trainer).run(
      on: data.training, validation: data.validation,
      judge: data.judge.map { judge in { try judge.score($0, trainer.machine) } },
      isInterrupted: { isCancelled() || isTaskCancelled }, report: report)
  }
}

extension TrainingSession {
  /// Trains to the end, and returns the network with the best validation; without a validation, the last one.
  ///
  /// - Throws: `CancellationError` if the training was stopped, which leaves a checkpoint to resume from.
  package func trainedNetwork(isCancelled: () -> Bool, progress: (TrainingProgress) -> Void) throws -> Network {
    let outcome = try run(isInterrupted: { isCancelled() || isTaskCancelled }, report: progress)
    if outcome == .interrupted { throw CancellationError() }
    return try Network(contentsOf: folder.model)
  }
}

/// Whether the Swift task that this runs in has been cancelled.
private var isTaskCancelled: Bool { _Concurrency.Task.isCancelled }
