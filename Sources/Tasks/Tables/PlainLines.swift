package import Support

/// The lines of a text, read one by one, the empty ones too. What follows a tab is skipped.
package final class PlainLines {
  private let lines: TextLines

  /// - Parameter path: of the file, `-` for standard input.
  /// - Throws: ``RecurrentError`` if the file can't be opened.
  package init(path: String) throws(RecurrentError) { lines = TextLines(try ByteSource(path: path)) }

  /// The next lines with their numbers, at most `count`: fewer at the end, and none after it.
  package func next(upTo count: Int) throws(RecurrentError) -> [(line: Int, text: String)] {
    var found: [(line: Int, text: String)] = []
    while found.count < count, let line = try lines.next() {
      found.append((lines.line, String(decoding: line.prefix { $0 != UInt8(ascii: "\t") }, as: UTF8.self)))
    }
    return found
  }
}
