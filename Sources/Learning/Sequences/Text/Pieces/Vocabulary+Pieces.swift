package import Support

/// A vocabulary of pieces: symbol 0 is the boundary of a sequence, then come the 256 bytes, then characters, and then pieces of several
/// characters, in the order in which they were learned. ``PieceWords/space`` stands for a space.
extension Vocabulary {
  /// The symbol before the first and after the last piece of a sequence. A text has none.
  package static let boundary: Int32 = 0
  static let boundaryName = "</s>"
  /// The symbols before the first that is a character: the boundary and the bytes.
  static let piecesBegin = 257
  /// The most scalars of a piece.
  static let longestPiece = 64

  /// The first symbols of all vocabularies of pieces.
  static let pieceBeginning: [String] = [boundaryName] + bytes.symbols.map { "<0x\($0.uppercased())>" }

  /// - Throws: ``RecurrentError`` if symbols are not those of a vocabulary of pieces.
  static func checkPieces(_ symbols: [String]) throws(RecurrentError) {
    guard symbols.starts(with: pieceBeginning, by: { Array($0.utf8) == Array($1.utf8) }) else {
      throw RecurrentError(.data, "a vocabulary of pieces begins with \(boundaryName) and the bytes <0x00>, <0x01>, … <0xFF>")
    }
    if let bad = symbols.first(where: { !(1...longestPiece).contains($0.unicodeScalars.count) }) {
      throw RecurrentError(
        .data,
        "the vocabulary of pieces has the symbol \(quotedSymbol(String(bad.prefix(20)))) of \(bad.unicodeScalars.count) characters; a piece has 1 to \(longestPiece)"
      )
    }
  }

  /// How a text is cut into pieces.
  package enum PieceCut: Sendable, Hashable {
    /// Every character by itself.
    case characters
    /// Byte-pair pieces (Sennrich, Haddow & Birch 2016), at most so many symbols in all.
    case pieces(symbols: Int)
    /// The most frequent words, at most so many symbols in all; others are spelled.
    case words(symbols: Int)
  }

  /// The pieces of some texts. Characters and words that stand in one text only are left out: they are spelled in bytes and in
  /// characters, which in this way are learned, too.
  ///
  /// - Throws: ``RecurrentError`` if there are more characters than a vocabulary can have.
  package init(piecesOf texts: some Sequence<String>, _ cut: PieceCut) throws(RecurrentError) {
    let counts = PieceCounts(texts)
    var symbols = Self.pieceBeginning + counts.characters.map { String($0) }
    if symbols.count > Self.largest {
      throw RecurrentError(
        .data, "the texts have \(counts.characters.count) different characters, more than fit a vocabulary of \(Self.largest)")
    }
    switch cut {
    case .characters: break
    case .pieces(let most): symbols += PieceLearner(counts, first: symbols.count).pieces(min(most, Self.largest))
    case .words(let most):
      let room = max(0, min(most, Self.largest) - symbols.count)
      symbols += counts.frequentWords.lazy.filter { (2...Self.longestPiece).contains($0.count) }.prefix(room).map {
        Self.text(of: $0)
      }
    }
    self.init(kind: .pieces, checked: symbols)
  }

  /// A whole text in UTF-8.
  ///
  /// - Throws: ``RecurrentError`` if it is none.
  static func text(of bytes: UnsafeBufferPointer<UInt8>, source: String) throws(RecurrentError) -> String {
    var position = UTF8Decoding.start(of: bytes)
    let start = position
    while position < bytes.count {
      if UTF8Decoding.scalar(bytes, at: &position) == UTF8Decoding.invalid {
        throw UTF8Decoding.error(bytes, at: position, in: source)
      }
    }
    return String(decoding: bytes[start...], as: UTF8.self)
  }

  /// Scalars as a symbol has them.
  static func text(of scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// The bytes that a symbol of a vocabulary of pieces stands for; none for the boundary.
  func pieceBytes(_ symbol: Int32) -> [UInt8] {
    if symbol == Self.boundary { return [] }
    if symbol < Self.piecesBegin { return [UInt8(truncatingIfNeeded: symbol - 1)] }
    return symbols[Int(symbol)].unicodeScalars.flatMap { Array(UTF8.encode($0 == PieceWords.space ? " " : $0) ?? .init()) }
  }

  /// The text of pieces, without the space that was read before it.
  func decodePieces(_ tokens: some Sequence<Int32>) -> String {
    let bytes = tokens.flatMap(pieceBytes)
    return String(decoding: bytes.first == UInt8(ascii: " ") ? bytes[1...] : bytes[...], as: UTF8.self)
  }
}

extension Tokens {
  /// A text as the pieces of a vocabulary.
  init(piecesOf text: String, in vocabulary: Vocabulary) {
    var tokens = PieceCoder(vocabulary).encode(text)[...]
    self.init(count: tokens.count, symbols: vocabulary.count) { tokens.popFirst().map { Int($0) } ?? 0 }
  }
}
