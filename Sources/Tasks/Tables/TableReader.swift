package import Support

/// Reads a table row by row: CSV with any usual separator, TSV, or JSON lines; a file, or standard input.
package final class TableReader {
  package let source: String
  package let format: TableFormat
  package let columns: [String]
  /// Whether the first line names the columns.
  package let hasHeader: Bool
  private var rows: Rows
  /// Rows that have been read in advance, the next one last.
  private var known: [TableRow] = []

  private enum Rows {
    case delimited(DelimitedRows)
    case json(JSONLineRows)
    case memory(MemoryRows)

    mutating func next(_ row: inout TableRow) throws(RecurrentError) -> Bool {
      switch self {
      case .json(var json):
        defer { self = .json(json) }
        return try json.next(&row)
      case .delimited(var delimited):
        defer { self = .delimited(delimited) }
        return try delimited.next(&row)
      case .memory(var memory):
        defer { self = .memory(memory) }
        return memory.next(&row)
      }
    }
  }

  /// Opens a table, and reads the first rows of a file.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, if the table is empty or its columns are not equally long, or if two
  ///   columns have the same name.
  package convenience init(_ table: DataTable) throws(RecurrentError) {
    switch table.content {
    case .file(let path, let hasHeader): try self.init(path: path, header: hasHeader)
    case .columns(let columns):
      self.init(columns.map(\.name), try MemoryRows(columns, source: table.source), source: table.source)
    }
  }

  private init(_ columns: [String], _ rows: MemoryRows, source: String) {
    (format, hasHeader, self.rows) = (.memory, true, .memory(rows))
    (self.columns, self.source) = (columns, source)
  }

  /// Opens a table and reads its first rows.
  ///
  /// - Parameters:
  ///   - path: of the file, `-` for standard input.
  ///   - header: whether the first line names the columns; nil to find it out from the file.
  /// - Throws: ``RecurrentError`` if the file can't be read, is empty, or two columns have the same name.
  package init(path: String, header: Bool? = nil) throws(RecurrentError) {
    let bytes = try ByteSource(path: path)
    source = bytes.name
    try bytes.skipByteOrderMark()
    let beginning = try bytes.beginning()
    if beginning.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") {
      let json = try JSONLineRows(bytes)
      (format, columns, hasHeader, rows) = (.jsonLines, json.names, true, .json(json))
      return
    }
    let marks = beginning.lazy.filter { !" \t\r\n".utf8.contains($0) }.prefix(2)
    if marks.elementsEqual("[{".utf8) {
      throw RecurrentError(.data, "\(source) is one JSON array; write its objects a line each, as `jq -c '.[]'` does")
    }
    let separator = DelimitedRows.separator(of: beginning, path: path)
    var delimited = DelimitedRows(bytes, separator: separator)
    var one = TableRow()
    // Empty lines before the first row are skipped.
    repeat {
      guard try delimited.next(&one) else {
        throw RecurrentError(
          .data, "\(bytes.name) is empty; a table has the names of its columns in the first line, and rows below")
      }
    } while one.count == 1 && one[0].isEmpty
    let isNamed: Bool
    if let header {
      isNamed = header
    } else if path == ByteSource.standardInput {
      // From a pipe the second row may come much later.
      isNamed = (0..<one.count).contains { one.value($0) == .text }
    } else {
      var below: [TableRow] = []
      var row = TableRow()
      while below.count < Self.mostLookedAt, Self.isHeader(one, above: below) == nil, try delimited.next(&row) {
        below.append(row)
      }
      // A name with nothing below it is a name, too.
      isNamed = Self.isHeader(one, above: below) ?? (below.isEmpty && (0..<one.count).contains { one.value($0) == .text })
      known = below.reversed()
    }
    if !isNamed { known.append(one) }
    format = .delimited(separator)
    hasHeader = isNamed
    columns = isNamed ? try Self.names(one, source: bytes.name) : (0..<one.count).map { "column \($0 + 1)" }
    rows = .delimited(delimited)
  }

  /// Reads the next row.
  ///
  /// - Returns: false at the end.
  /// - Throws: ``RecurrentError`` if a row has more or fewer fields than there are columns, or quotes don't match.
  package func next(_ row: inout TableRow) throws(RecurrentError) -> Bool {
    repeat {
      if let next = known.popLast() {
        row = next
      } else {
        guard try rows.next(&row) else { return false }
      }
      // In a table of one column an empty line is a row without a value.
    } while row.count == 1 && columns.count > 1 && row[0].isEmpty
    guard row.count == columns.count else {
      let places = row.count == 1 ? "1 value" : "\(row.count) values"
      let remedy =
        row.count < columns.count
        ? "give all, and leave only the place of a missing one empty, between its separators"
        : "put a text that holds a separator in quotes"
      throw RecurrentError(
        .data,
        "\(source), line \(row.line): it has \(places), and there \(columns.count == 1 ? "is 1 column" : "are \(columns.count) columns"); \(remedy)"
      )
    }
    return true
  }

  /// The names in the first line, which must differ; a column without one is called after its place.
  private static func names(_ row: TableRow, source: String) throws(RecurrentError) -> [String] {
    let names = (0..<row.count).map { row.text($0).isEmpty ? "column \($0 + 1)" : row.text($0) }
    var places: [String: Int] = [:]
    for (place, name) in names.enumerated() {
      if let other = places.updateValue(place, forKey: name) {
        throw RecurrentError(
          .data, "\(source), line \(row.line): the columns \(other + 1) and \(place + 1) are both called “\(name)”; rename one")
      }
    }
    return names
  }

  /// Rows below the first line that may say whether it names the columns.
  private static let mostLookedAt = 20

  /// Whether a line names the columns: some text in it stands above something other than text. A missing value decides nothing,
  /// so the rows below it are looked at.
  ///
  /// - Returns: nil as long as only missing values stand below some text, and nothing else below the others.
  private static func isHeader(_ row: TableRow, above below: [TableRow]) -> Bool? {
    var isOpen = false
    for place in 0..<row.count where row.value(place) == .text {
      let values = below.lazy.filter { place < $0.count }.map { $0.value(place) }
      switch values.first(where: { $0 != .missing }) {
      case .text?: continue
      case nil: isOpen = true
      default: return true
      }
    }
    return isOpen ? nil : false
  }
}

/// How a table is written.
package enum TableFormat: Sendable, Hashable, CustomStringConvertible {
  /// Texts with a byte between them that separates them.
  case delimited(UInt8)
  /// An object on each line.
  case jsonLines
  /// Columns in memory.
  case memory

  package var description: String {
    switch self {
    case .jsonLines: "columns in JSON lines"
    case .memory: "columns in memory"
    case .delimited(UInt8(ascii: "\t")): "columns separated by tabs"
    case .delimited(UInt8(ascii: ",")): "columns separated by commas"
    case .delimited(let separator): "columns separated by “\(Character(Unicode.Scalar(separator)))”"
    }
  }
}
