import Classification
import CommandKit
import Engine
import Experiments
import Models
import Networks
import Storage
import Support
import Tagging
import Training

/// One of several trainings that a command runs, in the folder of a run like any other: begun, or gone on with.
struct Trial {
  let trainer: Trainer
  let source: TrainingSession.Source
  let folder: RunFolder
  private let reporter: TrainingReporter

  /// - Throws: ``RecurrentError`` if the folder has the run of something else.
  init(_ plan: TrainingPlan, _ invocation: Invocation, in path: String, machine: Machine) throws {
    source = plan.source
    let network = try plan.network(invocation)
    var folder = RunFolder(path: path)
    if folder.hasCheckpoint {
      var checkpoint = try Checkpoint(contentsOf: folder.checkpoint)
      // More of them make no other training.
      checkpoint.options.iterations = plan.options.iterations
      guard checkpoint.network.architecture == network.architecture, checkpoint.options == plan.options else {
        throw RecurrentError(.unsuitable, 
          "\(folder.checkpoint) is of another training than the one that belongs there: remove the folder \(folder.path), and that run "
            + "begins anew")
      }
      trainer = Trainer(checkpoint, machine: machine)
    } else {
      // What ended before it saved anything left nothing to go on from.
      try Folder.make(path)
      folder = RunFolder(path: path)
      try folder.write(
        configuration: TrainingSession.Configuration(version: Release.version, task: plan.task, threads: machine.threads))
      trainer = Trainer(network, options: plan.options, machine: machine)
    }
    self.folder = folder
    reporter = TrainingReporter(
      folder, source: source, threads: machine.threads, lossUnit: lossUnit(network.architecture), invocation.terminal)
  }

  /// Trains to the end, or to where `isInterrupted` says to stop, which is asked behind each iteration.
  func run(until isInterrupted: () -> Bool, report: (TrainingRun.Report) -> Void) throws -> TrainingRun.Outcome {
    defer { reporter.finish(trainer) }
    let outcome = try run(on: source.training, until: isInterrupted, report: report)
    if trainer.isOver { try source.complete(folder.model, trainer.machine) }
    return outcome
  }

  private func run(
    on data: some BatchSource, until isInterrupted: () -> Bool, report: (TrainingRun.Report) -> Void
  ) throws -> TrainingRun.Outcome {
    try TrainingRun(trainer, folder: folder).run(
      on: data, validation: source.validation, isInterrupted: isInterrupted, record: { reporter.add($0, trainer) }, report: report
    )
  }

  /// What has come of it so far.
  ///
  /// - Parameters:
  ///   - cell: as the user named it.
  ///   - test: a file that nothing was chosen by.
  ///   - failure: why it ended before its time.
  func result(cell: String, test: String?, failure: String? = nil) throws -> RunResult {
    let best = trainer.progress.best.loss
    let records = try TrainingLog.records(path: folder.log)
    var (loss, score): (Double?, Double?)
    var figures: [Figure: Double] = [:]
    if failure == nil {
      let network = try Network(contentsOf: folder.model)
      score = try source.shareRight(network, from: folder.model, trainer.machine)
      if let test {
        let measured = try Trainer(network, options: trainer.options, machine: trainer.machine).evaluate(source.batches(of: test))
        loss = measured.mean
        figures = try source.figures(of: network, from: folder.model, on: test, loss: measured.mean, trainer.machine)
      }
    }
    return RunResult(
      cell: cell, seed: trainer.options.seed, units: trainer.network.architecture.layers[0].units,
      weights: trainer.network.parameters.count, iterations: trainer.progress.iteration, validation: best,
      bestIteration: records.first { $0.validation != nil && $0.validation == best }?.iteration, test: loss, testFigures: figures,
      score: score,
      seconds: trainer.progress.seconds, iterationsPerEpoch: source.training.iterationsPerEpoch, failure: failure)
  }
}

extension TrainingSession.Source {
  /// The share of what is held out that a network answers right, where the task counts that.
  ///
  /// - Parameter path: the network's file, for messages.
  func shareRight(_ network: Network, from path: String, _ machine: Machine) throws -> Double? {
    switch self {
    case .text, .forecast: nil
    case .problem(let data): data.shareRight(network, machine)
    case .classification(let data): try data.scores(of: Classifier(network, path: path), machine: machine)?.accuracy
    case .tag(let data): try data.scores(of: Tagger(network, path: path), machine: machine)?.all.accuracy
    }
  }
}
