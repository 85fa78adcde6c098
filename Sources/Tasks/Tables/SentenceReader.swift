package import Support

/// Reads sentences one by one from a file or from standard input: with a word on each line and an empty line between them, or on
/// a line each, with spaces between the words.
package final class SentenceReader {
  private let lines: TextLines
  private let hasWordPerLine: Bool

  /// - Parameters:
  ///   - path: of the file, `-` for standard input.
  ///   - hasWordPerLine: whether each line is a word, or a word, a tab and something that is not read; otherwise each is a
  ///     sentence.
  /// - Throws: ``RecurrentError`` if the file can't be opened.
  package init(path: String, hasWordPerLine: Bool) throws(RecurrentError) {
    lines = TextLines(try ByteSource(path: path))
    self.hasWordPerLine = hasWordPerLine
  }

  /// The next sentences, at most `count`: fewer at the end, and none after it. Where each line is a sentence, an empty line is one
  /// without words; otherwise none is empty.
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
        if line.contains(where: { $0 != UInt8(ascii: "\t") && $0 != UInt8(ascii: " ") }) {
          if !word.isEmpty { sentence.append(String(decoding: word, as: UTF8.self)) }
          continue
        }
      } else {
        return line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map { String(decoding: $0, as: UTF8.self) }
      }
      if !sentence.isEmpty { return sentence }
    }
    return sentence.isEmpty ? nil : sentence
  }
}
