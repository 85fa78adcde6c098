import Console
import Engine
package import Inspector
import Models
package import Networks
import Sequences
import Storage
import Support
package import Tables
package import TaskKit

extension ClassifyTask {
  /// Whether a network's description says that its outputs are labels.
  package static func owns(_ network: Network) -> Bool { ClassifierDescription.describes(network) }

  /// Numbers are scaled; the marks of missing ones, and what stands in the place of these, are as they are.
  package static func meaning(of network: Network) -> NumberMeaning {
    guard let description = try? ClassifierDescription(of: network, path: "") else { return NumberMeaning() }
    let names = names(of: network)
    let inputs = zip(names.features ?? [], description.form.featureScaling(description.scaling)).map { name, scaling in
      NumberMeaning.Quantity(name, scale: .init(mean: scaling.mean, deviation: scaling.deviation))
    }
    let notes =
      description.form.missing == .mask && !inputs.isEmpty
      ? ["A number that is missing is its mean, and the number that says whether it is there is then 0, otherwise 1."] : []
    return NumberMeaning(inputs: inputs, outputs: description.labels.map { NumberMeaning.Quantity($0) }, notes: notes)
  }

  /// How a file to measure a classifier on is read.
  package struct EvaluationSettings: EmptySettings {
    package var hasHeader: Bool?
    package var dialect = TableDialect()
    package var missing: MissingPolicy?

    package init() {}
  }

  /// How a file of sequences is read, and how their labels are written.
  package struct PredictionSettings: EmptySettings {
    package var format: PredictionFormat?
    package var top: Int?
    package var hasHeader: Bool?
    package var dialect = TableDialect()
    package var missing: MissingPolicy?

    package init() {}
  }

  package static let evaluationFields: [SettingField<EvaluationSettings>] =
    [
      .answer("header", \.hasHeader, "whether the first line names the columns; seen from the file if not given"),
      .choice("missing", \.missing, "what to do about missing values and rows (default: as in training)"),
    ] + TableDialect.fields.map { $0.within(\.dialect) }

  package static let predictionFields: [SettingField<PredictionSettings>] =
    [
      .choice("format", \.format, default: .text, "how labels and tags are written; json: an object a line"),
      .integer(
        "top", \.top, in: 1...65_536, default: "1", "labels that the format text shows, the most probable ones"),
      .answer("header", \.hasHeader, "whether the first line names the columns; seen from the file if not given"),
      .choice("missing", \.missing, "what to do about missing numbers (default: as in training)"),
    ] + TableDialect.fields.map { $0.within(\.dialect) }

  package static let comparedMeasures = ["accuracy", "macro_f1"]

  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: EvaluationSettings) throws {
    let classifier = try Classifier(model.network, path: model.path)
    let (scores, repairs) = try classifier.scores(
      file, header: settings.hasHeader, dialect: settings.dialect, missing: settings.missing, machine: model.machine)
    for repair in repairs { model.terminal.say(.reason(Sentence(repair))) }
    let report = ClassificationReport(scores, description: classifier.description)
    if model.isJSON { return try model.terminal.print(json(report.report)) }
    for line in report.lines(on: model.terminal.output) { try model.terminal.print(line) }
  }

  package static func predict(_ model: OpenedModel, on file: String?, _ settings: PredictionSettings) throws {
    let classifier = try Classifier(model.network, path: model.path)
    let writer = LabelWriter(
      classifier, format: settings.format ?? .text, top: settings.top ?? 1, model.terminal)
    let runner = ClassifierRunner(classifier, machine: model.machine)
    let path = file ?? InspectionRequest.standardInput
    // From a pipe each sequence is answered before the next one is read.
    let isPipe = path == InspectionRequest.standardInput
    if isPipe { model.terminal.say("reading from standard input") }
    try writer.writeHeader()
    let reader = try UnlabelledSequences(
      classifier, TableFile(path, hasHeader: settings.hasHeader, dialect: settings.dialect), missing: settings.missing)
    var empty: [Int] = []
    while true {
      let sequences = try reader.next(upTo: isPipe ? 1 : ClassifierRunner.defaultCount)
      if sequences.isEmpty { break }
      for (sequence, probabilities) in zip(sequences, try runner.probabilities(sequences.map(\.content))) {
        if probabilities == nil { empty.append(sequence.line) }
        try writer.write(line: sequence.line, name: sequence.shown, probabilities)
      }
    }
    for repair in reader.repairs { model.terminal.say(repair) }
    if let first = empty.first {
      let lines = empty.count == 1 ? "line \(first) has" : "\(empty.count.grouped) lines, the first one line \(first), have"
      model.terminal.say("\(lines) nothing to read, and no label")
    }
  }

  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    let classifier = try Classifier(model.network, path: model.path)
    let form = classifier.description.form
    let content: SequenceReader.Content
    if let text = request.text {
      if let setting = request.tableSetting {
        throw RecurrentError(.usage, naming: "\(setting) is for tables: leave it out with \(Setting("text"))")
      }
      guard form.width == nil else {
        throw RecurrentError(
          .usage, naming: "the model reads numbers, which \(Setting("text")) can't give: name a FILE")
      }
      content = .text(text)
    } else {
      let reader = try UnlabelledSequences(classifier, request.table(request.fileOrStandardInput(model.terminal)))
      let chosen = try request.chosen("sequence") {
        while let sequence = try reader.next(upTo: 1).first {
          if !sequence.isEmpty { return (sequence.name, sequence) }
        }
        return nil
      }
      content = chosen.content
      if let labels = reader.labels(ofSequenceIn: chosen.line) {
        let shown = labels.isEmpty ? "no label" : labels.map { "“\($0)”" }.joined(separator: ", ")
        model.terminal.say("the file gives the sequence in line \(chosen.line) \(shown)")
      }
    }
    let steps: InspectedInput
    let inputs = try classifier.inputs(content)
    if let tokens = inputs.symbols, let vocabulary = classifier.network.architecture.vocabulary {
      steps = InspectedInput(.tokens(tokens, vocabulary))
    } else if case .numbers(let numbers) = content {
      let names = form.stepNames
      let columns = names.enumerated().map { place, name in
        InspectedInput.Column(name, numbers: stride(from: place, to: numbers.count, by: names.count).map { numbers[$0] })
      }
      steps = InspectedInput(.features(columns), read: inputs)
    } else {
      throw RecurrentError(.unsuitable, "the model reads something that can't be shown step by step")
    }
    return (steps, .labels(classifier.description.labels))
  }
}
