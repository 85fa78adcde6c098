import Support

extension Vocabulary {
  /// ``Vocabulary/unknown`` and the most frequent words of a text; those as frequent as each other in the order of their bytes.
  /// And how many words the text has.
  ///
  /// - Parameters:
  ///   - rarest: how often a word has to occur to be kept, unless nearly all are rarer: of one that occurs once nothing can be learned but
  ///     that such words occur, which the unknown word stands for.
  ///   - heldOut: the fraction at the end of the text whose words are not learned: what is unknown before stays unknown there.
  static func words(
    of bytes: UnsafeBufferPointer<UInt8>, source: String, most: Int, rarest: Int = 1, heldOut: Double
  ) throws(RecurrentError) -> (vocabulary: Vocabulary, count: Int) {
    guard (1..<largest).contains(most) else {
      throw RecurrentError(.data, "a vocabulary keeps 1 to \(largest - 1) words, not \(most)")
    }
    let count = try WordScanner.count(bytes, source: source)
    var table = WordTable()
    var scanner = WordScanner(bytes)
    for _ in 0..<(try Tokens.boundary(of: count, heldOut: heldOut)) where scanner.next() {
      table.count(bytes, scanner.range, hash: scanner.hash)
    }

    // Only words that can be kept are compared with each other: a large text has millions that occur once.
    let entries = table.entries.filter { !table.word($0).elementsEqual(unknown.utf8) }
    let counts = entries.map(\.count).sorted(by: >)
    let areEnough = 2 * counts.reduce(0) { $0 + ($1 >= rarest ? $1 : 0) } >= counts.reduce(0, +)
    let least = max(counts.count > most ? counts[most - 1] : 1, areEnough ? rarest : 1)
    let kept = entries.filter { $0.count >= least }.sorted { left, right in
      left.count != right.count ? left.count > right.count : table.word(left).lexicographicallyPrecedes(table.word(right))
    }
    let words = kept.prefix(most).map { String(decoding: table.word($0), as: UTF8.self) }
    return (Vocabulary(kind: .words, checked: [unknown] + words), count)
  }
}

extension Tokens {
  /// The words of a text as tokens.
  ///
  /// - Parameter count: how many there are, if they have been counted already.
  init(
    wordsOf bytes: UnsafeBufferPointer<UInt8>, source: String, in vocabulary: Vocabulary, count: Int? = nil
  ) throws(RecurrentError) {
    let count: Int = if let count { count } else { try WordScanner.count(bytes, source: source) }
    let table = WordTable(vocabulary.symbols)
    var scanner = WordScanner(bytes)
    self.init(count: count, symbols: vocabulary.count) {
      // A word that is not in the table is token 0, the unknown one.
      scanner.next() ? table.place(of: bytes, scanner.range, hash: scanner.hash) ?? 0 : 0
    }
  }
}

extension WordScanner {
  /// How many words a text has.
  fileprivate static func count(_ bytes: UnsafeBufferPointer<UInt8>, source: String) throws(RecurrentError) -> Int {
    var scanner = WordScanner(bytes)
    var count = 0
    while scanner.next() { count += 1 }
    if let offset = scanner.invalidOffset { throw UTF8Decoding.error(bytes, at: offset, in: source) }
    return count
  }
}
