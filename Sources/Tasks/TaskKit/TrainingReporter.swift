import CellLanguage
import ChartPictures
import Engine
import Markup
import Models
import Networks
import Pages
import Storage
import Support
import Training

/// Keeps a run's page, `report.html`, up to date.
final class TrainingReporter {
  private let folder: RunFolder
  private let data: any TaskData
  private let threads: Int
  private let lossUnit: String
  private let complain: (String) -> Void
  private let clock = ContinuousClock()
  private var lastWrite: ContinuousClock.Instant?
  private var hasComplained = false

  /// - Parameter complain: called once if the page can't be written, with the reason.
  init(_ folder: RunFolder, data: any TaskData, lossUnit: String, threads: Int, complain: @escaping (String) -> Void) {
    self.folder = folder
    self.data = data
    self.threads = threads
    self.lossUnit = lossUnit
    self.complain = complain
  }

  /// Writes the page after each validation, and otherwise every few seconds.
  func add(_ record: TrainingRecord, _ trainer: Trainer) {
    let isDue = lastWrite.map { clock.now - $0 > .seconds(10) } ?? true
    if record.validation != nil || isDue { write(trainer, isRunning: true) }
  }

  /// Writes it for the last time, if there was anything to show.
  func finish(_ trainer: Trainer) {
    if lastWrite != nil { write(trainer, isRunning: false) }
  }

  private func write(_ trainer: Trainer, isRunning: Bool) {
    lastWrite = clock.now
    do {
      var report = try TrainingReport(
        name: folder.path, facts: facts(trainer), iterations: trainer.options.iterations, isRunning: isRunning,
        records: TrainingLog.records(path: folder.log), clip: trainer.options.clip, lossUnit: lossUnit,
        samples: data.samples(trainer.network, seed: trainer.options.seed))
      report.scoreTitle = data.judge?.figure.title
      if !isRunning {
        report.forecasts = try data.charts(folder.model, machine: trainer.machine)
        report.passages = try data.passages(folder.model, machine: trainer.machine)
      }
      try AtomicFile.write(Array(report.html.utf8), to: folder.report)
    } catch {
      // A training goes on without its page.
      if !hasComplained { complain("the report can't be kept up to date: \(error)") }
      hasComplained = true
    }
  }

  private func facts(_ trainer: Trainer) -> [TrainingReport.Fact] {
    let (architecture, options) = (trainer.network.architecture, trainer.options)
    let layers = architecture.layers
    let cells = layers.flatMap(\.cells).map(\.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    var facts: [(String, String?)] = [
      ("Cell", architecture.branches ? cells.joined(separator: ", ") : layers[0].cell.name),
      (
        "Layers",
        architecture.branches
          ? NetworkPage(architecture).lines.joined(separator: "; ")
          : "\(layers.count) \(layers[0].directionWord.map { $0 + ", " } ?? "")of \(layers[0].units.grouped) units"
      ),
      ("Weights", trainer.network.parameters.count.grouped), ("Reads", data.subject),
      ("Optimizer", TrainingSettings.OptimizerName(options.optimizer).rawValue),
      ("Clipped at", options.clip.map(short)), ("Started from", options.start?.description),
      ("Frozen", options.frozen?.joined(separator: ", ")),
      ("Seed", "\(options.seed)"), ("Threads", "\(threads)"),
    ]
    let regularization = options.regularization
    let zoneout = layers[0].cell.states.filter { $0.zoneout > 0 }.map { "\($0.name) \(short($0.zoneout))" }
    if !zoneout.isEmpty { facts.append(("Zoneout", zoneout.joined(separator: ", "))) }
    if trainer.network.architecture.tiesEmbedding { facts.append(("Output", "tied to the embedding")) }
    let fractions = [
      (regularization.isVariational ? "Dropout, variational" : "Dropout", regularization.dropout),
      ("Input dropout", regularization.inputDropout), ("Recurrent dropout", regularization.recurrentDropout),
      ("Weight drop", regularization.weightDrop), ("Embedding dropout", regularization.embeddingDropout),
      ("Weight decay", regularization.weightDecay + options.optimizer.weightDecay),
      ("Activation penalty", regularization.activationPenalty), ("Temporal penalty", regularization.temporalPenalty),
      ("Label smoothing", regularization.labelSmoothing),
    ]
    facts += fractions.map { ($0, $1 > 0 ? short($1) : nil) }
    return facts.compactMap { name, value in value.map { TrainingReport.Fact(name: name, value: $0) } }
  }
}
