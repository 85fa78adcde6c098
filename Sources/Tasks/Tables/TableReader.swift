package import Support

/// Reads a table row by row: CSV with any usual separator, TSV, or JSON lines; a file, or standard input.
package final class TableReader {
  package let source: String
  /// In which form the table is, as far as the rows that have been read show it.
  package var format: TableFormat {
    guard case .delimited(var dialect) = form else { return form }
    dialect.units = units.found
    return .delimited(dialect)
  }
  private var form: TableFormat
  package let columns: [String]
  /// Whether the first line names the columns.
  package let hasHeader: Bool
  private var rows: Rows
  /// The first row, if it has been read in advance.
  private var known: TableRow?
  /// The file; nil for a table in memory.
  let file: TableFile?
  /// How numbers are written.
  var numbers = NumberReading.plain
  /// What the rows have shown of the numbers, as long as it decides nothing.
  var openEvidence: NumberEvidence?
  var units: ColumnUnits
  /// What was decided where the file can be read in two ways, in sentences.
  package internal(set) var decisions: [String] = []

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

  /// Opens a table. It is found out how a file is written, from its first lines as a rule.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, if it can be read in two ways, if the table is empty or its columns are
  ///   not equally long, or if two columns have the same name.
  package convenience init(_ table: DataTable) throws(RecurrentError) {
    switch table.content {
    case .file(let file): try self.init(file)
    case .columns(let columns):
      self.init(columns.map(\.name), try MemoryRows(columns, source: table.source), source: table.source)
    }
  }

  private init(_ columns: [String], _ rows: MemoryRows, source: String) {
    (form, hasHeader, self.rows) = (.memory, true, .memory(rows))
    (self.columns, self.source) = (columns, source)
    (file, units) = (nil, ColumnUnits(columns, known: nil))
  }

  /// Opens a file.
  ///
  /// - Throws: ``RecurrentError`` if it can't be read, if it can be read in two ways, if it is empty, or if two columns have the same
  ///   name.
  package init(_ file: TableFile) throws(RecurrentError) {
    try file.dialect.check()
    let bytes = try ByteSource(path: file.path)
    (source, self.file) = (bytes.name, file)
    try bytes.skipByteOrderMark()
    let beginning = try bytes.beginning()
    if beginning.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") {
      if let setting = file.dialect.settings.first {
        throw RecurrentError(.usage, naming: "\(source) is JSON lines, which are read in one way: leave out \(setting)")
      }
      let json = try JSONLineRows(bytes)
      (form, columns, hasHeader, rows) = (.jsonLines, json.names, true, .json(json))
      units = ColumnUnits(columns, known: file.model?.units)
      return
    }
    let marks = beginning.lazy.filter { !" \t\r\n".utf8.contains($0) }.prefix(2)
    if marks.elementsEqual("[{".utf8) {
      throw RecurrentError(.data, "\(source) is one JSON array; write its objects a line each, as `jq -c '.[]'` does")
    }
    let found = try TableDetection(file, bytes)
    var delimited = DelimitedRows(
      bytes, delimiter: found.dialect.delimiter ?? .comma, hasComments: found.dialect.hasComments ?? false,
      after: found.linesBefore)
    try delimited.skipLines(found.dialect.skippedLines ?? 0)
    var first = TableRow()
    // Empty lines before the first row are skipped.
    repeat {
      guard try delimited.next(&first) else {
        throw RecurrentError(
          .data, "\(bytes.name) is empty; a table has the names of its columns in the first line, and rows below")
      }
    } while first.count == 1 && first[0].isEmpty
    if found.header == .doubtful { throw HeaderLine.refusal(first, source: source) }
    // A name with nothing below it is a name, too.
    let isUndecided = found.header == .undecided && (file.isStandardInput || found.rowCount == 1)
    hasHeader = found.header == .named || isUndecided
    let names = Array(
      try hasHeader
        ? Self.names(first, source: bytes.name).prefix(found.width) : (0..<first.count).map { "column \($0 + 1)" }[...])
    columns = names
    units = ColumnUnits(names, known: file.model?.units)
    (form, rows, numbers) = (.delimited(found.dialect), .delimited(delimited), found.outcome.reading)
    if !hasHeader { known = first }
    try take(found.outcome, found.evidence)
  }

  /// Reads the next row.
  ///
  /// - Returns: false at the end.
  /// - Throws: ``RecurrentError`` if a row has more or fewer fields than there are columns, if quotes don't match, or if a number can
  ///   be read in two ways and nothing in the file decides which.
  package func next(_ row: inout TableRow) throws(RecurrentError) -> Bool {
    var comments: ArraySlice<Int> = []
    repeat {
      if let known {
        (row, self.known) = (known, nil)
      } else {
        guard try rows.next(&row) else {
          row.comments = comments + row.comments
          return false
        }
      }
      comments += row.comments
      // In a table of one column an empty line is a row without a value.
    } while row.count == 1 && columns.count > 1 && row[0].isEmpty
    row.comments = comments
    if row.count > columns.count, row.filledCount <= columns.count { row.drop(to: columns.count) }
    guard row.count == columns.count else { throw wrongCount(row) }
    if openEvidence != nil { try look(at: row) }
    row.numbers = numbers
    return true
  }

  /// How many lines have been read; nil for a table in memory.
  var lines: Int? {
    switch rows {
    case .delimited(let rows): rows.lines
    case .json(let rows): rows.line
    case .memory: nil
    }
  }

  /// Takes over how numbers are written.
  func write(_ outcome: NumberEvidence.Outcome) {
    guard case .delimited(var dialect) = form else { return }
    dialect.write(outcome)
    form = .delimited(dialect)
  }

  private func wrongCount(_ row: TableRow) -> RecurrentError {
    let places = row.count == 1 ? "1 value" : "\(row.count) values"
    let remedy: Sentence =
      row.count < columns.count
      ? "give all, and leave only the place of a missing one empty, between its separators"
      : "put a text that holds a separator in quotes"
    let way: Sentence =
      row.line - 1 == (format.dialect?.skippedLines ?? 0) + 1
      ? "; if the table begins there, skip the lines before it with \(TableDialect.Settings.skip) \(row.line - 1)" : ""
    return RecurrentError(
      .data,
      naming:
        "\(source), line \(row.line): it has \(places), and there \(columns.count == 1 ? "is 1 column" : "are \(columns.count) columns"); \(remedy)\(way)"
    )
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
}
