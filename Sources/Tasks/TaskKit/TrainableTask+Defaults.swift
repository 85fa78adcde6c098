import Console
package import Inspector
import Models
package import Networks
package import Sequences
import Storage
import Support
package import Tables

/// The default behaviour of a task: a network is the task's if its description is of the task's kind, it is measured by its loss,
/// its predictions are its outputs, and it is inspected on the first sequence of a file. For this a task only has to say how a
/// file is read (``examples(in:for:)``).
extension TrainableTask {
  package static var presentation: TaskPresentation {
    TaskPresentation(
      summary: "Trains a network for the task \(kind).", sample: "data", noun: "data", model: "a model for the task \(kind)",
      examples: [])
  }

  package static var defaults: TaskDefaults { TaskDefaults() }
  package static var fields: [SettingField<Recipe<Self>>] { [] }
  package var further: FurtherRequest? { nil }
  package static var foldPath: (any WritableKeyPath<Self, Fold?> & Sendable)? { nil }
  package static var hasFixedBatches: Bool { false }
  package static var readsDates: Bool { false }
  package static var evaluationFields: [SettingField<EvaluationSettings>] { [] }
  package static var predictionFields: [SettingField<PredictionSettings>] { [] }
  package static var comparedMeasures: [String] { ["loss"] }
  package static func searchedChoices(beside chosen: Recipe<Self>) -> [SearchedChoice] { [] }
  package static var searchMeasure: String? { nil }

  package static func recipe(firstGeneration task: FirstGenerationTask) throws -> Recipe<Self>? { nil }

  package static func settings(of model: StartModel, in recipe: Recipe<Self>) throws -> ModelSettings<Self> {
    ModelSettings(Self())
  }
  package static func names(of network: Network) -> NetworkNames { NetworkNames() }

  package static func meaning(of network: Network) -> NumberMeaning {
    let names = names(of: network)
    return NumberMeaning(
      inputs: (names.features ?? []).map { NumberMeaning.Quantity($0) },
      outputs: (names.outputs ?? []).map { NumberMeaning.Quantity($0) })
  }

  package static func owns(_ network: Network) -> Bool { network.meaningKind == kind }

  /// The description of a network that only says for which task it is.
  package static var plainMeaning: String { json(PlainMeaning(kind: kind, version: version)) }

  package static func examples(in file: String, for network: Network) throws -> Batch {
    throw RecurrentError(.unsuitable, "\(presentation.model) reads no files: there is nothing that it could be tried on")
  }

  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: EvaluationSettings) throws {
    let batch = try examples(in: file, for: model.network)
    let runner = NetworkRunner(model.network, machine: model.machine, trains: false)
    let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets)
    try model.terminal.print(
      model.isJSON ? json(["loss": loss.mean]) : lossText(loss.mean, model.network.architecture))
  }

  package static func predict(_ model: OpenedModel, on file: String?, _ settings: PredictionSettings) throws {
    let batch = try examples(in: file ?? "-", for: model.network)
    let outputs = try NetworkRunner(model.network, machine: model.machine, trains: false).outputs(
      batch.inputs, lengths: batch.lengths)
    let width = model.network.architecture.outputWidth
    for row in stride(from: 0, to: outputs.count, by: width) {
      try model.terminal.print(outputs[row..<row + width].map { Double($0).fixed(4) }.joined(separator: " "))
    }
  }

  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    guard let file = request.file, request.text == nil else { throw RecurrentError(.usage, "\(model.path) needs a FILE to read") }
    let batch = try examples(in: file, for: model.network)
    let rows = batch.rows(of: 0)
    let architecture = model.network.architecture
    if let tokens = batch.inputs.symbols, let vocabulary = architecture.vocabulary {
      return (InspectedInput(.tokens(rows.map { tokens[$0] }, vocabulary)), .plain)
    }
    guard let values = batch.inputs.numbers, let width = architecture.features else {
      throw RecurrentError(
        .unsuitable, "\(model.path) reads \(architecture.input.encoding.summary), which can't be shown step by step")
    }
    let columns = (0..<width).map { column in
      InspectedInput.Column(name: "input \(column + 1)", values: rows.map { values[$0 * width + column] })
    }
    return (InspectedInput(.features(columns)), .plain)
  }
}

/// The description of a network that only says for which task it is.
private struct PlainMeaning: Encodable {
  let kind: String
  let version: Int
}
