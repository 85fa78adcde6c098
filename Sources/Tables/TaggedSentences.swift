public import Sequences

/// Sentences whose words have a tag each: a word, a tab and its tag a line, with an empty line between sentences.
public struct TaggedSentences: Sendable {
  public struct Word: Sendable, Hashable {
    public let text: String
    public let tag: String
    /// The line of the file.
    public let line: Int
  }

  /// Where they are from: the file's name.
  public let source: String
  public let sentences: [[Word]]

  /// - Throws: ``Sequences/DataError`` if the file can't be read, or a line is not a word, a tab and a tag.
  public init(contentsOf path: String) throws(DataError) {
    let lines = TextLines(try ByteSource(path: path))
    var sentences: [[Word]] = []
    var sentence: [Word] = []
    while let line = try lines.next() {
      if line.isEmpty {
        if !sentence.isEmpty { sentences.append(sentence) }
        sentence = []
        continue
      }
      let parts = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw DataError(
          "\(path), line \(lines.line): “\(String(decoding: line, as: UTF8.self))” is not a word, a tab and its tag; put an empty line between sentences"
        )
      }
      sentence.append(
        Word(text: String(decoding: parts[0], as: UTF8.self), tag: String(decoding: parts[1], as: UTF8.self), line: lines.line))
    }
    if !sentence.isEmpty { sentences.append(sentence) }
    guard !sentences.isEmpty else { throw DataError("\(path) has no words") }
    source = path
    self.sentences = sentences
  }

  private init(source: String, sentences: [[Word]]) { (self.source, self.sentences) = (source, sentences) }

  /// Some of the sentences.
  public func taking(_ places: [Int]) -> TaggedSentences {
    TaggedSentences(source: source, sentences: places.map { sentences[$0] })
  }

  /// Whether a file looks like this: lines of two columns between tabs, and an empty line among its first lines.
  public static func isLikely(_ path: String) throws(DataError) -> Bool {
    let lines = TextLines(try ByteSource(path: path))
    var (words, hasEmpty) = (0, false)
    while lines.line < 500, let line = try lines.next() {
      if line.isEmpty {
        hasEmpty = hasEmpty || words > 0
      } else {
        if line.count(where: { $0 == UInt8(ascii: "\t") }) != 1 { return false }
        if hasEmpty { return true }
        words += 1
      }
    }
    return false
  }
}
