import Support
import Tables
import TaskKit

/// The series of the tables that a model is trained on.
package struct ForecastMaterial: Sendable {
  private(set) var series: SeriesTable
  /// The series to validate on; nil to hold out the end of each.
  private(set) var heldOut: SeriesTable?

  /// Reads the tables, and notes what they hold and what was done about missing values.
  init(
    _ table: DataTable, validation: DataTable?, roles: ColumnRoles, missing: MissingPolicy, _ notes: inout [Note]
  ) throws {
    let series = try SeriesTable(table, roles: roles, missing: missing)
    self.series = series
    heldOut = try validation.map {
      try SeriesTable($0.read(as: $0.file?.model ?? series.dialect), roles: roles, missing: missing, step: series.step)
    }
    let steps = series.series.reduce(0) { $0 + $1.observed }
    let names = roles.targetNames
    let what =
      roles.isWide
      ? "\(roles.targets.count.grouped) columns" : names.count > 3 ? "\(names.count) columns" : names.joined(separator: ", ")
    let count = series.series.count == 1 ? "one series" : "\(series.series.count.grouped) series"
    let each = series.step == .rows ? "a row each" : "\(series.step) each"
    notes.append(.finding("\(series.source): \(steps.grouped) steps of \(count), \(each); to forecast: \(what)"))
    for repair in series.repairs + (heldOut?.repairs ?? []) { notes.append(.reason(repair)) }
  }

  /// The same with what cells read of rows as inputs of their own.
  func read(by inputs: [FurtherInput]) -> ForecastMaterial {
    var material = self
    material.series.roles.further?.inputs = inputs
    material.heldOut?.roles.further?.inputs = inputs
    return material
  }
}
