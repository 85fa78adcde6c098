package import CellAnalysis
package import CellLanguage

/// Named quantities of a layer at every step, as its equations name them.
package struct Trace: Sendable {
  package struct Quantity: Sendable {
    /// As it stands left of its equation: `f`, or `c'` for a state's next value; `f.pre` is what its function squashes.
    package let name: String
    /// The comment after the equation.
    package let label: String?
    /// What it does in the cell.
    package let role: Role
    package let width: Int
    /// `[rows, width]`, packed as ``PackedLengths`` says.
    package let values: [Float]

    package init(name: String, label: String?, role: Role, width: Int, values: [Float]) {
      self.name = name
      self.label = label
      self.role = role
      self.width = width
      self.values = values
    }
  }

  /// The traced quantities in the order of the equations, pre-activations after what is made of them.
  package let quantities: [Quantity]
  /// The lengths of what was traced: where only some steps or sequences were, these count from the first of them.
  package let lengths: PackedLengths

  package init(quantities: [Quantity], lengths: PackedLengths) {
    self.quantities = quantities
    self.lengths = lengths
  }

  /// The quantity of that name, if it was traced.
  package subscript(name: String) -> Quantity? { quantities.first { $0.name == name } }
}

/// What a trace holds.
package struct TraceSelection: Sendable, Hashable {
  /// The quantities by name, such as `f`, `c'` or `f.pre`; nil for all. Names that a cell has not are passed over.
  package var quantities: Set<String>?
  /// Whether all quantities include the pre-activations.
  package var preactivations: Bool
  /// The steps, nil for all.
  package var steps: Range<Int>?
  /// The sequences, nil for all.
  package var sequences: Range<Int>?

  package init(
    quantities: Set<String>? = nil, preactivations: Bool = false, steps: Range<Int>? = nil, sequences: Range<Int>? = nil
  ) {
    self.quantities = quantities
    self.preactivations = preactivations
    self.steps = steps
    self.sequences = sequences
  }

  func includes(_ name: String, _ role: Role) -> Bool {
    quantities?.contains(name) ?? (preactivations || role != .preactivation)
  }
}

extension Cell {
  /// The names of all that a trace can hold, in the order of the equations: quantities, and with them pre-activations. What has an
  /// element for each row of a memory is traced, and as long as the longest one; matrices with a row for each are not.
  package var traceable: [(name: String, role: Role, equation: Equation)] {
    zip(equations, roles).flatMap { equation, role in
      equation.size.followsMemory && equation.size.isMatrix
        ? [] : [(equation.name, role, equation)] + equation.preactivations.map { ($0.name, .preactivation, equation) }
    }
  }
}
