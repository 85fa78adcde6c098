package import Support

/// Sentences whose words have a tag each: a word, a tab and its tag a line, with an empty line between sentences.
package struct TaggedSentences: Sendable {
  package struct Word: Sendable, Hashable {
    package let text: String
    package let tag: String
    /// The line of the file, or the number of the sentence if they are from memory; counted from 1.
    package let line: Int
  }

  /// Where they are from, for messages: the file's name, or that they are from memory.
  package let source: String
  /// Whether they are from a file.
  package let isFile: Bool
  package let sentences: [[Word]]

  /// - Throws: ``RecurrentError`` if the file can't be read, or a line is not a word, a tab and a tag.
  package init(contentsOf path: String) throws(RecurrentError) {
    let lines = TextLines(try ByteSource(path: path))
    var sentences: [[Word]] = []
    var sentence: [Word] = []
    while let line = try lines.next() {
      // Some files have a tab between nothing and nothing there.
      if line.allSatisfy({ $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }) {
        if !sentence.isEmpty { sentences.append(sentence) }
        sentence = []
        continue
      }
      let parts = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      if let what = Self.problem(parts) {
        throw RecurrentError(.data, "\(path), line \(lines.line): \(quotedValue(String(decoding: line, as: UTF8.self))) \(what)")
      }
      sentence.append(
        Word(text: String(decoding: parts[0], as: UTF8.self), tag: String(decoding: parts[1], as: UTF8.self), line: lines.line))
    }
    if !sentence.isEmpty { sentences.append(sentence) }
    guard !sentences.isEmpty else {
      throw RecurrentError(
        .data, "\(path) is empty; it has a word, a tab and its tag a line, and an empty line between sentences")
    }
    source = path
    isFile = true
    self.sentences = sentences
  }

  /// Sentences in memory.
  ///
  ///     let sentences = try TaggedSentences([[(word: "the", tag: "DET"), (word: "dog", tag: "NOUN")]])
  ///
  /// - Throws: ``RecurrentError`` if there are none, or a word or a tag is empty.
  package init(_ sentences: [[(word: String, tag: String)]]) throws(RecurrentError) {
    source = "the data"
    isFile = false
    var own: [[Word]] = []
    for (place, sentence) in sentences.enumerated() where !sentence.isEmpty {
      if let empty = sentence.firstIndex(where: { $0.word.isEmpty || $0.tag.isEmpty }) {
        throw RecurrentError(
          .data, "sentence \(place + 1): its word \(empty + 1) or the tag of it is empty; give each word a text and a tag")
      }
      own.append(sentence.map { Word(text: $0.word, tag: $0.tag, line: place + 1) })
    }
    if own.isEmpty { throw RecurrentError(.data, "there are no words to learn the tags of; give at least one sentence") }
    self.sentences = own
  }

  /// Where a word stands, as messages say it: `words.tsv, line 3`, or `sentence 3`.
  package func place(of word: Word) -> String { isFile ? "\(source), line \(word.line)" : "sentence \(word.line)" }

  /// What is wrong with a line, and what to do; nil if it is a word and its tag.
  private static func problem(_ parts: [ArraySlice<UInt8>]) -> String? {
    let form = "write a word, a tab and its tag a line, with an empty line between sentences"
    if parts.count == 1, parts[0].first == UInt8(ascii: "#") {
      return "is no word with a tag; of a CoNLL-U file take those columns, as `grep -v '^#' FILE | cut -f2,4` does"
    }
    switch parts.count {
    case 1: return "has no tab; \(form)"
    case 2 where parts[0].isEmpty: return "has no word before the tab; \(form)"
    case 2 where parts[1].isEmpty: return "has no tag after the tab; \(form)"
    case 2: return nil
    default: return "has \(parts.count - 1) tabs; \(form), as `cut -f1,2` does with the first two columns"
    }
  }

  /// Some of the sentences.
  package func taking(_ places: [Int]) -> TaggedSentences {
    TaggedSentences(source: source, isFile: isFile, sentences: places.map { sentences[$0] })
  }

  private init(source: String, isFile: Bool, sentences: [[Word]]) {
    (self.source, self.isFile, self.sentences) = (source, isFile, sentences)
  }

  /// Whether a file looks like this: lines of two columns between tabs, and an empty line among its first lines.
  package static func isLikely(_ path: String) throws(RecurrentError) -> Bool {
    let lines = TextLines(try ByteSource(path: path))
    var (words, hasEmpty) = (0, false)
    while lines.line < 500, let line = try lines.next() {
      if line.allSatisfy({ $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }) {
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
