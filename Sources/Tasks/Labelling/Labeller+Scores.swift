import Classification
public import Engine
import Networks
public import Support
package import Tables
import TaskKit

extension Labeller {
  /// Reads a file's sequences and counts how often the labels of their steps are found.
  ///
  /// - Parameters:
  ///   - path: of a table in the form of the training's, with labels.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if what the file holds is not as the model's form says, or it has other labels.
  public func scores(_ path: String, machine: Machine? = nil) throws(RecurrentError) -> LabelScores {
    let machine = if let machine { machine } else { try Machine() }
    return try scores(table(path, StepFileSettings(), hasLabels: true), machine: machine)
  }

  /// Counts how often the labels of a table's steps are found.
  ///
  /// - Parameter progress: called with the number of steps so far.
  package func scores(
    _ table: StepTable, machine: Machine, progress: (Int) -> Void = { _ in }
  ) throws(RecurrentError) -> LabelScores {
    var scores = LabelScores(labels: labels)
    for (sequence, outputs) in try probabilities(table, machine: machine, progress: progress).enumerated() {
      scores.add(expected: try description.classes(of: sequence, in: table), found: classes(outputs))
    }
    guard scores.steps.count > 0 else { throw RecurrentError(.data, "\(table.source): no step has a label to compare with") }
    return scores
  }

  /// A table in the form of the training's.
  ///
  /// - Parameter hasLabels: whether labels are wanted, so that the table has to have them.
  func table(_ path: String, _ settings: StepFileSettings, hasLabels: Bool) throws(RecurrentError) -> StepTable {
    let form = description.form
    return try StepTable(
      settings.table(path, form: form, known: description.dialect), form: form, missing: settings.missing,
      canMask: form.missing == .mask, hasTargets: hasLabels)
  }

  /// The probability of each label at each step of each of a table's sequences, `[sequences][T, labels]`.
  func probabilities(
    _ table: StepTable, machine: Machine, progress: (Int) -> Void = { _ in }
  ) throws(RecurrentError) -> [[Float]] {
    try NetworkRunner(network, machine: machine, trains: false).outputs(
      ofSequences: table.sequences.map { description.form.features($0.inputs, description.scaling) },
      width: description.form.inputWidth, outputs: labels.count, progress: progress)
  }
}
