import CellLanguage
import Classification
import CommandKit
import Engine
import Forecasting
import LanguageModels
import Models
import Networks
import Problems
import Sequences
import Storage
import Support
import Tagging
import TaskKit
import Training

/// A training at a terminal: its folder, its progress, what it says at the end.
struct TrainingSession {
  /// Where the batches come from.
  enum Source {
    case text(TextData)
    case problem(ProblemData)
    case forecast(ForecastData)
    case classification(ClassificationData)
    case tag(TaggingData)
  }

  /// What the run's folder says of it.
  struct Configuration: Codable {
    let version: String
    let task: TrainingTask
    let threads: Int
  }

  private let trainer: Trainer
  private let source: Source
  private let folder: RunFolder
  private let terminal: Terminal
  private let json: Bool
  private let threads: Int

  /// A new training, in a folder of its own.
  init(_ plan: TrainingPlan, _ invocation: Invocation, _ keys: TrainingOptionKeys) throws {
    trainer = Trainer(
      try plan.network(invocation), options: plan.options, machine: try Machine(threads: invocation[keys.threads]))
    source = plan.source
    terminal = invocation.terminal
    json = invocation[keys.json]
    threads = trainer.machine.threads
    let cell = trainer.network.architecture.layers[0].cell.name
    folder = try RunFolder(creating: invocation[keys.output] ?? RunFolder.unused("runs/\(plan.name)-\(cell)"))
    try folder.write(configuration: Configuration(version: Release.version, task: plan.task, threads: threads))
  }

  /// The run that `--resume` names; nil if it is not given.
  init?(resumedBy invocation: Invocation, _ keys: TrainingOptionKeys) throws {
    guard let path = invocation[keys.resume] else { return nil }
    try keys.checkResumed(invocation)
    folder = RunFolder(path: path)
    terminal = invocation.terminal
    json = invocation[keys.json]
    let configuration = try folder.configuration(as: Configuration.self)
    // As many threads as before give the same bits.
    threads = invocation[keys.threads] ?? configuration.threads
    guard folder.hasCheckpoint else {
      throw RecurrentError(.unsuitable, "the run in \(folder.path) ended before it saved anything to go on from: begin it anew")
    }
    var checkpoint = try Checkpoint(contentsOf: folder.checkpoint)
    if let iterations = invocation[keys.iterations] { checkpoint.options.iterations = iterations }
    if invocation[keys.recompute] { checkpoint.options.recomputes = true }
    try checkpoint.network.check(checkpoint.options)
    trainer = Trainer(checkpoint, machine: try Machine(threads: threads))
    let fits: Bool
    let batch: Int
    switch configuration.task {
    case .text(let task):
      let data = try read(task, from: task.path, in: checkpoint.network.architecture.vocabulary, terminal)
      guard data.digest == task.digest else {
        throw RecurrentError(.unsuitable, "\(task.path) has changed since the run in \(folder.path) began: put the old text back, or begin anew")
      }
      source = .text(data)
      fits = checkpoint.network.architecture.vocabulary == data.vocabulary
      batch = task.batch
    case .problem(let task):
      let problem = try builtInProblem(task)
      source = .problem(ProblemData(problem, task))
      let architecture = checkpoint.network.architecture
      fits = architecture.input == Architecture.Input(problem) && architecture.output == Architecture.Output(problem)
      batch = task.batch
    case .forecast(let task):
      let description = try ForecastDescription(of: checkpoint.network, path: folder.checkpoint)
      let data = try read(task, description, checkpoint.network, terminal)
      guard data.digest == task.digest else {
        let files = [task.path, task.heldOut].compactMap { $0 }.joined(separator: " or ")
        throw RecurrentError(.unsuitable, "\(files) has changed since the run in \(folder.path) began: put the old table back, or begin anew")
      }
      source = .forecast(data)
      fits = true
      batch = checkpoint.sequences ?? task.batch
    case .classification(let task):
      let description = try ClassifierDescription(of: checkpoint.network, path: folder.checkpoint)
      let data = try read(task, description, checkpoint.network, terminal)
      guard data.digest == task.digest else {
        throw RecurrentError(.unsuitable, "\(task.path) has changed since the run in \(folder.path) began: put the old file back, or begin anew")
      }
      source = .classification(data)
      fits = true
      batch = checkpoint.sequences ?? task.batch
    case .tag(let task):
      let tagger = try Tagger(checkpoint.network, path: folder.checkpoint)
      let data = try read(task, tagger, terminal)
      guard data.digest == task.digest else {
        throw RecurrentError(.unsuitable, "\(task.path) has changed since the run in \(folder.path) began: put the old sentences back, or begin anew")
      }
      source = .tag(data)
      fits = data.tags == tagger.description.tags
      // Batches have about as many words, and not as many sentences.
      batch = checkpoint.sequences ?? task.batch
    }
    guard fits, checkpoint.sequences ?? batch == batch else {
      throw RecurrentError(.unsuitable, "\(folder.configuration) and \(folder.checkpoint) are not of the same run: one of them has been replaced")
    }
    terminal.say("going on with \(folder.path) after iteration \(trainer.progress.iteration.grouped)")
  }

