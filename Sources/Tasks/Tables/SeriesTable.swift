package import Support

/// The series of a table, each with a row for every step.
package struct SeriesTable: Sendable {
  package struct Series: Sendable {
    /// What the group column has, or in wide form the column's name; empty if there is only one series.
    package let name: String
    /// When the first step is; nil if the rows are the steps.
    package internal(set) var start: TimeValue?
    /// Of steps of months: the day on which they are, nil for the last of each.
    package internal(set) var dayOfMonth: Int?
    /// `[T, targets]`; NaN where a value is missing.
    package var targets: [Double]
    /// The places in ``targets`` that hold what was interpolated.
    package var filled: Set<Int> = []
    /// `[T, known]`
    package internal(set) var known: [Double]
    /// Steps up to the last one with a value to forecast. Those behind it are known ahead in their other columns only.
    package internal(set) var observed: Int
    /// All steps.
    package internal(set) var count: Int
  }

  /// What messages call the table: its file, if it has one.
  package let source: String
  /// The table's file; nil of one in memory.
  package let path: String?
  package let roles: ColumnRoles
  /// What was done about missing values.
  package let missing: MissingPolicy
  package let step: TimeStep
  /// In the order in which the table has them.
  package internal(set) var series: [Series]
  /// What was put in for missing values, in sentences.
  package internal(set) var repairs: [String] = []

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - step: how far apart the rows should be; nil to see for oneself.
  ///   - header: whether the first line names the columns; nil to see for oneself.
  ///   - canMask: whether a network that reads the series can be told what is missing, for messages.
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
  ///   - step: how far apart the rows should be; nil to see it from the table.
  ///   - canMask: whether a network that reads the series can be told what is missing, for messages.
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

  /// Series that somebody made.
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
