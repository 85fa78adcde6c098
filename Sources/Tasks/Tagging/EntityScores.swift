import Support

/// How well stretches of words that tags mark are found, such as names of people: one is right if its first and last word and its
/// kind are.
package struct EntityScores: Sendable, Hashable {
  /// Of one kind, or of all together.
  package struct Share: Sendable, Hashable {
    /// How many there are, how many were given, and how many of those are there.
    package internal(set) var count = 0
    package internal(set) var given = 0
    package internal(set) var right = 0

    package var precision: Double { given == 0 ? 0 : Double(right) / Double(given) }
    package var recall: Double { count == 0 ? 0 : Double(right) / Double(count) }
    /// The harmonic mean of precision and recall; 0 if none is right.
    package var f1: Double { right == 0 ? 0 : 2 * Double(right) / Double(count + given) }
  }

  package private(set) var all = Share()
  package private(set) var kinds: [String: Share] = [:]
  private let scheme: TagScheme

  package init(_ scheme: TagScheme) { self.scheme = scheme }

  /// Counts a sentence.
  ///
  /// - Parameters:
  ///   - actual: the number of each word's tag.
  ///   - given: those that were found.
  package mutating func record(_ actual: [Int], given: [Int]) {
    let (there, found) = (scheme.stretches(actual), scheme.stretches(given))
    for stretch in there { count(stretch.kind, \.count) }
    for stretch in found { count(stretch.kind, \.given) }
    for stretch in Set(there).intersection(found) { count(stretch.kind, \.right) }
  }

  private mutating func count(_ kind: String, _ what: WritableKeyPath<Share, Int>) {
    all[keyPath: what] += 1
    kinds[kind, default: Share()][keyPath: what] += 1
  }
}