  /// Trains to the end, or until somebody asks to stop.
  func run() throws {
    sayWhatIsTrained()
    switch try train(on: source.training, validation: source.validation) {
    case .interrupted:
      terminal.say("stopped after iteration \(trainer.progress.iteration.grouped), saved; to go on:")
      terminal.say("  recurrent train \(kind) --resume \(shellWord(folder.path))")
      throw Interrupt.request ?? Interrupted(signal: 2)
    case .stoppedEarly: terminal.say("stopped early: the last validations brought nothing better")
    case .finished: break
    }
    try printResult()
  }

  private func train(on data: some BatchSource, validation: (any BatchSource)?) throws -> TrainingRun.Outcome {
    // The last window of an epoch may be shorter: the count is right to a batch an epoch, the rate is what people look at.
    let steps = data.stepsPerBatch
    var line = ProgressLine(
      total: trainer.options.iterations * steps, done: trainer.progress.iteration * steps, things: unit, on: terminal)
    defer { line.clear() }
    let reporter = TrainingReporter(
      folder, source: source, threads: threads, lossUnit: lossUnit(trainer.network.architecture), terminal)
    defer { reporter.finish(trainer) }
    return try Interrupt.watching {
      try TrainingRun(trainer, folder: folder).run(
        on: data, validation: validation, isInterrupted: { Interrupt.request != nil },
        record: { record in
          reporter.add(record, trainer)
          guard json else { return }
          line.clear()
          // A reader who has gone is no reason to stop: the log in the folder has it all.
          try? terminal.write(record.line)
        }
      ) { report in
        line.update(report.iteration * steps, "loss \(report.loss.fixed(3))")
        if let loss = report.validation {
          line.clear()
          let epoch = data.iterationsPerEpoch.map { ", epoch \((Double(report.iteration) / Double($0)).fixed(1))" } ?? ""
          let best = report.isBest ? ", best" : ""
          terminal.say("iteration \(report.iteration.grouped)\(epoch): \(report.loss.fixed(3)), held out \(amount(loss))\(best)")
        }
      }
    }
  }

  /// What a step is.
  private var unit: String {
    switch source {
    case .text(let data): data.vocabulary.kind.rawValue
    case .problem: "sequences"
    case .forecast, .classification: "steps"
    case .tag: "words"
    }
  }

  private var kind: String {
    switch source {
    case .text: "text"
    case .problem: "problem"
    case .forecast: "forecast"
    case .classification: "classify"
    case .tag: "tag"
    }
  }

  /// A loss in its units.
  private func amount(_ loss: Double) -> String { lossText(loss, trainer.network.architecture) }

  private func sayWhatIsTrained() {
    let layers = trainer.network.architecture.layers
    let options = trainer.options
    let direction = layers[0].directionWord.map { $0 + " " } ?? ""
    terminal.say(
      "\(layers.count) \(direction)\(layers.count == 1 ? "layer" : "layers") of \(layers[0].units) \(layers[0].cell.name) units, "
        + "\(trainer.network.parameters.count.grouped) weights, \(options.iterations.grouped) iterations, "
        + "\(threads) \(threads == 1 ? "thread" : "threads")")
    if let patience = options.patience, source.validation != nil {
      terminal.say(
        "stops before that after \(patience.grouped) \(patience == 1 ? "validation" : "validations") without a better one (--patience)"
      )
    }
    // What the first batch takes; those of a problem may differ in length.
    let memory = trainer.plannedMemory(of: source.training)
    let steps = memory.stepsAtOnce < memory.steps ? "\(memory.stepsAtOnce.grouped) at a time of " : ""
    terminal.say(
      "\(memory.bytes.asBytes) kept for the backward run: \(steps)\(memory.steps.grouped) steps of \(memory.sequences.grouped) sequences"
    )
    terminal.say("kept in \(folder.path)")
  }

  private func printResult() throws {
    let loss = trainer.progress.best.loss
    try source.complete(folder.model, trainer.machine)
    if json {
      return try terminal.print(
        Storage.json(
          Result(model: folder.model, iterations: trainer.progress.iteration, validation: loss, seconds: trainer.progress.seconds)
        ))
    }
    if let loss { try terminal.print("best validation: \(amount(loss))") }
    try terminal.print("model: \(folder.model)")
    terminal.say("how it went: \(folder.report)")
    switch source {
    case .text: terminal.say("to see what it writes: recurrent generate \(shellWord(folder.path))")
    case .problem(let data):
      let share = try data.shareRight(Network(contentsOf: folder.model), trainer.machine)
      try terminal.print("right: \((share * 100).fixed(1)) % of fresh sequences (\(data.problem.goal.text))")
    case .tag(let data):
      if let scores = try data.scores(of: Tagger(contentsOf: folder.model), machine: trainer.machine) {
        try terminal.print("held out: \(TaggingReport(scores: scores).summary)")
      }
      terminal.say("to tag sentences, a line each: recurrent predict \(shellWord(folder.path)) FILE")
    case .forecast(let data):
      terminal.say("to see what comes: recurrent forecast \(shellWord(folder.path)) \(shellWord(data.path))")
    case .classification(let data):
      let classifier = try Classifier(contentsOf: folder.model)
      if let scores = data.scores(of: classifier, machine: trainer.machine) {
        try terminal.print(ClassificationReport(scores, description: classifier.description).summary)
      }
      terminal.say("to label others: recurrent predict \(shellWord(folder.path)) FILE")
    }
  }

  private struct Result: Codable {
    let model: String
    let iterations: Int
    let validation: Double?
    let seconds: Double
  }
}
