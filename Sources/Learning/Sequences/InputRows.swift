/// What one part of a network's input reads at each row of a batch.
package protocol InputRows: Sendable {
  /// What some rows read, in the order in which they are named.
  ///
  /// - Parameter count: all rows.
  func taking(_ rows: [Int], of count: Int) -> Self
}

/// A symbol of a vocabulary at each row.
package struct SymbolRows: InputRows {
  /// `[rows]`
  package let symbols: [Int32]

  package init(_ symbols: [Int32]) { self.symbols = symbols }

  package func taking(_ rows: [Int], of count: Int) -> SymbolRows { SymbolRows(rows.map { symbols[$0] }) }
}

/// Numbers at each row.
package struct NumberRows: InputRows {
  /// `[rows, numbers]`
  package let values: [Float]

  package init(_ values: [Float]) { self.values = values }

  package func taking(_ rows: [Int], of count: Int) -> NumberRows { NumberRows(taken(rows, of: values, count: count)) }
}

/// Some of `count` rows of numbers, all equally long.
func taken(_ rows: [Int], of values: [Float], count: Int) -> [Float] {
  let width = values.count / max(count, 1)
  return rows.flatMap { values[$0 * width..<($0 + 1) * width] }
}
