import CellLanguage
import ChartPictures
import Classification
import CommandKit
import Engine
import Forecasting
import Inspector
import LanguageModels
import Markup
import Models
import Networks
import Pages
import Problems
import Sequences
import Storage
import Support
import Tables
import Tagging
import Training

/// Keeps a run's page, `report.html`, as new as its log.
final class TrainingReporter {
  private let folder: RunFolder
  private let source: TrainingSession.Source
  private let threads: Int
  private let lossUnit: String
  private let terminal: Terminal
  private let clock = ContinuousClock()
  private var lastWrite: ContinuousClock.Instant?
  private var hasComplained = false

  init(_ folder: RunFolder, source: TrainingSession.Source, threads: Int, lossUnit: String, _ terminal: Terminal) {
    self.folder = folder
    self.source = source
    self.threads = threads
    self.lossUnit = lossUnit
    self.terminal = terminal
  }

  /// Writes the page with each validation, and else every few seconds.
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
        samples: samples(trainer.network, seed: trainer.options.seed))
      if !isRunning { report.forecasts = try forecasts(trainer.machine) }
      try AtomicFile.write(Array(report.html.utf8), to: folder.report)
    } catch {
      // The page is for looking at; a training goes on without it.
      if !hasComplained { terminal.say("the report can't be kept up to date: \(error)") }
      hasComplained = true
    }
  }

  /// What the best weights foretell of the first series, beside what was held out of them; none of a network that does something else.
  private func forecasts(_ machine: Machine) throws -> [LineChart] {
    guard case .forecast(let data) = source else { return [] }
    var picture = ForecastPicture(step: data.description.step, hasTimes: data.description.roles.time != nil)
    for each in try data.comparisons(Network(contentsOf: folder.model), machine: machine, most: 4) {
      picture.add(
        each.name, past: each.past, times: each.times, first: each.past.count, each.paths, target: each.target, came: each.came)
    }
    return picture.charts
  }

  private func facts(_ trainer: Trainer) -> [TrainingReport.Fact] {
    let (layers, options) = (trainer.network.architecture.layers, trainer.options)
    let subject =
      switch source {
      case .text(let data): "\(data.count.grouped) \(data.vocabulary.kind.rawValue)"
      case .problem(let data): data.problem.name
      case .classification(let data):
        "\(data.count.grouped) sequences with \(data.description.labels.count.grouped) labels"
      case .tag(let data): "\(data.sentenceCount.grouped) sentences, \(data.tags.count) tags"
      case .forecast(let data):
        "\(data.steps.grouped) steps of \(data.seriesCount.grouped) series, \(data.distribution.name) \(data.description.roles.targetNames.prefix(3).joined(separator: ", "))"
      }
    var facts: [(String, String?)] = [
      ("Cell", layers[0].cell.name),
      ("Layers", "\(layers.count) \(layers[0].directionWord.map { $0 + ", " } ?? "")of \(layers[0].units.grouped) units"),
      ("Weights", trainer.network.parameters.count.grouped), ("Reads", subject),
      ("Optimizer", OptimizerName(options.optimizer).rawValue),
      ("Clipped at", options.clip.map(short)),
      ("Seed", "\(options.seed)"), ("Threads", "\(threads)"),
    ]
    let regularization = options.regularization
    let zoneout = layers[0].cell.states.filter { $0.zoneout > 0 }.map { "\($0.name) \(short($0.zoneout))" }
    if !zoneout.isEmpty { facts.append(("Zoneout", zoneout.joined(separator: ", "))) }
    if trainer.network.architecture.tiesEmbedding { facts.append(("Output", "tied to the embedding")) }
    let shares = [
      (regularization.isVariational ? "Dropout, variational" : "Dropout", regularization.dropout),
      ("Input dropout", regularization.inputDropout), ("Recurrent dropout", regularization.recurrentDropout),
      ("Weight drop", regularization.weightDrop), ("Embedding dropout", regularization.embeddingDropout),
      ("Weight decay", regularization.weightDecay + options.optimizer.weightDecay),
      ("Activation penalty", regularization.activationPenalty), ("Temporal penalty", regularization.temporalPenalty),
      ("Label smoothing", regularization.labelSmoothing),
    ]
    facts += shares.map { ($0, $1 > 0 ? short($1) : nil) }
    return facts.compactMap { name, value in value.map { TrainingReport.Fact(name: name, value: $0) } }
  }

  /// What a language model writes as it is now; none of a network that does something else.
  private func samples(_ network: Network, seed: UInt64) throws -> [String] {
    guard case .text(let data) = source else { return [] }
    return try (0..<2).map { sample in
      var sampler = try Sampler(temperature: 0.8, seed: seed &+ UInt64(sample))
      let stream = try network.stream()
      stream.read(Int(data.vocabulary.beginning))
      var tokens: [Int32] = []
      for _ in 0..<300 {
        let token = sampler.pick(logits: stream.logits)
        tokens.append(Int32(token))
        stream.read(token)
      }
      var decoder = TextDecoder(data.vocabulary)
      return decoder.text(of: tokens) + decoder.rest()
    }
  }
}
