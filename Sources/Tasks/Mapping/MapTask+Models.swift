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

extension MapTask {
  /// Whether a network's description says that it models a system.
  package static func owns(_ network: Network) -> Bool { MapDescription.describes(network) }

  /// How a file to measure a model on is read.
  package struct EvaluationSettings: EmptySettings {
    package var file = StepFileSettings()
    package var target: String?
    package var delay: Int?

    package init() {}
  }

  /// How a file of sequences is read, and how what a model gives for them is written.
  package struct PredictionSettings: EmptySettings {
    package var file = StepFileSettings()
    package var format: PredictionFormat?

    package init() {}
  }

  package static let evaluationFields: [SettingField<EvaluationSettings>] =
    [
      .text("target", "FILE", \.target, "the WAV file with what an effect gave for FILE, which is the sound that it read"),
      .integer(
        "delay", \.delay, in: 0...10_000_000,
        "samples by which the sound of the target comes later (default: found out from the sounds)"),
    ] + StepFileSettings.fields.map { $0.within(\.file) }

  package static let predictionFields: [SettingField<PredictionSettings>] =
    [
      .choice("format", \.format, default: .text, "how labels and tags are written; json: an object a line")
    ] + StepFileSettings.fields.map { $0.within(\.file) }

  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: EvaluationSettings) throws {
    let own = try SignalModel(model.network, path: model.path)
    let table: StepTable
    if let audio = own.description.audio {
      guard let target = settings.target else {
        throw RecurrentError(
          .usage,
          naming: "\(model.path) reads sound: name the WAV file with what an effect gave for \(file) (\(Setting("target")))")
      }
      let pair = try AudioPair(dry: file, wet: target, delay: settings.delay, known: audio)
      for sentence in pair.sentences { model.terminal.say(.reason(sentence)) }
      table = pair.table
    } else {
      if settings.target != nil || settings.delay != nil {
        throw RecurrentError(
          .usage,
          naming:
            "\(Setting(settings.target == nil ? "delay" : "target")) is for models of sound, and \(model.path) reads tables: leave it out"
        )
      }
      table = try own.table(file, settings.file, hasTargets: true)
      for repair in table.repairs { model.terminal.say(.reason(Sentence(repair))) }
    }
    var line = ProgressLine(total: table.steps, things: "steps", on: model.terminal)
    defer { line.clear() }
    let report = MapReport(
      try own.scores(table, machine: model.machine) { line.update($0) }, isAudio: own.description.audio != nil)
    line.clear()
    if model.isJSON { return try model.terminal.print(json(report.report)) }
    for line in report.lines(on: model.terminal.output) { try model.terminal.print(line) }
  }

  package static func predict(_ model: OpenedModel, on file: String?, _ settings: PredictionSettings) throws {
    let own = try SignalModel(model.network, path: model.path)
    if own.description.audio != nil {
      throw RecurrentError(
        .unsuitable, "\(model.path) reads sound: `recurrent render \(model.path) IN.wav OUT.wav` writes what it makes of one")
    }
    let path = file ?? InspectionRequest.standardInput
    let isPipe = path == InspectionRequest.standardInput
    if isPipe { model.terminal.say("reading from standard input") }
    let writer = OutputWriter(own.outputNames, format: settings.format ?? .text, model.terminal)
    try writer.begin()
    if isPipe, !model.network.architecture.readsInReverse {
      // From a pipe each step is answered before the next one is read.
      let reader = try StepReader(
        settings.file.table(path, form: own.description.form, known: own.description.dialect), form: own.description.form,
        hasTargets: false)
      let stream = try own.stream()
      while let step = try reader.next() {
        if step.isFirst { stream.reset() }
        try writer.write(line: step.line, sequence: step.sequence, try stream.step(step.inputs))
      }
      return
    }
    let table = try own.table(path, settings.file, hasTargets: false)
    for repair in table.repairs { model.terminal.say(repair) }
    let count = own.outputNames.count
    for (sequence, values) in zip(table.sequences, try own.values(table.sequences.map(\.inputs), machine: model.machine)) {
      for (step, line) in sequence.lines.enumerated() {
        try writer.write(line: line, sequence: sequence.name, Array(values[step * count..<(step + 1) * count]))
      }
    }
  }

  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    let description = try SignalModel(model.network, path: model.path).description
    if description.audio != nil {
      throw RecurrentError(.unsuitable, "\(model.path) reads sound, whose samples are too many to be shown step by step")
    }
    let form = description.form
    let (sequence, repairs) = try request.sequence(of: form, known: description.dialect, model)
    for repair in repairs { model.terminal.say(repair) }
    @Sendable func columns(_ names: [String], _ numbers: [Double]) -> [InspectedInput.Column] {
      names.enumerated().map { place, name in
        InspectedInput.Column(name, numbers: stride(from: place, to: numbers.count, by: names.count).map { numbers[$0] })
      }
    }
    let targets = sequence.values.isEmpty ? [] : columns(form.targetColumns, sequence.values)
    let losses = description.targets(sequence.values)
    let width = form.targetColumns.count
    return (
      InspectedInput(
        .features(columns(form.stepNames, sequence.inputs)),
        read: model.network.architecture.input.rows(form.features(sequence.inputs, description.inputs)),
        labels: targets),
      .columns { outputs in
        let given = columns(form.targetColumns, description.values(outputs))
        let errors = stride(from: 0, to: outputs.count, by: width).map { row -> Float? in
          guard row + width <= losses.count else { return nil }
          let squares = (row..<row + width).reduce(Float(0)) { $0 + (outputs[$1] - losses[$1]) * (outputs[$1] - losses[$1]) }
          return squares.isNaN ? nil : squares / Float(width)
        }
        return (given, errors)
      }
    )
  }
}
