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

  /// What each row reads.
  package enum Inputs: Sendable {
    /// Symbols of the vocabulary, `[rows]`.
    case tokens([Int32])
    /// `[rows, features]`
    case features([Float])
    /// `[rows, features]`, and the symbol of each row's name, `[rows]`.
    case namedFeatures([Float], names: [Int32])
    /// Words of sentences.
    case words(Words)
  }

  /// The words that rows read. What follows from how a word is spelled is there once for each different word of the batch.
  package struct Words: Sendable {
    /// The symbol of each row's word in the vocabulary of words, `[rows]`.
    package var tokens: [Int32]
    /// Which of the different words each row has, `[rows]`.
    package var spellings: [Int32]
    /// How many characters each different word has, the longest first.
    package var lengths: PackedLengths
    /// The symbols of the different words' characters, packed as ``lengths`` says.
    package var characters: [Int32]
    /// What the different words look like, `[different words, shapes]`.
    package var shapes: [Float]

    package init(tokens: [Int32], spellings: [Int32], lengths: PackedLengths, characters: [Int32], shapes: [Float]) {
      self.tokens = tokens
      self.spellings = spellings
      self.lengths = lengths
      self.characters = characters
      self.shapes = shapes
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
  }
}

extension Batch.Inputs {
  /// What some rows read, in the order in which they are named.
  ///
  /// - Parameter count: all rows.
  package func taking(_ rows: [Int], of count: Int) -> Self {
    switch self {
    case .tokens(let tokens): return .tokens(rows.map { tokens[$0] })
    case .features(let values):
      return .features(Self.taking(rows, of: values, count: count))
    case .namedFeatures(let values, let names):
      return .namedFeatures(Self.taking(rows, of: values, count: count), names: rows.map { names[$0] })
    case .words(var words):
      words.tokens = rows.map { words.tokens[$0] }
      words.spellings = rows.map { words.spellings[$0] }
      return .words(words)
    }
  }

  private static func taking(_ rows: [Int], of values: [Float], count: Int) -> [Float] {
    let width = values.count / max(count, 1)
    return rows.flatMap { values[$0 * width..<($0 + 1) * width] }
  }
}
