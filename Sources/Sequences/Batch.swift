public import Engine

/// What a network is trained on or run over at once: sequences, packed longest first as ``Lengths`` says. A row is a step of one.
public struct Batch: Sendable {
  public var lengths: Lengths
  public var inputs: Inputs
  public var targets: Targets

  public init(lengths: Lengths, inputs: Inputs, targets: Targets) {
    self.lengths = lengths
    self.inputs = inputs
    self.targets = targets
  }

  /// What each row reads.
  public enum Inputs: Sendable {
    /// Symbols of the vocabulary, `[rows]`.
    case tokens([Int32])
    /// `[rows, features]`
    case features([Float])
  }

  /// What each row is to give.
  public enum Targets: Sendable {
    /// The class of each row, `[rows]`; a negative one says that the row has no target.
    case classes([Int32])
    /// The same, and how many rows each row counts as in the loss, `[rows]`, which is still a mean over the rows that have a target.
    case weightedClasses([Int32], weights: [Float])
    /// `[rows, outputs]`, and which of the rows have a target: nil for all.
    case values([Float], counted: [Bool]? = nil)
  }
}
