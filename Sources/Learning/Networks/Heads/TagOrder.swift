/// Which tag may follow which in a sequence, and with which one a sequence may begin and end.
package struct TagOrder: Sendable, Hashable {
  /// The number of tags.
  package let count: Int
  /// Whether a tag may stand right after another: `[tags, tags]`, a row for the one before.
  let follows: [Bool]
  let first: [Bool]
  let last: [Bool]

  /// The most tags that there can be: for each pair of them there is a weight.
  package static let largest = 4096

  /// - Parameters:
  ///   - follows: whether the second tag may stand right after the first.
  package init(
    count: Int, first: (Int) -> Bool = { _ in true }, last: (Int) -> Bool = { _ in true },
    follows: (Int, Int) -> Bool = { _, _ in true }
  ) {
    self.count = count
    self.follows = (0..<count).flatMap { before in (0..<count).map { follows(before, $0) } }
    self.first = (0..<count).map(first)
    self.last = (0..<count).map(last)
  }

  /// Whether there is a sequence of every length, because some tag may stand alone and follow itself.
  package var hasAllLengths: Bool { (0..<count).contains { first[$0] && last[$0] && follows[$0 * count + $0] } }

  /// How many pairs of tags can't stand one after the other.
  package var ruledOut: Int { follows.count { !$0 } }

  /// The place of the first tag in a sequence that may not stand there, or, if the last one may not end it, their number; nil if
  /// the sequence is one of those that may be.
  package func fault(in tags: [Int32]) -> Int? {
    guard let beginning = tags.first, let end = tags.last else { return nil }
    if !first[Int(beginning)] { return 0 }
    for place in tags.indices.dropFirst() where !follows[Int(tags[place - 1]) * count + Int(tags[place])] { return place }
    return last[Int(end)] ? nil : tags.count
  }
}
