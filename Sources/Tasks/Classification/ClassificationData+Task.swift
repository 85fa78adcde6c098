import Console
package import Engine
package import Networks
import Sequences
package import Pages
import Support
import Tables
package import TaskKit
package import Training

extension ClassificationData: TaskData {
  package var subject: String { "\(count.grouped) sequences with \(description.labels.count.grouped) labels" }
  package var unit: String { "steps" }

  package func batches(of file: String) throws -> any BatchSource { try source(of: file) }

  package func fractionRight(_ network: Network, from path: String, machine: Machine) throws -> Double? {
    try scores(of: Classifier(network, path: path), machine: machine)?.accuracy
  }

  package var independentAnswers: Int? { validation?.count }

  package func figures(
    of network: Network, from path: String, on file: String, loss: Double, machine: Machine
  ) throws -> [Figure: Double] {
    let scores = try Classifier(network, path: path).scores(file, machine: machine).scores
    return [.accuracy: scores.accuracy, .macroF1: scores.macroF1]
  }

  package func passages(_ path: String, machine: Machine) throws -> [TrainingReport.Passage] {
    let classifier = try Classifier(contentsOf: path)
    guard let validation, let scores = try scores(of: classifier, machine: machine) else { return [] }
    let lines = ClassificationReport(scores, description: classifier.description).lines(on: .page(columns: 110))
    var table = Table(columns: [.text("held out"), .text("given"), .numbers("probability"), .text("right")])
    table.rows = try validation.examples(of: classifier, most: 16, machine: machine).map { example in
      let title = example.title.count > 60 ? String(example.title.prefix(59)) + "…" : example.title
      return [title, example.given, example.probability.fixed(3), example.given == example.expected ? "" : example.expected]
    }
    return [
      TrainingReport.Passage(title: "What was held out", lines: lines),
      TrainingReport.Passage(title: "Examples", lines: table.lines { $0 }),
    ]
  }

  package func conclusion(
    _ path: String, folder: String, machine: Machine
  ) throws -> (results: [String], advice: [String]) {
    let classifier = try Classifier(contentsOf: path)
    let scores = try scores(of: classifier, machine: machine)
    return (
      scores.map { [ClassificationReport($0, description: classifier.description).summary] } ?? [],
      ["to label others: recurrent predict \(folder) FILE"]
    )
  }
}

extension ClassificationData {
  /// What the file holds and how it is read.
  ///
  /// - Parameter file: the file as it was named.
  func notes(shownAs file: String) -> [Note] {
    let held = validation.map { ", \($0.count.grouped) held out" } ?? ", none held out"
    let all = (training.count + (validation?.count ?? 0)).grouped
    return [
      .finding("\(file): \(all) sequences of \(steps.grouped) steps together\(held)"), .reason(reading), .reason(labelling),
    ]
  }

  /// How the rows of the file become sequences and steps.
  private var reading: Sentence {
    switch description.form.steps {
    case .text(let column):
      guard let vocabulary else { preconditionFailure("texts are read as symbols of a vocabulary") }
      return
        "each row is a text, in \(placeOf(column)); it is read as \(vocabulary.kind.rawValue), \(vocabulary.count.grouped) different ones (\(Setting("tokens")))"
    case .row(let columns, let perStep):
      return
        "each row is a sequence of \((columns.count / perStep).grouped) steps of \(perStep), from \(placeOf(columns[0])) to \(placeOf(columns[columns.count - 1])) (\(Setting("per-step")), or \(Setting("group")) if rows are steps)"
    case .rows(let columns, let group):
      let more = columns.count > 4 ? " and \(columns.count - 4) more" : ""
      return
        "rows with the same \(group) are a sequence (\(Setting("group"))); a step reads \(columns.prefix(4).joined(separator: ", "))\(more) (\(Setting("columns")))"
    case .arrays(let columns, _):
      let count = description.scaling.count == 1 ? "1 number" : "\(description.scaling.count) numbers"
      return
        "each row is a sequence, an array in \(columns.map(placeOf).joined(separator: ", ")), with \(count) a step (\(Setting("columns")))"
    case .dimensions(let count): return "a step has \(count) numbers"
    }
  }

  /// The labels, the most frequent ones with their counts.
  private var labelling: Sentence {
    let counts = zip(description.labels, description.counts).sorted { $0.1 > $1.1 }
    let columns = description.form.labels.prefix(3).map(placeOf).joined(separator: ", ")
    let shown = counts.prefix(6).map { "\($0.0) (\($0.1.grouped))" }.joined(separator: ", ") + (counts.count > 6 ? ", …" : "")
    let several: Sentence =
      description.form.separator.map {
        "; a sequence may have several, with \($0) between them (\(Setting("separator")))" as Sentence
      } ?? ""
    return "\(description.labels.count.grouped) labels\(columns.isEmpty ? "" : " in \(columns)"): \(shown)\(several)"
  }
}

/// What a sentence calls a column: its name, or its place if it has none.
private func placeOf(_ column: String) -> String {
  let title = title(ofColumn: column)
  return title == column ? title : "the \(title)"
}

extension ClassificationData {
  /// The symbols as which texts are read; nil of numbers.
  var vocabulary: Vocabulary? { (input.encoding as? TokensInput)?.vocabulary }
}
