import Console
import Engine
package import Inspector
import Networks
import Sequences
import Storage
import Support
package import TaskKit
import Training

extension TextTask {
  package static let comparedMeasures = ["nats"]

  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: NoSettings) throws {
    let language = try LanguageModel(model.network, path: model.path)
    let source = try TextSource(evaluating: TokenizedText(contentsOf: file, in: language.vocabulary).tokens)
    let runner = NetworkRunner(model.network, machine: model.machine, trains: false)
    let batches = source.iterationsPerEpoch ?? 0
    var line = ProgressLine(total: batches * source.stepsPerBatch, things: "tokens", on: model.terminal)
    var total = Loss()
    for index in 0..<batches {
      let batch = source.batch(at: index)
      total += try runner.run(
        batch.inputs, lengths: batch.lengths, targets: batch.targets, carriesStates: source.continues(at: index))
      line.update((index + 1) * source.stepsPerBatch)
    }
    line.clear()
    if model.isJSON {
      try model.terminal.print(json(Evaluation(tokens: total.count, nats: total.mean)))
    } else {
      try model.terminal.print(
        "\(lossText(total.mean, model.network.architecture)); mean over \(total.count.grouped) \(language.vocabulary.kind.rawValue)"
      )
    }
  }

  private struct Evaluation: Encodable {
    let tokens: Int
    let nats: Double
  }

  package static func predict(_ model: OpenedModel, on file: String?, _ settings: NoSettings) throws {
    throw RecurrentError(
      .unsuitable, "\(model.path) is a language model, which gives no labels: `recurrent generate` writes as it would go on")
  }

  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    (try model.plainInput(request), .plain)
  }
}
