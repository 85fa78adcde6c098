package import Engine

/// What a network is trained on or run over at once: sequences, packed longest first as ``PackedLengths`` says. A row is a step
/// of one.
package struct Batch: Sendable {
  package var lengths: PackedLengths
  package var inputs: Inputs
  package var targets: Targets

  package init(lengths: PackedLengths, inputs: Inputs, targets: Targets) {
    self.lengths = lengths
    self.inputs = inputs
    self.targets = targets
  }

  /// What each row reads: one list of rows for each part of which a network's input is made.
  package struct Inputs: Sendable {
    package let parts: [any InputRows]
    /// What is known of each sequence before its first step; nil if nothing is.
    package let source: Source?

    package init(_ parts: [any InputRows], source: Source? = nil) {
      self.parts = parts
      self.source = source
    }

    /// Symbols of the vocabulary, `[rows]`.
    package static func tokens(_ tokens: [Int32]) -> Inputs { Inputs([SymbolRows(tokens)]) }

    /// `[rows, features]`
    package static func features(_ values: [Float]) -> Inputs { Inputs([NumberRows(values)]) }

    /// `[rows, features]`, and each vector with a name, `[rows, width]`.
    package static func features(_ values: [Float], vectors: [[Float]]) -> Inputs {
      Inputs([NumberRows(values)] + vectors.map { NumberRows($0) })
    }

    /// `[rows, features]`, and the symbol of each row's name, `[rows]`.
    package static func namedFeatures(_ values: [Float], names: [Int32]) -> Inputs {
      Inputs([SymbolRows(names), NumberRows(values)])
    }
  }

  /// What each row is to give.
  package enum Targets: Sendable {
    /// The class of each row, `[rows]`; a negative one says that the row has no target.
    case classes([Int32])
    /// The class of each row as for `classes`, and how many rows each row counts as in the loss, `[rows]`, which is still a mean
    /// over the rows that have a target.
    case weightedClasses([Int32], weights: [Float])
    /// `[rows, outputs]`, and which of the rows have a target: nil for all.
    case values([Float], counted: [Bool]? = nil)
    /// The symbols of each sequence in their order, counted from 0, wherever in it they stand.
    case symbols([[Int32]])
  }
}

extension Batch.Inputs {
  /// The symbol of each row, where a row is a symbol and nothing else.
  package var symbols: [Int32]? { parts.count == 1 ? (parts[0] as? SymbolRows)?.symbols : nil }

  /// The numbers of all rows, `[rows, features]`, where a row is numbers and nothing else.
  package var numbers: [Float]? { parts.count == 1 ? (parts[0] as? NumberRows)?.values : nil }

  /// What some rows read, in the order in which they are named, with the sources as they are.
  ///
  /// - Parameter count: all rows.
  package func taking(_ rows: [Int], of count: Int) -> Self {
    Self(parts.map { $0.taking(rows, of: count) }, source: source)
  }

  /// What the rows of some sequences read, with the sources of these.
  ///
  /// - Parameters:
  ///   - count: all rows.
  ///   - numbers: those of the sequences.
  package func part(_ rows: [Int], of count: Int, sequences numbers: [Int]) -> Self {
    Self(parts.map { $0.taking(rows, of: count) }, source: source?.part(of: numbers))
  }
}

extension Batch.Targets {
  /// The targets of some rows, in the order in which they are named.
  ///
  /// - Parameters:
  ///   - count: all rows.
  ///   - sequence: whose rows they are, if they are all those of one sequence.
  package func taking(_ rows: [Int], of count: Int, sequence: Int?) -> Self {
    switch self {
    case .classes(let classes): .classes(rows.map { classes[$0] })
    case .weightedClasses(let classes, let weights): .weightedClasses(rows.map { classes[$0] }, weights: rows.map { weights[$0] })
    case .values(let values, let counted):
      .values(taken(rows, of: values, count: count), counted: counted.map { counted in rows.map { counted[$0] } })
    case .symbols(let lists): .symbols(sequence.map { [lists[$0]] } ?? [])
    }
  }

  /// How many of `rows` rows have a target, or how many symbols there are.
  package func counted(_ rows: Int) -> Int {
    switch self {
    case .classes(let classes), .weightedClasses(let classes, _): classes.reduce(0) { $0 + ($1 < 0 ? 0 : 1) }
    case .values(_, let counted): counted.map { $0.reduce(0) { $0 + ($1 ? 1 : 0) } } ?? rows
    case .symbols(let lists): lists.reduce(0) { $0 + $1.count }
    }
  }
}
