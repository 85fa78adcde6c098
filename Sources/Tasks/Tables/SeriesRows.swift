package import Support

/// The rows of a table, read one by one for a stream.
package final class SeriesRows {
  package struct Row: Sendable {
    package let line: Int
    package let series: String
    package let time: TimeValue?
    /// The values of the targets; NaN where one is missing.
    package let values: [Double]
  }

  private let reader: TableReader
  private let keys: RowKeys
  private let columns: [(name: String, place: Int)]
  private var row = TableRow()

  /// - Throws: ``RecurrentError`` if the table can't be read, or does not have the columns.
  package init(path: String, roles: ColumnRoles, header: Bool? = nil) throws(RecurrentError) {
    reader = try TableReader(path: path, header: header)
    (keys, columns) = (RowKeys(reader, time: roles.time, group: roles.group), try reader.places(roles, roles.targets))
  }

  /// The next row; nil at the end.
  package func next() throws(RecurrentError) -> Row? {
    guard try reader.next(&row) else { return nil }
    let values = try columns.map { column throws(RecurrentError) in try reader.number(row, column) }
    return Row(line: row.line, series: try keys.group(row), time: try keys.time(row), values: values)
  }
}

extension TableReader {
  /// The indices of some of the columns that have a role.
  func places(_ roles: ColumnRoles, _ names: [String]) throws(RecurrentError) -> [(name: String, place: Int)] {
    if let name = roles.all.first(where: { !columns.contains($0) }) {
      throw lacks(name)
    }
    return names.compactMap { name in columns.firstIndex(of: name).map { (name, $0) } }
  }

  /// The error for a column that is missing.
  func lacks(_ name: String) -> RecurrentError {
    let there = columns.prefix(8).map { "“\($0)”" }.joined(separator: ", ")
    return RecurrentError(
      .data,
      "\(source) has no column “\(name)”, which is needed; it has \(there)"
        + (columns.count > 8 ? " and \(columns.count - 8) more" : ""))
  }

  /// The number in a field; NaN if it is missing.
  func number(_ row: TableRow, _ column: (name: String, place: Int)) throws(RecurrentError) -> Double {
    switch row.value(column.place) {
    case .number(let number): return number
    case .missing: return .nan
    case .moment, .array, .text:
      throw RecurrentError(
        .data,
        "\(source), line \(row.line), \(title(ofColumn: column.name)): \(quotedValue(row.text(column.place))) is not a number; mend it, or leave the place empty"
      )
    }
  }
}
