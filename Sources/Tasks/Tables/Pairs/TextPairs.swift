package import Support

/// Pairs of texts: a text, a tab and what it is to become a line, or two files whose lines belong together.
package struct TextPairs: Sendable {
  /// Where they are from, for messages: the file's name, or that they are from memory.
  package let source: String
  /// The file of the targets, if they are in one of their own.
  package let targetSource: String?
  package let isFile: Bool
  package let pairs: [TextPair]
  /// What is wrong with single pairs, which are then not among the others.
  package let faults: [(line: Int, fault: PairFault)]

  /// - Parameters:
  ///   - target: the file of the targets; nil if each line of the first has its target after a tab.
  ///   - collectsFaults: whether pairs that are wrong are left out and listed.
  /// - Throws: ``RecurrentError`` if a file can't be read, the two have not equally many lines, or, unless they are listed, a pair is wrong.
  package init(
    contentsOf path: String, target: String? = nil, collectsFaults: Bool = false
  ) throws(RecurrentError) {
    (source, targetSource, isFile) = (path, target, true)
    let lines = TextLines(try ByteSource(path: path))
    let others = try target.map { path throws(RecurrentError) in TextLines(try ByteSource(path: path)) }
    var pairs: [TextPair] = []
    var faults: [(line: Int, fault: PairFault)] = []
    while let line = try lines.next() {
      let found: Result<TextPair, PairFault>
      if let others, let target {
        guard let other = try others.next() else { throw try Self.uneven(path, lines, target, others) }
        found = Self.pair(line, other, lines.line)
      } else {
        let parts = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        found =
          parts.count == 1
          ? .failure(.noTab) : parts.count > 2 ? .failure(.tabs(parts.count - 1)) : Self.pair(parts[0], parts[1], lines.line)
      }
      switch found {
      case .success(let pair): pairs.append(pair)
      case .failure(let fault):
        if !collectsFaults {
          throw RecurrentError(.data, "\(Self.place(path, target, lines.line)): \(fault.sentence)")
        }
        faults.append((lines.line, fault))
      }
    }
    if let others, let target, try others.next() != nil { throw try Self.uneven(path, lines, target, others) }
    if pairs.isEmpty, faults.isEmpty { throw RecurrentError(.data, "\(path) is empty; it has a pair of texts a line") }
    self.pairs = pairs
    self.faults = faults
  }

  /// Pairs in memory.
  ///
  /// - Throws: ``RecurrentError`` if there are none, or one is wrong.
  package init(_ pairs: [(source: String, target: String)]) throws(RecurrentError) {
    (source, targetSource, isFile, faults) = ("the data", nil, false, [])
    if pairs.isEmpty { throw RecurrentError(.data, "there are no pairs of texts to learn from; give at least one") }
    for (place, pair) in pairs.enumerated() {
      if let fault = PairFault(pair.source, pair.target) {
        throw RecurrentError(.data, "pair \(place + 1): \(fault.sentence)")
      }
    }
    self.pairs = pairs.enumerated().map { TextPair(source: $1.source, target: $1.target, line: $0 + 1) }
  }

  /// Some of the pairs.
  package func taking(_ places: [Int]) -> TextPairs { TextPairs(self, places) }

  private init(_ all: TextPairs, _ places: [Int]) {
    (source, targetSource, isFile, faults) = (all.source, all.targetSource, all.isFile, [])
    pairs = places.map { all.pairs[$0] }
  }

  /// Where a line is, as messages say it: `pairs.tsv, line 3`, or `pair 3`.
  package func place(ofLine line: Int) -> String { isFile ? Self.place(source, targetSource, line) : "pair \(line)" }

  private static func place(_ source: String, _ target: String?, _ line: Int) -> String {
    "\(source)\(target.map { " and \($0)" } ?? ""), line \(line)"
  }

  private static func pair(
    _ source: ArraySlice<UInt8>, _ target: ArraySlice<UInt8>, _ line: Int
  ) -> Result<TextPair, PairFault> {
    let (source, target) = (String(decoding: source, as: UTF8.self), String(decoding: target, as: UTF8.self))
    return PairFault(source, target).map { .failure($0) } ?? .success(TextPair(source: source, target: target, line: line))
  }

  /// The error for two files of which one ends before the other, the lines of both counted to the end.
  private static func uneven(
    _ source: String, _ lines: TextLines, _ target: String, _ others: TextLines
  ) throws(RecurrentError) -> RecurrentError {
    while try lines.next() != nil {}
    while try others.next() != nil {}
    return RecurrentError(
      .data,
      "\(source) has \(lines.line.grouped) \(lines.line == 1 ? "line" : "lines"), and \(target) \(others.line.grouped): each line of one belongs to that line of the other"
    )
  }

  /// A digest that identifies the pairs.
  package var digest: String {
    var stream = Digest.Stream()
    for pair in pairs {
      stream.add(pair.source.utf8)
      stream.add(9)
      stream.add(pair.target.utf8)
      stream.add(10)
    }
    return stream.digest.digits
  }
}

extension PairFault: Error {}

extension TextPairs {
  /// Whether a file looks like this: nearly all of its first lines are two texts with a tab between them, the first ones have letters, and
  /// the second ones are neither numbers nor a few labels.
  package static func isLikely(_ path: String) throws(RecurrentError) -> Bool {
    if path == ByteSource.standardInput { return false }
    let lines = TextLines(try ByteSource(path: path))
    var (pairs, texts) = (0, 0)
    var targets: Set<String> = []
    while lines.line < 500, let line = try lines.next() {
      let parts = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      let (source, target) = (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
      pairs += 1
      if source.contains(where: \.isLetter), !isLikeNumber(target) { texts += 1 }
      targets.insert(target)
    }
    return pairs > 1 && 10 * pairs >= 9 * lines.line && 2 * texts > pairs && 2 * targets.count > pairs
  }

  /// Whether a text may be a number, however it is written: digits with a sign before them, marks between them and a unit beside them.
  private static func isLikeNumber(_ text: String) -> Bool {
    let unsigned = text.drop { $0.isWhitespace || "+-\u{2212}".contains($0) }
    return unsigned.contains(where: \.isNumber)
      && unsigned.allSatisfy { $0.isNumber || $0.isWhitespace || $0.isCurrencySymbol || ".,'’%".contains($0) }
  }
}
