import Console
import Engine
package import Inspector
import Networks
package import Sequences
import Storage
import Support
package import TaskKit
import Training

extension TextTask {
  package static let comparedMeasures = ["nats"]

  /// How a text to measure a language model on is read.
  package struct EvaluationSettings: EmptySettings {
    package var unknown: UnknownCharacters?

    package init() {}
  }

  package static let evaluationFields: [SettingField<EvaluationSettings>] = [
    .value(
      Setting("unknown"), "CHARACTER", \.unknown,
      "a character to read in the place of those that the model does not know; skip to leave these out",
      expected: "a single character, or skip"
    ) { UnknownCharacters(word: $0) }
  ]

  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: EvaluationSettings) throws {
    let language = try LanguageModel(model.network, path: model.path)
    let policy = try language.vocabulary.policy(settings.unknown, of: model.path)
    let text = try TokenizedText(file: file, in: language.vocabulary, policy)
    if let sentence = text.replaced.sentence(policy) { model.terminal.say(sentence) }
    let source = try TextSource(evaluating: text.tokens)
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
