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

extension TranscribeTask {
  /// Whether a network's description says that its outputs are symbols without places.
  package static func owns(_ network: Network) -> Bool { TranscriptionDescription.describes(network) }

  /// How symbols are looked for.
  package struct EvaluationSettings: EmptySettings {
    package var beam: Int?

    package init() {}
  }

  /// How symbols are looked for, and how they are written.
  package struct PredictionSettings: EmptySettings {
    package var format: PredictionFormat?
    package var beam: Int?
    package var isPartial: Bool?

    package init() {}
  }

  private static func beamField<Settings>(_ path: SettingField<Settings>.Path<Int>) -> SettingField<Settings> {
    .integer(
      "beam", path, in: 1...4096, default: "1",
      "beginnings that are kept after each step; 1 follows the most probable symbol, or none, of each step")
  }

  package static let evaluationFields: [SettingField<EvaluationSettings>] = [beamField(\.beam)]

  package static let predictionFields: [SettingField<PredictionSettings>] = [
    .choice("format", \.format, default: .text, "how symbols are written; json: an object a line, with their steps"),
    beamField(\.beam),
    .flag(
      "partial", \.isPartial,
      "read step by step, and write what is found so far whenever it changes; for models that read forward only"),
  ]

  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: EvaluationSettings) throws {
    let transcriber = try Transcriber(model.network, path: model.path)
    let sequences = try transcriber.transcripts(file)
    var line = ProgressLine(total: sequences.sequences.count, things: "sequences", on: model.terminal)
    defer { line.clear() }
    let scores = try TranscriptionScores(transcriber, sequences, beam: settings.beam ?? 1, machine: model.machine) {
      line.update($0)
    }
    line.clear()
    let report = TranscriptionReport(scores)
    if model.isJSON { return try model.terminal.print(json(report.report)) }
    for line in report.lines(on: model.terminal.output) { try model.terminal.print(line) }
  }

  package static func predict(_ model: OpenedModel, on file: String?, _ settings: PredictionSettings) throws {
    let transcriber = try Transcriber(model.network, path: model.path)
    if file == nil { model.terminal.say("reading from standard input") }
    let path = file ?? InspectionRequest.standardInput
    let writer = TranscriptWriter(transcriber, settings, machine: model.machine, model.terminal)
    try writer.writeHeader()
    let request = TranscriptRequest(transcriber.description.form, takesSymbols: false)
    if Transcripts.isArchive(path) {
      return try writer.write(Transcripts(contentsOf: path, request).checked(transcriber.description).sequences)
    }
    let lines = try TranscriptLines(path, request.forLines)
    try transcriber.description.check(width: lines.width, of: lines.source)
    // From a pipe each sequence is answered before the next one is read.
    let most = path == InspectionRequest.standardInput ? 1 : TranscriberRunner.defaultCount
    var sequences: [TranscribedSequence] = []
    while let (sequence, fault) = try lines.next() {
      if let fault {
        throw RecurrentError(
          .data, "\(lines.place(of: sequence)): \(fault.sentence(lines.form.numbers, lines.form.symbolsTitle))")
      }
      sequences.append(sequence)
      if sequences.count == most {
        try writer.write(sequences)
        sequences = []
      }
    }
    try writer.write(sequences)
  }

  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    let transcriber = try Transcriber(model.network, path: model.path)
    let description = transcriber.description
    if request.text != nil {
      throw RecurrentError(
        .usage, naming: "the model reads numbers, which \(Setting("text")) can't give: name a FILE")
    }
    if let setting = request.tableSetting {
      throw RecurrentError(.usage, naming: "\(setting) is for tables, and \(model.path) reads none: leave it out")
    }
    let path = request.fileOrStandardInput(model.terminal)
    let (read, missing) = try Transcripts.known(path, description.form)
    let file = try read.checked(description)
    if let missing { model.terminal.say("read without symbols, since \(missing)") }
    var rest = file.sequences[...]
    let sequence = try request.chosen("sequence") { rest.popFirst().map { (nil, $0) } }
    let given = try TranscriberRunner(transcriber, machine: model.machine).probabilities([sequence.values])[0]
    let alignment = try SymbolAlignment(of: sequence, given, transcriber, at: file.place(of: sequence))
    for note in alignment.notes(separator: description.form.separator) { model.terminal.say(note) }
    let width = description.scaling.count
    let columns = (0..<width).map { column in
      InspectedInput.Column(
        width == 1 ? file.form.numbers : "\(file.form.numbers) \(column + 1)",
        numbers: stride(from: column, to: sequence.values.count, by: width).map { Double(sequence.values[$0]) })
    }
    let input = InspectedInput(
      .features(columns), read: .features(description.features(sequence.values)), names: alignment.stepNames,
      labels: alignment.columns)
    return (input, .labels(["(blank)"] + description.symbols))
  }
}

extension TranscriptRequest {
  /// What is asked for of JSON lines by a model that was trained on an archive.
  var forLines: TranscriptRequest {
    var request = self
    (request.lengths, request.counts) = (nil, nil)
    return request
  }
}

extension Transcripts {
  /// A file's sequences, with their symbols if it has them, and else why it is read without.
  static func known(
    _ path: String, _ form: TranscriptForm
  ) throws(RecurrentError) -> (sequences: Transcripts, missing: RecurrentError?) {
    let request = isArchive(path) ? TranscriptRequest(form) : TranscriptRequest(form).forLines
    do throws(RecurrentError) {
      return (try Transcripts(contentsOf: path, request), nil)
    } catch {
      var plain = request
      plain.takesSymbols = false
      guard let found = try? Transcripts(contentsOf: path, plain) else { throw error }
      return (found, error)
    }
  }
}
