public import Engine
public import Support
package import Tables
import TaskKit

extension SignalModel {
  /// Reads a table and measures how far what the model gives is from what it holds.
  ///
  /// - Parameters:
  ///   - path: of a table in the form of the training's, with what is to be given.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if what the file holds is not as the model's form says.
  public func scores(_ path: String, machine: Machine? = nil) throws(RecurrentError) -> MapScores {
    let machine = if let machine { machine } else { try Machine() }
    return try scores(table(path, StepFileSettings(), hasTargets: true), machine: machine)
  }

  /// Measures how far what the model gives is from what it should give.
  ///
  /// - Parameter progress: called with the number of steps so far.
  package func scores(
    _ table: StepTable, machine: Machine, progress: (Int) -> Void = { _ in }
  ) throws(RecurrentError) -> MapScores {
    var scores = MapScores(outputs: outputNames)
    let given = try values(table.sequences.map(\.inputs), machine: machine, progress: progress)
    for (sequence, found) in zip(table.sequences, given) { scores.add(found: found, targets: sequence.values) }
    guard scores.steps > 0 else { throw RecurrentError(.data, "\(table.source): there is nothing to compare with") }
    return scores
  }

  /// A table in the form of the training's.
  ///
  /// - Parameter hasTargets: whether what is to be given is wanted, so that the table has to have it.
  func table(_ path: String, _ settings: StepFileSettings, hasTargets: Bool) throws(RecurrentError) -> StepTable {
    if description.audio != nil {
      throw RecurrentError(.unsuitable, "the model reads sound, and \(path) is a table")
    }
    let form = description.form
    return try StepTable(
      settings.table(path, form: form, known: description.dialect), form: form, missing: settings.missing,
      canMask: form.missing == .mask, hasTargets: hasTargets)
  }
}
