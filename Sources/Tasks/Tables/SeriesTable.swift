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
    /// The rules by which the clocks of the table's time zone change; nil if none is named.
    var zone: TimeZoneRules?
    /// Steps from which on the table has another offset from UTC than before; none where it has no offsets, or a zone has them.
    var offsets: [(step: Int, offset: Int)] = []
    /// `[T, targets]`; NaN where a value is missing.
    package var targets: [Double]
    /// The indices in ``targets`` of interpolated values.
    package var filled: Set<Int> = []
    /// What a step has beside its targets, `[T, besides]`.
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
  package var roles: ColumnRoles
  /// What was done about missing values.
  package let missing: MissingPolicy
  package let step: TimeStep
  /// How the table's file is written; nil for one that is no text with delimiters.
  package private(set) var dialect: TableDialect?
  /// The series, in the order in which the table has them.
  package internal(set) var series: [Series]
  /// What was decided about values that could be read in two ways, and done about missing ones, in sentences.
  package internal(set) var repairs: [Sentence] = []

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
    var gaps = SeriesGaps(source: builder.source, roles: roles, policy: missing, canMask: canMask, isOfModel: step != nil)
    for rows in builder.series { try series += gaps.fill(rows, step: found, zone: builder.zone) }
    repairs = builder.decisions.map { Sentence($0) } + gaps.sentences
    dialect = builder.dialect
  }

  /// The table as it was before a row of each series: later values are not known yet, later rows only where they are known ahead.
  ///
  /// - Parameter row: of each series, counted from 1.
  /// - Throws: ``RecurrentError`` if no series has a row before it and one there.
  package func before(row: Int) throws(RecurrentError) -> SeriesTable {
    var table = self
    table.series = series.filter { $0.observed >= row && row > 1 }.map { series in
      var series = series
      series.observed = row - 1
      return series
    }
    if table.series.isEmpty {
      let most = series.map(\.observed).max() ?? 0
      throw RecurrentError(.unsuitable, "\(source) has no row \(row) with rows before it: give one from 2 to \(most)")
    }
    return table
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

  /// When a step is; nil if the rows are the steps.
  package func time(_ index: Int, _ step: TimeStep) -> TimeValue? {
    guard let start, let time = step.advance(start, by: index, onDay: dayOfMonth, in: zone) else { return nil }
    guard case .moment(let moment) = time, let offset = offsets.last(where: { $0.step <= index })?.offset else { return time }
    return .moment(
      step.isOnClock
        ? Moment(clock: moment.clock, offset: offset, precision: moment.precision)
        : Moment(seconds: moment.seconds, offset: offset, precision: moment.precision))
  }

  /// Notes where the offsets of a series' times change.
  mutating func noteOffsets(_ times: [TimeValue], step: TimeStep) {
    guard zone == nil, let start = times.first, case .moment(var before) = start else { return }
    for time in times.dropFirst() {
      guard case .moment(let moment) = time else { continue }
      if let offset = moment.offset, offset != before.offset, let index = step.steps(from: start, to: time) {
        offsets.append((index, offset))
      }
      before = moment
    }
  }
}
