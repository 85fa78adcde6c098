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

  package typealias PredictionSettings = TranslationWriter.Settings

  package static let evaluationFields: [SettingField<EvaluationSettings>] = [
    .beam(\.beam), .lengthPenalty(\.lengthPenalty),
    .text("target-file", "FILE", \.targetPath, "the file of the references, if the first has none"),
  ]

  package static var predictionFields: [SettingField<PredictionSettings>] { PredictionSettings.fields }

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
    try TranslationWriter(translator, settings, machine: model.machine, model.terminal).write(file)
  }

  /// A text as it is translated, or as what stands after a tab is written in its place: what the layers that write do at each symbol.
  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    let translator = try Translator(model.network, path: model.path)
    if let setting = request.tableSetting {
      throw RecurrentError(.usage, naming: "\(setting) is for tables, and \(model.path) reads none: leave it out")
    }
    let line: (text: String, rest: String?)
    if let given = request.text {
      line = PlainLines.parts(given.utf8)
    } else {
      let lines = try PlainLines(path: request.fileOrStandardInput(model.terminal))
      line = try request.chosen("text") { try lines.next().map { (nil, $0) } }
    }
    let (text, isGiven) = (line.text, line.rest != nil)
    var (written, ends) = (line.rest ?? "", true)
    if !isGiven {
      let found = try TranslatorRunner(translator, beam: 1, machine: model.machine).translations(of: [text])[0][0]
      (written, ends) = (found.text, found.isFinished)
    }
    model.terminal.say("reads “\(text)” and \(isGiven ? "is given" : "writes") “\(written)”, which is shown")
    let vocabulary = translator.targets.vocabulary
    let tokens = [Vocabulary.boundary] + translator.targets.encode(written)
    let source = Batch.Source(
      tokens: [PairSource.read(translator.sources.encode(text))], of: PackedLengths(steps: tokens.count, batch: 1))
    var input = InspectedInput(.tokens(tokens, vocabulary), read: .tokens(tokens).with(source))
    if ends { input.following = Vocabulary.boundary }
    input.source = source.inputs.symbols?.map { translator.sources.vocabulary.symbols[Int($0)] }
    return (input, .plain)
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
