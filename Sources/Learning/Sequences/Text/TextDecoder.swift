/// Turns tokens into text as they come up.
package struct TextDecoder: Sendable {
  private let vocabulary: Vocabulary
  private var joiner = WordJoiner()
  /// Bytes that do not make a whole character yet.
  private var bytes: [UInt8] = []
  /// Whether no piece has come yet.
  private var isBeginning = true

  package init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// The text that these tokens add to that of the tokens before. A character of several bytes comes with its last one.
  package mutating func text(of tokens: some Sequence<Int32>) -> String {
    switch vocabulary.kind {
    case .characters: return vocabulary.decode(tokens)
    case .words:
      for token in tokens { joiner.append(vocabulary.symbols[Int(token)]) }
      return joiner.takeText()
    case .bytes:
      bytes += tokens.map { UInt8(truncatingIfNeeded: $0) }
      return takeWhole()
    case .pieces:
      bytes += tokens.flatMap(vocabulary.pieceBytes)
      if isBeginning, let first = bytes.first {
        isBeginning = false
        if first == UInt8(ascii: " ") { bytes.removeFirst() }
      }
      return takeWhole()
    }
  }

  private mutating func takeWhole() -> String {
    let whole = bytes.count - TextDecoder.unfinished(bytes)
    defer { bytes.removeFirst(whole) }
    return String(decoding: bytes[..<whole], as: UTF8.self)
  }

  /// What is left when no more tokens come: bytes that make no character become the replacement character.
  package mutating func rest() -> String {
    defer { bytes = [] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// How many bytes at the end begin a character that is longer.
  private static func unfinished(_ bytes: [UInt8]) -> Int {
    for count in 1...3 where count <= bytes.count {
      switch bytes[bytes.count - count] {
      case 0xC2...0xDF: return count < 2 ? count : 0
      case 0xE0...0xEF: return count < 3 ? count : 0
      case 0xF0...0xF4: return count < 4 ? count : 0
      case 0x80...0xBF: continue
      default: return 0
      }
    }
    return 0
  }
}

extension Vocabulary {
  /// The token that precedes a text which follows nothing: the end of a line, if the vocabulary has one.
  package var beginning: Int32 {
    switch kind {
    case .bytes: 10
    case .pieces: Self.boundary
    case .characters, .words: Int32(symbols.firstIndex(of: "\n") ?? 0)
    }
  }
}
