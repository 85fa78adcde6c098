package import Support

/// The series of a table, each with a row for every step.
package struct SeriesTable: Sendable {
  package struct Series: Sendable {
    /// The name of the series: its text in the group column, or in wide form the column's name; empty if there is only one
    /// series.
    package let name: String
    /// When the first step is; nil if the rows are the steps.
    package internal(set) var start: TimeValue?
    /// For steps of months, the day on which they are; nil for the last of each.
    package internal(set) var dayOfMonth: Int?
    /// `[T, targets]`; NaN where a value is missing.
    package var targets: [Double]
    /// The indices in ``targets`` of interpolated values.
    package var filled: Set<Int> = []
    /// `[T, known]`
    package internal(set) var known: [Double]
    /// The number of steps up to the last one with a value to forecast. Later ones are known in other columns only.
    package internal(set) var observed: Int
    /// The number of all steps.
    package internal(set) var count: Int
  }

  /// What messages call the table: its file, if it has one.
  package let source: String
  /// The table's file; nil for one in memory.
  package let path: String?
  package let roles: ColumnRoles
  /// What was done about missing values.
  package let missing: MissingPolicy
  package let step: TimeStep
  /// The series, in the order in which the table has them.
  package internal(set) var series: [Series]
  /// What was done about missing values, in sentences.
  package internal(set) var repairs: [String] = []

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - step: how far apart the rows should be; nil to find it out from the table.
  ///   - header: whether the first line names the columns; nil to find it out from the file.
  ///   - canMask: whether the network that reads the series has a mask of what is missing, for messages.
  /// - Throws: ``RecurrentError`` if something is wrong with the table: it names the line, the column and the value.
  package init(
    contentsOf path: String, roles: ColumnRoles, missing: MissingPolicy, step: TimeStep? = nil, header: Bool? = nil,
    canMask: Bool = true
  ) throws(RecurrentError) {
    try self.init(DataTable(path: path, hasHeader: header), roles: roles, missing: missing, step: step, canMask: canMask)
  }

  /// Takes the series out of a table.
  ///
  /// - Parameters:
  ///   - step: how far apart the rows should be; nil to find it out from the table.
  ///   - canMask: whether the network that reads the series has a mask of what is missing, for messages.
  /// - Throws: ``RecurrentError`` if something is wrong with the table: it names the line, the column and the value.
  package init(
    _ table: DataTable, roles: ColumnRoles, missing: MissingPolicy, step: TimeStep? = nil, canMask: Bool = true
  ) throws(RecurrentError) {
    var builder = try SeriesBuilder(TableReader(table), roles)
    try builder.readAll(isOfModel: step != nil)
    let found = try builder.checkedStep(step)
    (source, path) = (table.source, table.path)
    self.roles = roles
    self.missing = missing
    self.step = found
    series = []
    var gaps = SeriesGaps(source: builder.source, roles: roles, policy: missing, canMask: canMask)
    for rows in builder.series { try series += gaps.fill(rows, step: found) }
    repairs = gaps.sentences
  }

  /// A table of given series.
  package init(roles: ColumnRoles, missing: MissingPolicy = .error, step: TimeStep, series: [Series]) {
    (source, path) = ("the table", nil)
    self.roles = roles
    self.missing = missing
    self.step = step
    self.series = series
  }
}

extension SeriesTable.Series {
  package init(name: String, start: TimeValue? = nil, targets: [Double], known: [Double] = [], count: Int) {
    self.init(name: name, start: start, dayOfMonth: nil, targets: targets, known: known, observed: count, count: count)
  }
}
