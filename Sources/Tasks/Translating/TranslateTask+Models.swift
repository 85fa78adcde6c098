import Console
import Engine
package import Inspector
import Models
package import Networks
import Sequences
import Storage
import Support
import Tables
package import TaskKit
import Training

extension TranslateTask {
  /// Whether a network's description says that it translates.
  package static func owns(_ network: Network) -> Bool { TranslationDescription.describes(network) }

  /// How translations are looked for, and where their references are.
  package struct EvaluationSettings: EmptySettings {
    package var beam: Int?
    package var lengthPenalty: Double?
    package var targetPath: String?

    package init() {}
  }

  /// How translations are looked for, and how they are written.
  package struct PredictionSettings: EmptySettings {
    package var format: PredictionFormat?
    package var beam: Int?
    package var lengthPenalty: Double?
    package var best: Int?

    package init() {}
  }

  private static func beamField<Settings>(_ path: SettingField<Settings>.Path<Int>) -> SettingField<Settings> {
    .integer(
      "beam", path, in: 1...4096, default: "1",
      "beginnings that are kept after each step; 1 follows the most probable symbol, or none, of each step")
  }

  private static func penaltyField<Settings>(_ path: SettingField<Settings>.Path<Double>) -> SettingField<Settings> {
    .number(
      "length-penalty", path, in: .notNegative, default: Sentence(short(TranslatorRunner.defaultLengthPenalty)),
      "how much longer translations are favoured: the exponent of (5 + n) / 6 for n symbols, by which logarithms of probabilities are divided; 0 to go by these alone"
    )
  }

  package static let evaluationFields: [SettingField<EvaluationSettings>] = [
    beamField(\.beam), penaltyField(\.lengthPenalty),
    .text("target-file", "FILE", \.targetPath, "the file of the references, if the first has none"),
  ]

  package static let predictionFields: [SettingField<PredictionSettings>] = [
    .choice("format", \.format, default: .text, "how translations are written; json: an object a line, with their scores"),
    beamField(\.beam), penaltyField(\.lengthPenalty),
    .integer("best", \.best, in: 1...4096, default: "1", "translations of each text, the best first, with their scores"),
  ]

  package static let comparedMeasures = ["loss", "bleu", "chrf"]

  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: EvaluationSettings) throws {
    let translator = try Translator(model.network, path: model.path)
    let pairs = try TextPairs(contentsOf: file, target: settings.targetPath)
    var line = ProgressLine(total: pairs.pairs.count, things: "pairs", on: model.terminal)
    defer { line.clear() }
    let runner = try TranslatorRunner(
      translator, beam: settings.beam ?? 1, lengthPenalty: settings.lengthPenalty, machine: model.machine)
    var report = TranslationReport(scores: try TranslationScores(runner, pairs) { line.update($0) })
    report.loss = try translator.loss(of: pairs, machine: model.machine)
    line.clear()
    if model.isJSON { return try model.terminal.print(json(report.report)) }
    for line in report.lines { try model.terminal.print(line) }
  }

  package static func predict(_ model: OpenedModel, on file: String?, _ settings: PredictionSettings) throws {
    let translator = try Translator(model.network, path: model.path)
    try TranslationWriter(
      translator, format: settings.format, beam: settings.beam, best: settings.best, lengthPenalty: settings.lengthPenalty,
      machine: model.machine, model.terminal
    ).write(file)
  }

  /// A text as it is translated: what the layers that write do at each symbol.
  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    let translator = try Translator(model.network, path: model.path)
    if let setting = request.tableSetting {
      throw RecurrentError(.usage, naming: "\(setting) is for tables, and \(model.path) reads none: leave it out")
    }
    let text: String
    if let given = request.text {
      text = given
    } else {
      let lines = try PlainLines(path: request.fileOrStandardInput(model.terminal))
      text = try request.chosen("text") { try lines.next(upTo: 1).first.map { (nil, $0.text) } }
    }
    let found = try TranslatorRunner(translator, beam: 1, machine: model.machine).translations(of: [text])[0][0]
    model.terminal.say("reads “\(text)” and writes “\(found.text)”, which is shown")
    let vocabulary = translator.targets.vocabulary
    let tokens = [Vocabulary.boundary] + translator.targets.encode(found.text)
    let source = Batch.Source(
      tokens: [PairSource.read(translator.sources.encode(text))], of: PackedLengths(steps: tokens.count, batch: 1))
    return (InspectedInput(.tokens(tokens, vocabulary), read: .tokens(tokens).with(source)), .plain)
  }
}

extension Translator {
  /// The loss over the targets of pairs, and the boundary after each.
  func loss(of pairs: TextPairs, machine: Machine) throws(RecurrentError) -> Loss {
    let source = PairSource(
      TranslationData.encoded(pairs, try network.vocabularies(called: "the network")), batch: TranslatorRunner.defaultCount,
      seed: nil)
    let runner = NetworkRunner(network, machine: machine, trains: false)
    var total = Loss()
    for index in 0..<(source.iterationsPerEpoch ?? 0) {
      let batch = source.batch(at: index)
      total += try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets)
    }
    return total
  }
}
