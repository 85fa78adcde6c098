package import Support

/// The lines of a text one by one, as they come; those that are empty are passed over, and so is what stands behind a tab.
package final class PlainLines {
  private let lines: TextLines

  /// - Parameter path: of the file, `-` for standard input.
  /// - Throws: ``RecurrentError`` if the file can't be opened.
  package init(path: String) throws(RecurrentError) { lines = TextLines(try ByteSource(path: path)) }

  /// So many lines with their numbers, fewer at the end.
  package func next(upTo count: Int) throws(RecurrentError) -> [(line: Int, text: String)] {
    var found: [(line: Int, text: String)] = []
    while found.count < count, let line = try lines.next() {
      let text = String(decoding: line.prefix { $0 != UInt8(ascii: "\t") }, as: UTF8.self)
      if !text.isEmpty { found.append((lines.line, text)) }
    }
    return found
  }
}
