package import Engine
import Support

extension Batch {
  /// What a network knows of each sequence of a batch before its first step: another sequence, the source, which may have any number of
  /// steps, or a vector, which is a source of one step.
  package struct Source: Sendable {
    /// The sources, the longest first. Each has the number of the sequence in the batch whose source it is, so that sources and sequences
    /// may be packed in different orders.
    package let lengths: PackedLengths
    private let parts: [any InputRows]

    /// What the rows of all sources read.
    package var inputs: Inputs { Inputs(parts) }

    package init(lengths: PackedLengths, inputs: Inputs) {
      ensure(inputs.source == nil, "a source has no source of its own")
      self.lengths = lengths
      parts = inputs.parts
    }

    /// Symbols.
    ///
    /// - Parameters:
    ///   - tokens: of each sequence's source, in the order of the sequences, however long they are.
    ///   - sequences: those of the batch.
    package init(tokens: [[Int32]], of sequences: PackedLengths) {
      let (lengths, order) = sequences.sources(steps: tokens.map(\.count))
      self.init(lengths: lengths, inputs: .tokens(lengths.packed(order.map { tokens[$0] })))
    }

    /// Vectors of numbers at each step of each source, `[B][S][features]`.
    package init(features: [[[Float]]], of sequences: PackedLengths) {
      let (lengths, order) = sequences.sources(steps: features.map(\.count))
      self.init(lengths: lengths, inputs: .features(lengths.packed(order.map { features[$0] }).flatMap { $0 }))
    }

    /// A vector for each sequence, `[B][numbers]`.
    package init(vectors: [[Float]], of sequences: PackedLengths) {
      self.init(features: vectors.map { [$0] }, of: sequences)
    }

    /// The only source as that of each of some sequences.
    package func repeated(for sequences: PackedLengths) -> Source {
      ensure(lengths.batch == 1, "there are \(lengths.batch) sources, and one was to be repeated")
      let numbers = sequences.numbers.sorted()
      let all = PackedLengths(
        sorted: numbers.map { _ in lengths.steps }, numbers: numbers, shards: sequences.shards)
      let rows = (0..<lengths.steps).flatMap { step in numbers.map { _ in step } }
      return Source(lengths: all, inputs: inputs.taking(rows, of: lengths.rows))
    }

    /// The sources of some sequences by themselves.
    ///
    /// - Parameter numbers: those of the sequences.
    package func part(of numbers: [Int]) -> Source {
      let wanted = Set(numbers)
      let (part, rows) = lengths.part(lengths.numbers.indices.filter { wanted.contains(lengths.numbers[$0]) })
      return Source(lengths: part, inputs: inputs.taking(rows, of: lengths.rows))
    }
  }
}

extension Batch.Inputs {
  /// The same rows of sequences that have sources.
  package func with(_ source: Batch.Source) -> Self { Self(parts, source: source) }
}

extension PackedLengths {
  /// The lengths of the sources of these sequences, and the place of the sequence that each source belongs to.
  ///
  /// - Parameter steps: of each sequence's source.
  fileprivate func sources(steps: [Int]) -> (lengths: PackedLengths, order: [Int]) {
    ensure(steps.count == batch, "there are \(steps.count) sources for \(batch) sequences; each needs one")
    let order = steps.indices.sorted { (steps[$1], numbers[$0]) < (steps[$0], numbers[$1]) }
    return (PackedLengths(sorted: order.map { steps[$0] }, numbers: order.map { numbers[$0] }, shards: shards), order)
  }

  /// Some of the sequences by themselves, with the numbers that they have here, and where their rows stand here.
  ///
  /// - Parameter sequences: their places, in increasing order.
  func part(_ sequences: [Int]) -> (lengths: PackedLengths, rows: [Int]) {
    let part = PackedLengths(
      sorted: sequences.map { perSequence[$0] }, numbers: sequences.map { numbers[$0] }, shards: shards)
    var rows: [Int] = []
    rows.reserveCapacity(part.rows)
    for step in 0..<part.steps {
      for (place, sequence) in sequences.enumerated() {
        if part.perSequence[place] <= step { break }
        rows.append(row(step: step, sequence: sequence))
      }
    }
    return (part, rows)
  }

  /// What each sequence has at its steps, row by row.
  ///
  /// - Parameter sequences: as long as this says.
  package func packed<Element>(_ sequences: [[Element]]) -> [Element] {
    var rows: [Element] = []
    rows.reserveCapacity(self.rows)
    for step in 0..<steps {
      for sequence in sequences {
        if sequence.count <= step { break }
        rows.append(sequence[step])
      }
    }
    return rows
  }
}
