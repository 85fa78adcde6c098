package import Support

/// Reads sentences as they come, from a file or from standard input: those of a word a line with an empty line between them, or of a line each,
/// whose words stand between spaces.
package final class SentenceReader {
  private let lines: TextLines
  private let hasWordPerLine: Bool

  /// - Parameters:
  ///   - path: of the file, `-` for standard input.
  ///   - hasWordPerLine: whether each line is a word, or a word, a tab and what is not read; otherwise each is a sentence.
  /// - Throws: ``RecurrentError`` if the file can't be opened.
  package init(path: String, hasWordPerLine: Bool) throws(RecurrentError) {
    lines = TextLines(try ByteSource(path: path))
    self.hasWordPerLine = hasWordPerLine
  }

  /// So many sentences, fewer at the end. None of them is empty.
  package func next(upTo count: Int) throws(RecurrentError) -> [[String]] {
    var sentences: [[String]] = []
    while sentences.count < count, let sentence = try next() { sentences.append(sentence) }
    return sentences
  }

  private func next() throws(RecurrentError) -> [String]? {
    var sentence: [String] = []
    while let line = try lines.next() {
      if hasWordPerLine {
        let word = line.prefix { $0 != UInt8(ascii: "\t") }
        if !word.isEmpty { sentence.append(String(decoding: word, as: UTF8.self)) }
        if !line.isEmpty { continue }
      } else {
        sentence = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map { String(decoding: $0, as: UTF8.self) }
      }
      if !sentence.isEmpty { return sentence }
    }
    return sentence.isEmpty ? nil : sentence
  }
}
