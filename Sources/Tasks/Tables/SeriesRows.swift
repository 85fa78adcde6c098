package import Support

/// The rows of a table, read one by one for a stream.
package final class SeriesRows {
  package struct Row: Sendable {
    package let line: Int
    package let series: String
    package let time: TimeValue?
    /// The values of the targets; NaN where one is missing.
    package let values: [Double]
    /// What is the same in all rows of the series; none if nothing of that kind is read.
    package let constants: [Double]
  }

  private let reader: TableReader
  private let keys: RowKeys
  private let columns: [(name: String, place: Int)]
  private var further: FurtherReader?
  private var row = TableRow()
  /// The last time of each series.
  private var last: [String: TimeValue] = [:]

  /// - Throws: ``RecurrentError`` if the table can't be read, or does not have the columns.
  package init(_ file: TableFile, roles: ColumnRoles) throws(RecurrentError) {
    reader = try TableReader(file)
    columns = try reader.places(roles, roles.targets)
    keys = try RowKeys(reader, time: roles.time, group: roles.group, times: roles.times)
    further = try FurtherReader(reader, roles.further)
  }

  /// The rules of the zone in which the times are; nil if none is named.
  package var zone: TimeZoneRules? { keys.zone }

  /// The next row; nil at the end.
  package func next() throws(RecurrentError) -> Row? {
    guard try reader.next(&row) else { return nil }
    let values = try columns.map { column throws(RecurrentError) in try reader.number(row, column) }
    let series = try keys.group(row)
    let time = try keys.time(row, after: last[series])
    last[series] = time
    let constants = try further?.numbers(of: row, in: series) ?? []
    return Row(line: row.line, series: series, time: time, values: values, constants: constants)
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
}
