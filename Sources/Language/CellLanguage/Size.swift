/// The length of a vector before it is known how many units a layer has: a sum of named sizes and a number.
///
/// `[h, x]` in a cell whose state is `units` long has the size `units + inputs`.
package struct Size: Sendable, Hashable {
  /// How often each named size occurs. `units` and `inputs` are named sizes like any other.
  package private(set) var terms: [String: Int]
  /// The literal part.
  package private(set) var constant: Int

  package init(terms: [String: Int] = [:], constant: Int = 0) {
    self.terms = terms.filter { $0.value != 0 }
    self.constant = constant
  }

  /// The number of units of the layer.
  package static let units = Size(terms: ["units": 1])
  /// The length of the input vector.
  package static let inputs = Size(terms: ["inputs": 1])

  /// How many parts the vectors of a cell with a `heads` line have.
  package static let heads = Size(terms: [headsName: 1])
  /// What such a line calls it.
  package static let headsName = "heads"

  /// The number of rows of a memory, which each sequence decides. It is the length of local vectors, and of nothing else.
  package static func rows(of memory: String) -> Size { Size(terms: [rowsPrefix + memory: 1]) }

  /// Whether it is the number of rows of a memory.
  package var isRowsOfMemory: Bool {
    constant == 0 && terms.count == 1 && terms.allSatisfy { $0.value == 1 && $0.key.hasPrefix(Self.rowsPrefix) }
  }

  /// Whether the number of rows of a memory has a part in it.
  var countsRowsOfMemory: Bool { terms.keys.contains { $0.hasPrefix(Self.rowsPrefix) } }

  /// No name of a size has a space in it.
  private static let rowsPrefix = "rows of "

  package static func + (left: Size, right: Size) -> Size {
    Size(terms: left.terms.merging(right.terms, uniquingKeysWith: +), constant: left.constant + right.constant)
  }
}
