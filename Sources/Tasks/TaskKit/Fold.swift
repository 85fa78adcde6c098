/// What a training holds out that is one of several on the same data: one of equal parts of it, or, when each part has been held out
/// once, nothing.
package enum Fold: Sendable, Hashable, Codable {
  /// A part, counted from 0, of so many.
  case part(Int, of: Int)
  /// Nothing is held out.
  case nothing

  /// The members of a shuffled list that are held out: every one of several in turn.
  ///
  /// - Parameter offset: where the turns begin, so that several short lists do not all fill the same parts.
  package func members<Member>(of list: [Member], offset: Int = 0) -> [Member] {
    guard case .part(let number, let count) = self else { return [] }
    return list.enumerated().filter { ($0.offset + offset) % count == number }.map(\.element)
  }
}
