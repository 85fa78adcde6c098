package import Support

/// The lines of a text, read one by one, the empty ones too. What follows a tab is skipped.
package final class PlainLines {
  private let lines: TextLines

  /// - Parameter path: of the file, `-` for standard input.
  /// - Throws: ``RecurrentError`` if the file can't be opened.
  package init(path: String) throws(RecurrentError) { lines = TextLines(try ByteSource(path: path)) }

  /// What stands before the first tab of a line and what after it; nil for the latter where there is no tab, or nothing after it.
  package static func parts(_ line: some Collection<UInt8>) -> (text: String, rest: String?) {
    let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.count == 2 && !parts[1].isEmpty ? String(decoding: parts[1], as: UTF8.self) : nil
    return (String(decoding: parts[0], as: UTF8.self), rest)
  }

  /// The next line; nil after the last one.
  package func next() throws(RecurrentError) -> (text: String, rest: String?)? { try lines.next().map { Self.parts($0) } }

  /// The next lines with their numbers, at most `count`: fewer at the end, and none after it.
  package func next(upTo count: Int) throws(RecurrentError) -> [(line: Int, text: String)] {
    var found: [(line: Int, text: String)] = []
    while found.count < count, let line = try lines.next() {
      found.append((lines.line, Self.parts(line).text))
    }
    return found
  }
}
