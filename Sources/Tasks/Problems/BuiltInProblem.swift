package import Support

/// The problems by name.
package enum BuiltInProblem: String, Sendable, CaseIterable {
  case adding
  case copy
  case temporalOrder = "temporal-order"
  case embeddedReber = "embedded-reber"
  case agreement
  case associativeRecall = "associative-recall"
  case parity
  case modularSum = "modular-sum"

  /// The problem itself.
  ///
  /// - Parameter length: how far it reaches: steps of the adding, temporal order, parity and modular sum problems, delay of the copy problem, the
  ///   largest distance of agreement, pairs of associative recall; nil for the default.
  /// - Throws: ``RecurrentError`` if the problem can't have that length.
  package func problem(length: Int? = nil) throws(RecurrentError) -> any Problem {
    switch (self, length) {
    case (.adding, nil): return try Adding()
    case (.adding, let length?): return try Adding(steps: length)
    case (.copy, nil): return try Copy()
    case (.copy, let length?): return try Copy(delay: length)
    case (.temporalOrder, nil): return try TemporalOrder()
    case (.temporalOrder, let length?): return try TemporalOrder(steps: length)
    case (.embeddedReber, nil): return EmbeddedReber()
    case (.embeddedReber, _?):
      throw RecurrentError(.data, "the strings of embedded-reber are as long as the grammar makes them; leave the length out")
    case (.agreement, nil): return try Agreement()
    case (.agreement, let length?):
      guard length >= 2 else {
        throw RecurrentError(.data, "the largest distance of agreement is at least 2 words, not \(length)")
      }
      return try Agreement(distances: 2...length)
    case (.associativeRecall, nil): return try AssociativeRecall()
    case (.associativeRecall, let length?): return try AssociativeRecall(pairs: length)
    case (.parity, nil): return try ModularSum.parity()
    case (.parity, let length?): return try ModularSum.parity(steps: length)
    case (.modularSum, nil): return try ModularSum.modularSum()
    case (.modularSum, let length?): return try ModularSum.modularSum(steps: length)
    }
  }
}
