/// Learns byte-pair pieces: the pair of neighbours that is most frequent within words becomes a piece, again and again (Sennrich, Haddow
/// & Birch 2016, section 3.2). Counts are kept up to date word by word, so that a merge costs what it changes.
struct PieceLearner {
  /// The scalars of each symbol, counted from 0; the first ones are single characters.
  private var symbols: [[Unicode.Scalar]]
  /// The number of the first symbol in the vocabulary.
  private let first: Int
  private var places: [[Unicode.Scalar]: Int32]
  /// The words as symbols, those with a single one left out, and how often each stands in the texts.
  private var words: [[Int32]]
  private var counts: [Int]
  private var pairs: [Pair: (count: Int, words: Set<Int32>)] = [:]
  private var candidates = Heap<Candidate>()

  /// A pair that stands less often than this is no piece.
  private static let fewest = 3
  /// The most scalars of a piece.
  private static let longest = 24

  private struct Pair: Hashable {
    let left, right: Int32
  }

  /// A pair with a number of times that it stood once; the most frequent pair comes first, of equal ones that of older symbols.
  private struct Candidate: Comparable {
    let count: Int
    let pair: Pair

    static func < (one: Candidate, other: Candidate) -> Bool {
      (other.count, one.pair.left, one.pair.right) < (one.count, other.pair.left, other.pair.right)
    }
  }

  /// - Parameter first: how many symbols come before the first that is learned.
  init(_ texts: PieceCounts, first: Int) {
    self.first = first
    symbols = texts.characters.map { [$0] }
    places = Dictionary(uniqueKeysWithValues: symbols.enumerated().map { ($1, Int32($0)) })
    (words, counts) = ([], [])
    for word in texts.words {
      // Characters that are spelled in bytes cut a word.
      for part in word.scalars.split(whereSeparator: { places[[$0]] == nil }) where part.count > 1 {
        words.append(part.compactMap { places[[$0]] })
        counts.append(word.count)
      }
    }
    for place in words.indices { add(place, 1) }
    for (pair, entry) in pairs { candidates.insert(Candidate(count: entry.count, pair: pair)) }
  }

  /// Counts the pairs of a word, or takes them off.
  ///
  /// - Returns: the pairs.
  @discardableResult
  private mutating func add(_ word: Int, _ sign: Int) -> [Pair] {
    let symbols = words[word]
    let own = zip(symbols, symbols.dropFirst()).map { Pair(left: $0, right: $1) }
    for pair in own {
      pairs[pair, default: (0, [])].count += sign * counts[word]
      if sign > 0 { pairs[pair]?.words.insert(Int32(word)) }
    }
    if sign < 0 { for pair in own { pairs[pair]?.words.remove(Int32(word)) } }
    return own
  }

  /// The pieces of several characters, in the order in which they are learned.
  ///
  /// - Parameter most: the most symbols of the vocabulary, with those that come before.
  consuming func pieces(_ most: Int) -> [String] {
    let before = symbols.count
    while first + symbols.count - before < most, let pair = nextPair() { merge(pair) }
    return symbols[before...].map { Vocabulary.text(of: $0) }
  }

  /// The most frequent pair; nil if none is frequent enough.
  private mutating func nextPair() -> Pair? {
    while let candidate = candidates.popFirst() {
      guard let entry = pairs[candidate.pair] else { continue }
      if entry.count < candidate.count {
        // It has become rarer since it was put there.
        if entry.count >= Self.fewest { candidates.insert(Candidate(count: entry.count, pair: candidate.pair)) }
        continue
      }
      if entry.count < Self.fewest { return nil }
      if symbols[Int(candidate.pair.left)].count + symbols[Int(candidate.pair.right)].count > Self.longest { continue }
      return candidate.pair
    }
    return nil
  }

  /// Puts a pair together wherever it stands.
  private mutating func merge(_ pair: Pair) {
    let scalars = symbols[Int(pair.left)] + symbols[Int(pair.right)]
    let merged = places[scalars] ?? Int32(symbols.count)
    if merged == symbols.count {
      places[scalars] = merged
      symbols.append(scalars)
    }
    var changed: Set<Pair> = []
    for word in (pairs[pair]?.words ?? []).sorted() {
      add(Int(word), -1)
      words[Int(word)] = Self.merged(words[Int(word)], pair, merged)
      changed.formUnion(add(Int(word), 1))
    }
    pairs[pair] = nil
    // The order in which they are put there makes no difference.
    for other in changed { if let entry = pairs[other] { candidates.insert(Candidate(count: entry.count, pair: other)) } }
  }

  private static func merged(_ word: [Int32], _ pair: Pair, _ merged: Int32) -> [Int32] {
    var result: [Int32] = []
    var place = 0
    while place < word.count {
      if place + 1 < word.count, word[place] == pair.left, word[place + 1] == pair.right {
        result.append(merged)
        place += 2
      } else {
        result.append(word[place])
        place += 1
      }
    }
    return result
  }
}
