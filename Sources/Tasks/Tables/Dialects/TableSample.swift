import Support

/// The first lines of a file, which show how it is written.
struct TableSample {
  private let bytes: [UInt8]
  /// Whether these are all lines of the file.
  private let isWhole: Bool
  /// How many lines were before them.
  let linesBefore: Int

  /// How many bytes and rows are looked at.
  private static let (mostBytes, mostRows) = (1 << 16, 500)

  /// The first lines of a file, without consuming them.
  init(of file: ByteSource) throws(RecurrentError) {
    (bytes, isWhole) = try file.beginning(of: Self.mostBytes)
    linesBefore = 0
  }

  /// The first line that belongs to the table of a stream, of which the next lines may come much later. Lines before it are consumed:
  /// empty ones, comments, a line that names the delimiter, and those that the caller says are no part of the table.
  init(ofStream stream: ByteSource, _ asked: TableDialect) throws(RecurrentError) {
    var (line, lines) = ([UInt8](), 0)
    while true {
      line = Array(try stream.beginning().prefix { $0 != UInt8(ascii: "\n") })
      let isComment = line.first == UInt8(ascii: "#") && asked.hasComments != false
      let isSkipped = lines < asked.skippedLines ?? 0 || isComment || Self.isBlank(line) || Self.delimiter(namedBy: line) != nil
      guard isSkipped, try stream.peek() != nil else { break }
      stream.skip(line.count + 1)
      lines += 1
    }
    (bytes, isWhole, linesBefore) = (line, true, lines)
  }

  private init(_ line: ArraySlice<UInt8>) { (bytes, isWhole, linesBefore) = (Array(line), true, 0) }

  static func isBlank(_ line: some Sequence<UInt8>) -> Bool { line.allSatisfy { " \t\r".utf8.contains($0) } }

  /// The delimiter that a first line such as `sep=;` names, as spreadsheets write and read it; nil if it is no such line.
  static func delimiter(namedBy line: some Sequence<UInt8>) -> TableDialect.Delimiter? {
    let text = String(decoding: Array(line), as: UTF8.self).lowercased()
    guard text.hasPrefix("sep=") else { return nil }
    let rest = text.dropFirst(4).filter { !$0.isNewline }
    return TableDialect.Delimiter(word: String(rest))
  }

  /// The lines at the beginning that are empty or begin with `#`, after a number of others, up to the first that does not.
  func leadingLines(after skipped: Int) -> [ArraySlice<UInt8>] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 4096, omittingEmptySubsequences: false).dropFirst(skipped)
    return Array(lines.prefix { $0.first == UInt8(ascii: "#") || Self.isBlank($0) })
  }

  /// The first line.
  var firstLine: ArraySlice<UInt8> { bytes.prefix { $0 != UInt8(ascii: "\n") } }

  /// The rows of the lines, or as many as are looked at, without empty ones.
  ///
  /// - Returns: the rows, and whether quotes do not match in the next one.
  func rows(
    _ delimiter: TableDialect.Delimiter, skipping lines: Int, hasComments: Bool
  ) -> (rows: [TableRow], isBroken: Bool) {
    let source = ByteSource(bytes, name: "")
    var reader = DelimitedRows(source, delimiter: delimiter, hasComments: hasComments, after: linesBefore)
    var (rows, row, isCut) = ([TableRow](), TableRow(), !isWhole)
    do throws(RecurrentError) {
      try reader.skipLines(lines)
      while rows.count <= Self.mostRows, try reader.next(&row) { if row.count > 1 || !row[0].isEmpty { rows.append(row) } }
      if rows.count > Self.mostRows { isCut = true }
    } catch {
      // A text in quotes may go on after the last byte that is looked at.
      return (rows, isWhole || (try? source.peek()) != nil)
    }
    // The last row may be incomplete.
    return (isCut && rows.count > 1 ? rows.dropLast() : rows, false)
  }

  /// The number of fields of a line.
  static func width(of line: ArraySlice<UInt8>, _ delimiter: TableDialect.Delimiter) -> Int? {
    TableSample(line).rows(delimiter, skipping: 0, hasComments: false).rows.first?.count
  }
}
