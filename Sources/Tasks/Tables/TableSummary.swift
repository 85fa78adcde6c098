package import Support

/// What each column of a table holds, found out in one pass over it.
package struct TableSummary: Sendable {
  package let source: String
  package let format: TableFormat
  package let hasHeader: Bool
  /// The table, with what has been found out about its first line.
  let table: DataTable
  package let rows: Int
  package let columns: [ColumnSummary]

  /// - Parameter header: whether the first line names the columns; nil to find it out from the file.
  /// - Throws: ``RecurrentError`` if the file can't be read, is no table, or has no rows.
  package init(contentsOf path: String, header: Bool? = nil) throws(RecurrentError) {
    try self.init(of: DataTable(path: path, hasHeader: header))
  }

  /// - Throws: ``RecurrentError`` if the table can't be read, or has no rows.
  package init(of table: DataTable) throws(RecurrentError) {
    let reader = try TableReader(table)
    var columns = reader.columns.map { ColumnSummary(name: $0) }
    var rows = 0
    var row = TableRow()
    while try reader.next(&row) {
      rows += 1
      for place in columns.indices { columns[place].add(row.value(place), row, place) }
    }
    guard rows > 0 else { throw RecurrentError(.data, "\(table.source) has names of columns and no rows below them") }
    (source, format, hasHeader) = (table.source, reader.format, reader.hasHeader)
    self.table = table.path.map { DataTable(path: $0, hasHeader: reader.hasHeader) } ?? table
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

  /// - Throws: ``RecurrentError`` if a row has no time or no group, or the time is of another kind than in other rows.
  package init(of summary: TableSummary, time: String?, group: String?) throws(RecurrentError) {
    let reader = try TableReader(summary.table)
    let keys = RowKeys(reader, time: time, group: group)
    var row = TableRow()
    while try reader.next(&row) {
      let (name, time) = (try keys.group(row), try keys.time(row))
      if let time { timeline.add(time, after: series[name]?.last, line: row.line, series: name) }
      series[name, default: Series(rows: 0, first: time)].rows += 1
      series[name]?.last = time
    }
  }
}

/// Reads the series and the time of each row.
struct RowKeys {
  private let source: String
  private let time: (place: Int, name: String)?
  private let group: (place: Int, name: String)?

  init(_ reader: TableReader, time: String?, group: String?) {
    source = reader.source
    func place(_ name: String?) -> (Int, String)? {
      name.flatMap { name in reader.columns.firstIndex(of: name).map { ($0, name) } }
    }
    (self.time, self.group) = (place(time), place(group))
  }

  func group(_ row: TableRow) throws(RecurrentError) -> String {
    guard let group else { return "" }
    let text = row.text(group.place)
    if text.isEmpty {
      throw RecurrentError(
        .data,
        "\(source), line \(row.line), \(title(ofColumn: group.name)): it is empty; name the series that the row belongs to"
      )
    }
    return text
  }

  func time(_ row: TableRow) throws(RecurrentError) -> TimeValue? {
    guard let time else { return nil }
    switch row.value(time.place) {
    case .number(let number): return .number(number)
    case .moment(let moment): return .moment(moment)
    case .missing, .array, .text:
      throw RecurrentError(
        .data,
        "\(source), line \(row.line), \(title(ofColumn: time.name)): \(quotedValue(row.text(time.place))) is no time; write dates like 2024-01-31, 2024-01 or "
          + "2024-01-31T13:45, or numbers")
    }
  }
}
