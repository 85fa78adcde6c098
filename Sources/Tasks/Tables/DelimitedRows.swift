import Support

/// Reads rows of comma-separated values and their relatives, as RFC 4180 has them: a text in quotes may hold separators, ends of
/// lines and doubled quotes. Lines may end in any of the three ways.
struct DelimitedRows {
  let separator: UInt8
  private let bytes: ByteSource
  private var line = 1

  private static let (quote, carriageReturn, newline) = (UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"))

  init(_ bytes: ByteSource, separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
  }

  /// Reads the next row; an empty line is a row with one empty text.
  ///
  /// - Returns: false at the end.
  mutating func next(_ row: inout TableRow) throws(RecurrentError) -> Bool {
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
    while let byte = try bytes.peek(), byte == UInt8(ascii: " ") { bytes.skip(1) }
    if try bytes.peek() == Self.quote { return try readQuoted(&row) }
    while let byte = try bytes.next() {
      if byte == separator {
        row.endField(from: start)
        return true
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
      if byte == separator { return true }
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

extension DelimitedRows {
  /// The separator of the columns: tabs where the file's name says so, even if it has a single column; or else the one that
  /// divides all of the first lines into equally many parts.
  static func separator(of beginning: [UInt8], path: String) -> UInt8 {
    let tab = UInt8(ascii: "\t")
    if path.lowercased().hasSuffix(".tsv") { return tab }
    let candidates = [UInt8(ascii: ","), tab, UInt8(ascii: ";"), UInt8(ascii: "|")]
    var best: (separator: UInt8, count: Int) = (UInt8(ascii: ","), 0)
    for candidate in candidates {
      let counts = counts(of: candidate, in: beginning)
      guard let first = counts.first, first > best.count, counts.allSatisfy({ $0 == first }) else { continue }
      best = (candidate, first)
    }
    // Lines of different lengths are reported later.
    if best.count == 0 {
      for candidate in candidates {
        let first = counts(of: candidate, in: beginning).first ?? 0
        if first > best.count { best = (candidate, first) }
      }
    }
    return best.separator
  }

  /// How often a byte occurs outside of quotes in each of the first whole lines that are not empty.
  private static func counts(of separator: UInt8, in bytes: [UInt8]) -> [Int] {
    var counts: [Int] = []
    var (count, isQuoted, isEmpty) = (0, false, true)
    for byte in bytes {
      if byte == quote { isQuoted.toggle() }
      if byte == newline, !isQuoted {
        if !isEmpty { counts.append(count) }
        (count, isEmpty) = (0, true)
        if counts.count == 50 { return counts }
      } else if byte != carriageReturn {
        isEmpty = false
        if byte == separator, !isQuoted { count += 1 }
      }
    }
    // A file without an end of line at its end has no more lines than this.
    if counts.isEmpty, !isEmpty { counts.append(count) }
    return counts
  }
}
