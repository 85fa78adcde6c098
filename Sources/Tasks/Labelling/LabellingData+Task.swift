import Classification
import Console
package import Engine
package import Networks
package import Pages
import Support
import Tables
package import TaskKit
package import Training
import Models

extension LabellingData: TaskData {
  package var subject: String {
    "\(table.steps.grouped) steps of \(table.sequences.count.grouped) \(table.sequences.count == 1 ? "sequence" : "sequences") with \(description.labels.count.grouped) labels"
  }

  package func batches(of file: String) throws -> any BatchSource { try windows(of: file) }

  package func fits(_ network: Network) -> Bool {
    (try? LabelDescription(of: network, path: ""))?.labels == description.labels
  }

  package func fractionRight(_ network: Network, from path: String, machine: Machine) throws -> Double? {
    try scores(of: Labeller(network, path: path), machine: machine)?.steps.accuracy
  }

  package func figures(
    of network: Network, from path: String, on file: String, loss: Double, machine: Machine
  ) throws -> [Figure: Double] {
    let scores = try Labeller(network, path: path).scores(file, machine: machine)
    return [.accuracy: scores.steps.accuracy, .macroF1: scores.steps.macroF1, .segmentF1: scores.segments.f1]
  }

  package func passages(_ path: String, machine: Machine) throws -> [TrainingReport.Passage] {
    guard let scores = try scores(of: Labeller(contentsOf: path), machine: machine) else { return [] }
    return [TrainingReport.Passage(title: "What was held out", lines: LabelReport(scores).lines(on: .page(columns: 110)))]
  }

  package func conclusion(
    _ path: String, folder: String, machine: Machine
  ) throws -> (results: [String], advice: [String]) {
    let scores = try scores(of: Labeller(contentsOf: path), machine: machine)
    return (
      scores.map { ["held out: " + LabelReport($0).summary] } ?? [],
      ["to label the steps of others: recurrent predict \(folder) FILE"]
    )
  }

  /// How well a trained network labels the held-out steps; nil if none are held out.
  func scores(of labeller: Labeller, machine: Machine) throws(RecurrentError) -> LabelScores? {
    guard let held else { return nil }
    let width = description.form.inputWidth
    var scores = LabelScores(labels: description.labels)
    let features = held.parts.map { part in
      let numbers = held.table.sequences[part.sequence].inputs
      let columns = description.form.stepNames.count
      return description.form.features(
        Array(numbers[part.steps.lowerBound * columns..<part.steps.upperBound * columns]), description.scaling)
    }
    let given = try NetworkRunner(labeller.network, machine: machine, trains: false)
      .outputs(ofSequences: features, width: width, outputs: description.labels.count)
    for (part, outputs) in zip(held.parts, given) {
      let offset = part.scored.lowerBound - part.steps.lowerBound
      let found = labeller.classes(outputs)[offset..<offset + part.scored.count]
      let expected = try description.classes(of: part.sequence, in: held.table)[part.scored]
      scores.add(expected: Array(expected), found: Array(found))
    }
    return scores
  }
}

extension LabellingData {
  /// What the file holds and how it is read.
  ///
  /// - Parameter file: the file as it was named.
  func notes(shownAs file: String) -> [Note] {
    let form = description.form
    let count = table.sequences.count
    let more = form.columns.count > 4 ? " and \(form.columns.count - 4) more" : ""
    let sequences: Sentence =
      form.group.map { "rows with the same \($0) are a sequence (\(Setting("group")))" }
      ?? (table.isFile
        ? "all rows are one sequence (\(Setting("group")))" : "each sequence is given by itself")
    let unlabelled = table.sequences.reduce(0) { $0 + $1.labels.count { $0.isEmpty } }
    let counts = zip(description.labels, description.counts).sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    let shown = counts.prefix(6).map { "\($0.0) (\($0.1.grouped))" }.joined(separator: ", ") + (counts.count > 6 ? ", …" : "")
    var notes: [Note] = [
      .finding("\(file): \(table.steps.grouped) steps of \(count.grouped) \(count == 1 ? "sequence" : "sequences")"),
      .reason("\(sequences); a step reads \(form.columns.prefix(4).joined(separator: ", "))\(more) (\(Setting("columns")))"),
      .reason(
        "\(description.labels.count.grouped) labels in \(form.targetColumns[0]), to train on: \(shown) (\(Setting("target")))"),
    ]
    if unlabelled > 0 {
      notes.append(.reason("\(unlabelled.grouped) steps have no label: they are read, and not scored"))
    }
    notes += (split.sentence.map { [$0] } ?? []).map { .reason($0) }
    notes.append(.reason(training.sentence(cut)))
    return notes
  }
}
