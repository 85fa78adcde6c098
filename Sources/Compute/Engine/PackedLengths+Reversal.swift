extension PackedLengths {
  /// The row that each row changes places with when every sequence is read from its own last step to its first: step t of n
  /// steps with step n - 1 - t. It is its own inverse.
  package var reversal: [Int] {
    live.enumerated().flatMap { step, live in
      (0..<Int(live)).map { row(step: perSequence[$0] - 1 - step, sequence: $0) }
    }
  }
}

extension Trace {
  /// The trace of sequences that were read from their ends, in the order of their steps.
  ///
  /// - Parameter steps: those that are wanted, nil for all.
  package func reversed(steps: Range<Int>?) -> Trace {
    let steps = (steps ?? 0..<lengths.steps).clamped(to: 0..<lengths.steps)
    let part = lengths.segment(steps)
    let rows = Array(lengths.reversal[lengths.rows(of: steps)])
    let quantities = quantities.map { quantity in
      let values = rows.flatMap { quantity.values[$0 * quantity.width..<($0 + 1) * quantity.width] }
      return Quantity(name: quantity.name, label: quantity.label, role: quantity.role, width: quantity.width, values: values)
    }
    return Trace(quantities: quantities, lengths: PackedLengths(sorted: part.perSequence))
  }
}
