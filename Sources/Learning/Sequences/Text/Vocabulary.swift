public import Support

/// The symbols of a text, in the order of their tokens, and how a text falls into them.
public struct Vocabulary: Sendable, Hashable {
  /// How a text falls into symbols.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Unicode scalars, in the order of their codes.
    case characters
    /// Words, numbers, punctuation marks and line ends; space between them is not kept. `<unk>` comes first and stands
    /// for all that is not frequent enough, then the others by frequency.
    case words
    /// The 256 bytes.
    case bytes
    /// The boundary of a sequence, the 256 bytes, characters, and pieces of words and whole words that were learned from texts. Every text
    /// can be cut into them and comes back exactly.
    case pieces

    /// Those of which each text has its own.
    package static let plain: [Kind] = [.characters, .words, .bytes]
  }

  /// How a text falls into the symbols.
  public let kind: Kind
  /// The symbol of each token: a character, a word, a byte as two hexadecimal digits, or a piece, in which ▁ stands for a space.
  public let symbols: [String]

  /// What stands in the place of a word that the vocabulary lacks.
  package static let unknown = "<unk>"
  /// What stands for a character that is missing from a vocabulary made for unseen texts: the replacement character.
  package static let unknownCharacter: Unicode.Scalar = "\u{FFFD}"
  /// Tokens take at most two bytes.
  static let largest = 1 << 16

  /// All 256 bytes.
  public static let bytes = Vocabulary(
    kind: .bytes,
    checked: (0..<256).map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) })

  package init(kind: Kind, checked symbols: [String]) {
    self.kind = kind
    self.symbols = symbols
  }

  /// A vocabulary that was stored as its symbols.
  ///
  /// - Throws: ``RecurrentError`` if the symbols are not those of a vocabulary of that kind.
  public init(kind: Kind, symbols: [String]) throws(RecurrentError) {
    self.init(kind: kind, checked: symbols)
    if symbols.isEmpty || symbols.count > Vocabulary.largest {
      throw RecurrentError(.data, "a vocabulary has 1 to \(Vocabulary.largest) symbols, not \(symbols.count)")
    }
    // Swift calls strings equal that look the same; as symbols they differ if their bytes do.
    var seen: Set<[UInt8]> = []
    if let twice = symbols.first(where: { !seen.insert(Array($0.utf8)).inserted }) {
      throw RecurrentError(.data, "the vocabulary has the symbol \(quotedSymbol(twice)) twice")
    }
    switch kind {
    case .characters:
      if let bad = symbols.first(where: { $0.unicodeScalars.count != 1 }) {
        throw RecurrentError(
          .data, "the vocabulary of characters has the symbol \(quotedSymbol(bad)), which is not one Unicode scalar")
      }
    case .words:
      if symbols[0] != Vocabulary.unknown {
        throw RecurrentError(
          .data, "a vocabulary of words begins with \(Vocabulary.unknown), not with \(quotedSymbol(symbols[0]))")
      }
    case .bytes:
      if self != .bytes { throw RecurrentError(.data, "a vocabulary of bytes has the symbols 00, 01, … ff in this order") }
    case .pieces: try Self.checkPieces(symbols)
    }
  }

  /// The characters that stand in two of some texts at least, since of others nothing can be learned but that they are rare, and
  /// ``unknownCharacter``, which stands for all others and so is learned itself.
  ///
  /// - Throws: ``RecurrentError`` if they are more than a vocabulary can have.
  package init(charactersOfSeveral texts: some Sequence<String>) throws(RecurrentError) {
    var counts: [Unicode.Scalar: Int] = [:]
    for text in texts { for scalar in Set(text.unicodeScalars) { counts[scalar, default: 0] += 1 } }
    let known = Set(counts.filter { $0.value > 1 }.keys).union([Self.unknownCharacter])
    try self.init(kind: .characters, symbols: known.sorted().map { String($0) })
  }

  /// The number of symbols.
  public var count: Int { symbols.count }
}

extension Vocabulary: Codable {
  private enum Key: CodingKey { case kind, symbols }

  /// Reads a vocabulary from its kind and its symbols.
  ///
  /// - Throws: ``RecurrentError`` if the symbols are not those of a vocabulary of that kind.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    try self.init(kind: container.decode(Kind.self, forKey: .kind), symbols: container.decode([String].self, forKey: .symbols))
  }

  /// Writes the vocabulary as its kind and its symbols.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(symbols, forKey: .symbols)
  }
}

/// A symbol as messages show it, with its code if it has one scalar only: “é” (U+00E9).
func quotedSymbol(_ symbol: String) -> String {
  let scalars = symbol.unicodeScalars
  let shown = scalars.reduce(into: "") {
    $0 += $1.properties.generalCategory == .control ? "\\u{\(String($1.value, radix: 16))}" : String($1)
  }
  guard let scalar = scalars.first, scalars.count == 1 else { return "“\(shown)”" }
  let code = String(scalar.value, radix: 16, uppercase: true)
  return "“\(shown)” (U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code))"
}
