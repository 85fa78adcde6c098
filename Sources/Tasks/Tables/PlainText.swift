package import Support

/// How much a file of plain text holds.
package struct PlainText: Sendable {
  package private(set) var lines = 0
  package private(set) var words = 0
  package private(set) var characters = 0
  package private(set) var differentCharacters = 0

  /// - Throws: ``RecurrentError`` if the file can't be read.
  package init(contentsOf path: String) throws(RecurrentError) {
    let text = TextLines(try ByteSource(path: path))
    var found: Set<Character> = []
    while let line = try text.next() {
      let line = String(decoding: line, as: UTF8.self)
      lines += 1
      words += line.split(whereSeparator: \.isWhitespace).count
      characters += line.count + 1
      found.formUnion(line)
    }
    differentCharacters = found.count
  }

  /// Whether a file looks like text that is no table: its name does not say that it is one, and its lines are texts that have no
  /// columns in common.
  package static func isLikely(_ path: String) throws(RecurrentError) -> Bool {
    let name = path.lowercased()
    if [".csv", ".tsv", ".jsonl", ".ndjson", ".json"].contains(where: { name.hasSuffix($0) }) || path == ByteSource.standardInput
    {
      return false
    }
    let bytes = try ByteSource(path: path)
    try bytes.skipByteOrderMark()
    let first = try bytes.beginning().first { !" \t\r\n".utf8.contains($0) }
    guard let first, first != UInt8(ascii: "{") && first != UInt8(ascii: "[") else { return false }
    // What can be read as a table in two ways is one.
    return (try? TableDetection(TableFile(path), bytes).isProse) ?? false
  }
}
