import Support

/// Cuts texts into the pieces of a vocabulary. A word that is a symbol is that symbol; in any other, the two neighbours that make the piece
/// learned first are put together, again and again. What is no symbol is spelled in bytes, so that every text can be cut and comes
/// back exactly.
package struct PieceCoder: Sendable {
  package let vocabulary: Vocabulary
  private let characters: [Unicode.Scalar: Int32]
  /// The symbols of one and of several characters.
  private let whole: [[Unicode.Scalar]: Int32]
  /// The symbol of two neighbours together.
  private let merges: [Pair: Int32]

  private struct Pair: Hashable {
    let left, right: Int32
  }

  /// - Parameter vocabulary: one of pieces.
  package init(_ vocabulary: Vocabulary) {
    ensure(
      vocabulary.kind == .pieces, "texts are cut into the pieces of a vocabulary of pieces, not of \(vocabulary.kind.rawValue)")
    self.vocabulary = vocabulary
    var whole: [[Unicode.Scalar]: Int32] = [:]
    for place in vocabulary.symbols.indices.dropFirst(Vocabulary.piecesBegin) {
      whole[Array(vocabulary.symbols[place].unicodeScalars)] = Int32(place)
    }
    var merges: [Pair: Int32] = [:]
    for (scalars, symbol) in whole where scalars.count > 1 {
      for cut in 1..<scalars.count {
        if let left = whole[Array(scalars[..<cut])], let right = whole[Array(scalars[cut...])] {
          merges[Pair(left: left, right: right)] = symbol
        }
      }
    }
    self.whole = whole
    self.merges = merges
    characters = Dictionary(
      uniqueKeysWithValues: whole.lazy.filter { $0.key.count == 1 }.map { ($0.key[0], $0.value) })
  }

  /// The pieces of a text; none of an empty one.
  package func encode(_ text: String) -> [Int32] {
    if text.isEmpty { return [] }
    var tokens: [Int32] = []
    for word in PieceWords(text) { append(word, to: &tokens) }
    return tokens
  }

  private func append(_ word: [Unicode.Scalar], to tokens: inout [Int32]) {
    if !word.contains(PieceWords.space), let symbol = whole[word.map { $0 == " " ? PieceWords.space : $0 }] {
      return tokens.append(symbol)
    }
    var symbols: [Int32] = []
    for scalar in word {
      if scalar != PieceWords.space, let symbol = characters[scalar == " " ? PieceWords.space : scalar] {
        symbols.append(symbol)
      } else {
        symbols += (UTF8.encode(scalar) ?? .init()).map { Int32($0) + 1 }
      }
    }
    tokens += merged(symbols)
  }

  /// Two neighbours that could be put together, and into which symbol; the one learned first comes first, and then the leftmost.
  private struct Candidate: Comparable {
    let symbol: Int32
    let place: Int
    let pair: Pair

    static func < (one: Candidate, other: Candidate) -> Bool { (one.symbol, one.place) < (other.symbol, other.place) }
  }

  private func merged(_ word: [Int32]) -> [Int32] {
    if word.count < 2 { return word }
    // A list whose members know their neighbours: -1 for none, and for a symbol that is part of the one before it.
    var symbols = word
    var after = word.indices.map { $0 + 1 < word.count ? $0 + 1 : -1 }
    var before = word.indices.map { $0 - 1 }
    var candidates = Heap<Candidate>()
    func propose(_ place: Int) {
      if place < 0 || after[place] < 0 { return }
      let pair = Pair(left: symbols[place], right: symbols[after[place]])
      if let symbol = merges[pair] { candidates.insert(Candidate(symbol: symbol, place: place, pair: pair)) }
    }
    for place in word.indices { propose(place) }
    while let candidate = candidates.popFirst() {
      let place = candidate.place
      let next = after[place]
      // One of the two may have become part of another symbol since.
      guard next >= 0, symbols[place] == candidate.pair.left, symbols[next] == candidate.pair.right else { continue }
      symbols[place] = candidate.symbol
      symbols[next] = -1
      after[place] = after[next]
      if after[next] >= 0 { before[after[next]] = place }
      propose(before[place])
      propose(place)
    }
    return symbols.filter { $0 >= 0 }
  }
}
