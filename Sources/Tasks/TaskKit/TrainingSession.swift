package import Engine
import Models
import Networks
import Processes
import Sequences
import Storage
package import Support
package import Training

/// A training in a folder of its own, from its first iteration or from where it was interrupted, to its end.
package struct TrainingSession<Task: TrainableTask> {
  package let trainer: Trainer
  package let data: any TaskData
  package let folder: RunFolder
  private let reporter: TrainingReporter

  /// A new training, in a folder that it makes.
  ///
  /// - Parameters:
  ///   - asked: the recipe before anything was chosen.
  ///   - reasons: the reasons for what was chosen.
  ///   - folder: made when all that may be refused has been.
  ///   - team: the processes that make the training together, all of which come here.
  package init(
    _ plan: TrainingPlan<Task>, asked: Recipe<Task>, reasons: [Sentence], in folder: @autoclosure () throws -> RunFolder,
    machine: Machine, team: TrainingTeam = .alone, complain: @escaping (String) -> Void = { _ in }
  ) throws {
    let network = try plan.network()
    let isMixed = try team.check(network, plan.options, plan.data.digest, machine)
    let folder = try folder()
    try team.processes.together {
      guard team.processes.isFirst else { return }
      try folder.write(
        configuration: RunConfiguration(
          version: Release.version, kind: Task.kind, threads: machine.threads, digest: plan.data.digest, asked: asked,
          resolved: plan.recipe.resolved(network.architecture, plan.options), reasons: reasons))
    }
    let trainer = Trainer(network, options: plan.options, machine: machine, team: team.processes, sharesWeights: isMixed)
    self.init(trainer, plan.data, folder, complain)
  }

  private init(_ trainer: Trainer, _ data: any TaskData, _ folder: RunFolder, _ complain: @escaping (String) -> Void) {
    self.trainer = trainer
    self.data = data
    self.folder = folder
    reporter = TrainingReporter(
      folder, data: data, lossUnit: lossUnit(trainer.network.architecture), threads: trainer.machine.threads, complain: complain)
  }

  /// What may be changed when a run is resumed: how long it goes on, and how it is computed.
  package struct Changes: Sendable {
    /// What to compute on; nil for the fastest kernels and as many threads as before, which give the same bits.
    package var machine: Machine?
    package var iterations: Int?
    package var checkpointsGradients = false

    package init() {}
  }

  /// Resumes the run in a folder from its last checkpoint.
  ///
  /// - Throws: ``RecurrentError`` if there is no checkpoint, if the data have changed since the run began, or if the folder's
  ///   files are not of the same run.
  package init(
    resuming folder: RunFolder, changes: Changes = .init(), notes: inout [Note], team: TrainingTeam = .alone,
    complain: @escaping (String) -> Void = { _ in }
  ) throws {
    let (recipe, digest, threads, isOfFirstGeneration) = try Self.configuration(of: folder)
    guard folder.hasCheckpoint else {
      throw RecurrentError(.file, "the run in \(folder.path) ended before it saved anything to go on from: begin it anew")
    }
    var checkpoint = try Checkpoint(contentsOf: folder.checkpoint)
    if let iterations = changes.iterations { checkpoint.options.iterations = iterations }
    if changes.checkpointsGradients { checkpoint.options.checkpointsGradients = true }
    try checkpoint.network.check(checkpoint.options)
    let data: any TaskData
    do {
      data = try Task.data(resuming: recipe, checkpoint.network, path: folder.checkpoint, &notes)
    } catch let error as RecurrentError where error.kind == .network {
      throw Self.mismatch(folder)
    }
    guard data.digest == digest else {
      throw RecurrentError(
        .data,
        "\(data.files.joined(separator: " or ")) has changed since the run in \(folder.path) began: put the old \(Task.presentation.noun) "
          + "back, or begin anew")
    }
    let hasFittingBatches = !Task.hasFixedBatches || checkpoint.sequences ?? recipe.batch == recipe.batch
    guard hasFittingBatches, data.fits(checkpoint.network) else { throw Self.mismatch(folder) }
    if isOfFirstGeneration {
      notes.append(
        .reason(
          "version 0.1.0, which began this run, added up gradients and drew what is dropped in another order: from here on its numbers are not "
            + "the same bits as that version's"))
    }
    let machine = try changes.machine ?? Machine(threads: threads)
    let isMixed = try team.check(checkpoint.network, checkpoint.options, data.digest, machine)
    self.init(
      Trainer(checkpoint, machine: machine, team: team.processes, sharesWeights: isMixed), data, folder, complain)
  }

  /// Begins a training of a study in a folder of its own, or resumes it if it is the same.
  ///
  /// - Throws: ``RecurrentError`` if the folder has another run.
  package init(_ plan: TrainingPlan<Task>, asked: Recipe<Task>, continuingIn folder: RunFolder, machine: Machine) throws {
    guard folder.hasCheckpoint else {
      // A run that ended before it saved anything begins anew.
      try Folder.make(folder.path)
      try self.init(plan, asked: asked, reasons: [], in: folder, machine: machine)
      return
    }
    var checkpoint = try Checkpoint(contentsOf: folder.checkpoint)
    // With more iterations it is the same training.
    checkpoint.options.iterations = plan.options.iterations
    guard try checkpoint.network.architecture == plan.network().architecture, checkpoint.options == plan.options else {
      throw RecurrentError(
        .file,
        "\(folder.checkpoint) is of another training than the one that belongs there: remove the folder \(folder.path), and that run "
          + "begins anew")
    }
    self.init(Trainer(checkpoint, machine: machine), plan.data, folder, { _ in })
  }

  private static func configuration(
    of folder: RunFolder
  ) throws -> (recipe: Recipe<Task>, digest: String?, threads: Int, isOfFirstGeneration: Bool) {
    let header = try RunHeader(of: folder)
    if let task = header.task {
      guard let recipe = try Task.recipe(firstGeneration: task) else {
        throw RecurrentError(cannotRead: folder.configuration, "it is the run of another task, “\(task.kind)”")
      }
      return (recipe, task.digest, header.threads, true)
    }
    let configuration = try folder.configuration(as: RunConfiguration<Task>.self)
    try configuration.resolved.check(readFrom: folder.configuration)
    return (configuration.resolved, configuration.digest, configuration.threads, false)
  }

  private static func mismatch(_ folder: RunFolder) -> RecurrentError {
    RecurrentError(
      .file,
      "\(folder.configuration) and \(folder.checkpoint) are not of the same run: one of them has been replaced")
  }

  /// Trains to the end, or to where `isInterrupted` says to stop, which is asked after each iteration. The folder's page is kept
  /// up to date.
  ///
  /// - Parameters:
  ///   - record: called with each line of the log.
  ///   - report: called after each iteration.
  package func run(
    isInterrupted: () -> Bool = { false }, record: (TrainingRecord) -> Void = { _ in },
    report: (TrainingProgress) -> Void = { _ in }
  ) throws -> TrainingRun.Outcome {
    defer { if trainer.team.isFirst { reporter.finish(trainer) } }
    let outcome = try run(on: data.training, isInterrupted: isInterrupted, record: record, report: report)
    if trainer.isOver { try trainer.inFirst { try data.complete(folder.model, machine: trainer.machine) } }
    return outcome
  }

  private func run(
    on source: some BatchSource, isInterrupted: () -> Bool, record: (TrainingRecord) -> Void, report: (TrainingProgress) -> Void
  ) throws -> TrainingRun.Outcome {
    try TrainingRun(trainer, folder: folder).run(
      on: source, validation: data.validation, judge: data.judge.map { judge in { try judge.score($0, trainer.machine) } },
      isInterrupted: isInterrupted,
      record: { line in
        guard trainer.team.isFirst else { return }
        reporter.add(line, trainer)
        record(line)
      }, report: report)
  }
}
