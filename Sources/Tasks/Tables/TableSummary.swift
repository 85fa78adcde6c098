package import Support

/// What each column of a table holds, found out in one pass over it.
package struct TableSummary: Sendable {
  package let source: String
  package let format: TableFormat
  package let hasHeader: Bool
  /// The table, with what has been found out of how it is written.
  package let table: DataTable
  /// What the caller has said of how times are read.
  package let request: TimeRequest
  package let rows: Int
  package let columns: [ColumnSummary]

  /// - Throws: ``RecurrentError`` if the table can't be read, or has no rows.
  package init(of table: DataTable, times: TimeRequest = TimeRequest()) throws(RecurrentError) {
    let reader = try TableReader(table)
    var columns = reader.columns.map { ColumnSummary(name: $0) }
    var rows = 0
    var row = TableRow()
    while try reader.next(&row) {
      rows += 1
      for place in columns.indices { columns[place].add(row.value(place), row, place) }
    }
    guard rows > 0 else { throw RecurrentError(.data, "\(table.source) has names of columns and no rows below them") }
    for place in columns.indices { columns[place].finish(asked: times.format) }
    request = times
    (source, format, hasHeader) = (table.source, reader.format, reader.hasHeader)
    self.table =
      table.file.map {
        DataTable(TableFile($0.path, hasHeader: reader.hasHeader, dialect: reader.format.dialect ?? $0.dialect, model: $0.model))
      } ?? table
    self.rows = rows
    self.columns = columns
  }

  /// The column of that name.
  package subscript(name: String) -> ColumnSummary? { columns.first { $0.name == name } }
}

/// The series of a table: when they begin and end, and how far their steps are apart, found out in one pass over it.
package struct SeriesSummary: Sendable {
  package struct Series: Sendable {
    package internal(set) var rows: Int
    /// The step between the rows; nil if the rows are the steps.
    package let first: TimeValue?
    package internal(set) var last: TimeValue?
  }

  /// The series by their texts in the group column.
  package private(set) var series: [String: Series] = [:]
  package private(set) var timeline = Timeline()

  /// - Parameter times: how the column of times is read.
  /// - Throws: ``RecurrentError`` if a row has no time or no group, or the time is of another kind than in other rows.
  package init(of summary: TableSummary, time: String?, group: String?, times: TimeReading?) throws(RecurrentError) {
    let reader = try TableReader(summary.table)
    let keys = try RowKeys(reader, time: time, group: group, times: times)
    var row = TableRow()
    while try reader.next(&row) {
      let name = try keys.group(row)
      let last = series[name]?.last
      let time = try keys.time(row, after: last)
      if let time { timeline.add(time, after: last, line: row.line, series: name) }
      series[name, default: Series(rows: 0, first: time)].rows += 1
      series[name]?.last = time
    }
  }
}
