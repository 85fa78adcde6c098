/// How one sequence of symbols becomes another with as few changes as possible (Levenshtein 1966).
package struct EditDistance: Sendable, Hashable {
  /// Symbols that are there and were given as others, those that were left out, and those that were given and are not there.
  package private(set) var substitutions = 0
  package private(set) var deletions = 0
  package private(set) var insertions = 0
  /// The pairs of symbols of which the first was given as the second.
  package private(set) var confusions: [Pair] = []

  package struct Pair: Sendable, Hashable {
    package let actual: String
    package let given: String
  }

  package var all: Int { substitutions + deletions + insertions }

  /// - Parameters:
  ///   - actual: the symbols that are there.
  ///   - given: those that were found.
  package init(from actual: [String], to given: [String]) {
    let width = given.count + 1
    // The costs of the row before, and for each place of all rows by which change it is reached.
    var before = Array(0...given.count)
    var changes = [Change](repeating: .insertion, count: width)
    for (row, symbol) in actual.enumerated() {
      var costs = [row + 1]
      changes.append(.deletion)
      for column in given.indices {
        let isSame = symbol == given[column]
        let ways = [before[column] + (isSame ? 0 : 1), before[column + 1] + 1, costs[column] + 1]
        let cost = min(ways[0], ways[1], ways[2])
        costs.append(cost)
        changes.append(cost == ways[0] ? isSame ? .none : .substitution : cost == ways[1] ? .deletion : .insertion)
      }
      before = costs
    }
    var (row, column) = (actual.count, given.count)
    while row > 0 || column > 0 {
      let change = changes[row * width + column]
      switch change {
      case .none: break
      case .substitution:
        substitutions += 1
        confusions.append(Pair(actual: actual[row - 1], given: given[column - 1]))
      case .deletion: deletions += 1
      case .insertion: insertions += 1
      }
      if change != .insertion { row -= 1 }
      if change != .deletion { column -= 1 }
    }
  }

  private enum Change: UInt8 { case none, substitution, deletion, insertion }
}
