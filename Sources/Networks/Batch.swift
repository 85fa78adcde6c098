public import Engine

/// What a network is trained on or run over at once: sequences, packed longest first as ``Lengths`` says.
public struct Batch: Sendable {
  public var lengths: Lengths
  public var inputs: Inputs
  public var targets: Targets

  public init(lengths: Lengths, inputs: Inputs, targets: Targets) {
    self.lengths = lengths
    self.inputs = inputs
    self.targets = targets
  }

  /// One entry a row.
  public enum Inputs: Sendable {
    /// Symbols of the vocabulary, `[rows]`.
    case tokens([Int32])
    /// `[rows, features]`
    case features([Float])
  }

  /// One entry a row.
  public enum Targets: Sendable {
    /// The class of each row, `[rows]`; a negative one says that the row has no target.
    case classes([Int32])
    /// `[rows, outputs]`, and which of the rows have a target: nil for all.
    case values([Float], counted: [Bool]? = nil)
  }
}

/// The loss of a batch, added up.
public struct Loss: Sendable {
  /// In nats for classes, in squared units for values (mean over a row's outputs).
  public var sum: Double
  /// Rows that have a target.
  public var count: Int

  public init(sum: Double = 0, count: Int = 0) {
    self.sum = sum
    self.count = count
  }

  public var mean: Double { count == 0 ? 0 : sum / Double(count) }

  public static func += (total: inout Loss, part: Loss) {
    total.sum += part.sum
    total.count += part.count
  }
}
