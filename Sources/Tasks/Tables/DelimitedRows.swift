import Support

/// Reads rows of comma-separated values and their relatives, as RFC 4180 has them: a text in quotes may hold separators, ends of
/// lines and doubled quotes. Lines may end in any of the three ways.
struct DelimitedRows {
  private let separator: UInt8
  /// Whether any number of spaces and tabs separates fields.
  private let isSpaced: Bool
  /// Whether lines that begin with `#` are left out.
  private let hasComments: Bool
  private let bytes: ByteSource
  private var line: Int
  /// How many lines have been read.
  var lines: Int { line - 1 }

  private static let (quote, carriageReturn, newline) = (UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"))

  /// - Parameter lines: how many lines of the file have been read before.
  init(_ bytes: ByteSource, delimiter: TableDialect.Delimiter, hasComments: Bool, after lines: Int = 0) {
    self.bytes = bytes
    separator = delimiter.byte
    isSpaced = delimiter == .space
    self.hasComments = hasComments
    line = lines + 1
  }

  /// Skips whole lines, whatever they hold.
  mutating func skipLines(_ count: Int) throws(RecurrentError) {
    for _ in 0..<count where try bytes.peek() != nil { while let byte = try bytes.next(), try !endsLine(byte) {} }
  }

  /// Reads the next row; an empty line is a row with one empty text.
  ///
  /// - Returns: false at the end.
  mutating func next(_ row: inout TableRow) throws(RecurrentError) -> Bool {
    row.comments.removeAll(keepingCapacity: true)
    while hasComments, try bytes.peek() == UInt8(ascii: "#") {
      row.comments.append(line)
      try skipLines(1)
    }
    guard try bytes.peek() != nil else { return false }
    row.clear(line: line)
    while try readField(&row) {}
    return true
  }

  /// Reads up to the next separator or the end of the line.
  ///
  /// - Returns: whether a field follows.
  private mutating func readField(_ row: inout TableRow) throws(RecurrentError) -> Bool {
    let start = row.bytes.count
    while let byte = try bytes.peek(), isSpace(byte) { bytes.skip(1) }
    if try bytes.peek() == Self.quote { return try readQuoted(&row) }
    while let byte = try bytes.next() {
      if byte == separator || isSpaced && isSpace(byte) {
        row.endField(from: start)
        return try hasMore()
      }
      if try endsLine(byte) {
        row.endField(from: start)
        return false
      }
      row.bytes.append(byte)
    }
    row.endField(from: start)
    return false
  }

  private mutating func readQuoted(_ row: inout TableRow) throws(RecurrentError) -> Bool {
    let begin = line
    bytes.skip(1)
    while true {
      guard let byte = try bytes.next() else {
        throw RecurrentError(
          .data,
          "\(bytes.name), line \(begin): a text begins with a quote that nothing closes; close it, or double it if it is meant")
      }
      if byte == Self.quote {
        guard try bytes.peek() == Self.quote else { break }
        bytes.skip(1)
      } else if byte == Self.newline {
        line += 1
      }
      row.bytes.append(byte)
    }
    row.ends.append(row.bytes.count)
    while let byte = try bytes.next() {
      if byte == separator || isSpaced && isSpace(byte) { return try hasMore() }
      if try endsLine(byte) { return false }
      guard byte == UInt8(ascii: " ") else {
        throw RecurrentError(
          .data,
          "\(bytes.name), line \(line): “\(Character(Unicode.Scalar(byte)))” stands after a closing quote; double quotes that belong to the text"
        )
      }
    }
    return false
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || isSpaced && byte == UInt8(ascii: "\t") }

  /// Whether a field follows a separator: always, but for spaces at the end of a line, which is then consumed.
  private mutating func hasMore() throws(RecurrentError) -> Bool {
    guard isSpaced else { return true }
    while let byte = try bytes.peek() {
      if isSpace(byte) {
        bytes.skip(1)
      } else if byte == Self.newline || byte == Self.carriageReturn {
        bytes.skip(1)
        return try !endsLine(byte)
      } else {
        return true
      }
    }
    return false
  }

  /// Whether a byte ends the line, with the newline that follows a carriage return.
  private mutating func endsLine(_ byte: UInt8) throws(RecurrentError) -> Bool {
    if byte == Self.newline {
      line += 1
      return true
    }
    guard byte == Self.carriageReturn else { return false }
    if try bytes.peek() == Self.newline { bytes.skip(1) }
    line += 1
    return true
  }
}

extension TableRow {
  /// Ends a field that is not in quotes, without the space after it.
  fileprivate mutating func endField(from start: Int) {
    while bytes.count > start, bytes[bytes.count - 1] == UInt8(ascii: " ") { bytes.removeLast() }
    ends.append(bytes.count)
  }
}
