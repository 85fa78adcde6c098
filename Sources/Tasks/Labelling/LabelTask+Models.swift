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

extension LabelTask {
  /// Whether a network's description says that its outputs are labels of steps.
  package static func owns(_ network: Network) -> Bool { LabelDescription.describes(network) }

  /// How a file of sequences is read, and how the labels of their steps are written.
  package struct PredictionSettings: EmptySettings {
    package var file = StepFileSettings()
    package var format: PredictionFormat?
    package var writesSegments: Bool?

    package init() {}
  }

  package static let evaluationFields: [SettingField<StepFileSettings>] = StepFileSettings.fields

  package static let predictionFields: [SettingField<PredictionSettings>] =
    [
      .choice("format", \.format, default: .text, "how labels and tags are written; json: an object a line"),
      .flag("segments", \.writesSegments, "write consecutive steps with the same label as one line"),
    ] + StepFileSettings.fields.map { $0.within(\.file) }

  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: StepFileSettings) throws {
    let labeller = try Labeller(model.network, path: model.path)
    let table = try labeller.table(file, settings, hasLabels: true)
    for repair in table.repairs { model.terminal.say(.reason(Sentence(repair))) }
    var line = ProgressLine(total: table.steps, things: "steps", on: model.terminal)
    defer { line.clear() }
    let report = LabelReport(try labeller.scores(table, machine: model.machine) { line.update($0) })
    line.clear()
    if model.isJSON { return try model.terminal.print(json(report.report)) }
    for line in report.lines(on: model.terminal.output) { try model.terminal.print(line) }
  }

  package static func predict(_ model: OpenedModel, on file: String?, _ settings: PredictionSettings) throws {
    let labeller = try Labeller(model.network, path: model.path)
    let path = file ?? InspectionRequest.standardInput
    let isPipe = path == InspectionRequest.standardInput
    if isPipe { model.terminal.say("reading from standard input") }
    var writer = StepWriter(
      labeller.labels, format: settings.format ?? .text, writesSegments: settings.writesSegments ?? false, model.terminal)
    try writer.begin()
    if isPipe, !model.network.architecture.readsInReverse {
      // From a pipe each step is answered before the next one is read.
      let reader = try StepReader(
        settings.file.table(path, form: labeller.description.form, known: labeller.description.dialect),
        form: labeller.description.form, hasTargets: false)
      let stream = try labeller.stream()
      while let step = try reader.next() {
        if step.isFirst { stream.reset() }
        try writer.write(
          line: step.line, sequence: step.sequence, isFirst: step.isFirst, try stream.probabilities(step.inputs))
      }
    } else {
      let table = try labeller.table(path, settings.file, hasLabels: false)
      for repair in table.repairs { model.terminal.say(repair) }
      let count = labeller.labels.count
      for (sequence, outputs) in zip(table.sequences, try labeller.probabilities(table, machine: model.machine)) {
        for (step, line) in sequence.lines.enumerated() {
          try writer.write(
            line: line, sequence: sequence.name, isFirst: step == 0, Array(outputs[step * count..<(step + 1) * count]))
        }
      }
    }
    try writer.end()
  }

  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    let labeller = try Labeller(model.network, path: model.path)
    let (form, scaling) = (labeller.description.form, labeller.description.scaling)
    let (sequence, repairs) = try request.sequence(of: form, known: labeller.description.dialect, model)
    for repair in repairs { model.terminal.say(repair) }
    let width = form.stepNames.count
    let columns = form.stepNames.enumerated().map { place, name in
      InspectedInput.Column(
        name, numbers: stride(from: place, to: sequence.inputs.count, by: width).map { sequence.inputs[$0] })
    }
    // Units are compared with the labels that the file gives.
    let known = Set(sequence.labels)
    let labels = labeller.labels.filter { known.contains($0) }.map { label in
      InspectedInput.Column(name: "is \(label)", values: sequence.labels.map { $0 == label ? 1 : 0 })
    }
    return (
      InspectedInput(
        .features(columns), read: model.network.architecture.input.rows(form.features(sequence.inputs, scaling)), labels: labels),
      .labels(labeller.labels)
    )
  }
}
