import Sequences
import Support

/// Turns texts into symbols, each text by itself.
extension Vocabulary {
  /// The vocabulary of some texts: the symbols that occur in at least two of them, since nothing can be learned of others but
  /// that they are rare. These become the unknown symbol, which is learned in this way.
  ///
  /// - Parameter words: how many words are kept, the most frequent ones.
  init(ofTexts texts: [String], as kind: Kind, words: Int) throws(RecurrentError) {
    switch kind {
    case .bytes: self = .bytes
    case .characters: try self.init(charactersOfSeveral: texts)
    case .pieces: try self.init(piecesOf: texts, .pieces(symbols: words))
    case .words:
      let text = try TokenizedText(Self.joined(texts), as: .words, words: words)
      var counts = [Int](repeating: 0, count: text.vocabulary.count)
      for place in 0..<text.tokens.count { counts[Int(text.tokens[place])] += 1 }
      let known = zip(text.vocabulary.symbols, counts).filter { $1 > 1 && $0 != Self.unknown && $0 != "\n" }.map(\.0)
      // Each text is one line.
      try self.init(kind: .words, symbols: [Self.unknown, "\n"] + known)
    }
  }

  /// Each text as tokens.
  func encoded(_ texts: [String]) throws(RecurrentError) -> [[Int32]] {
    switch kind {
    case .bytes: return texts.map { $0.utf8.map(Int32.init) }
    case .characters:
      let places = Dictionary(
        symbols.enumerated().compactMap { place, symbol in symbol.unicodeScalars.first.map { ($0, Int32(place)) } },
        uniquingKeysWith: { first, _ in first })
      let unknown = places[Self.unknownCharacter] ?? 0
      return texts.map { $0.unicodeScalars.map { places[$0] ?? unknown } }
    case .pieces:
      let coder = PieceCoder(self)
      return texts.map { coder.encode($0) }
    case .words:
      guard let end = symbols.firstIndex(of: "\n"), !texts.isEmpty else { return texts.map { _ in [] } }
      // All texts are encoded at once, so that the table of words is built once.
      let parts = try encode(Self.joined(texts)).split(separator: Int32(end), omittingEmptySubsequences: false)
      return zip(texts, parts).map { Array($1) }
    }
  }

  private static func joined(_ texts: [String]) -> String {
    texts.reduce(into: "") { joined, text in
      for scalar in text.unicodeScalars { joined.unicodeScalars.append(scalar == "\n" ? " " : scalar) }
      joined += "\n"
    }
  }
}
