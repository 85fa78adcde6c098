public import CellLanguage
public import Sequences

/// What a network is made of, without its weights: what it reads, its recurrent layers, and what it gives.
public struct Architecture: Sendable, Hashable {
  public var input: Input
  public var layers: [Layer]
  public var output: Output

  public init(input: Input, layers: [Layer], output: Output) {
    self.input = input
    self.layers = layers
    self.output = output
  }

  /// What a network reads at each step.
  public enum Input: Sendable, Hashable {
    /// A symbol of a vocabulary. Each symbol is a learned vector of `embedding` numbers, or, if that is nil, a vector with
    /// a 1 at the symbol's place and 0 elsewhere.
    case tokens(Vocabulary, embedding: Int? = nil)
    /// A vector of numbers.
    case features(Int)
  }

  /// One recurrent layer. It reads what the layer below gives.
  public struct Layer: Sendable, Hashable {
    public var cell: Cell
    /// The length of the cell's states that don't say otherwise.
    public var units: Int
    /// Values for the cell's own named sizes; those left out take the cell's.
    public var sizes: [String: Int]

    public init(_ cell: Cell, units: Int, sizes: [String: Int] = [:]) {
      self.cell = cell
      self.units = units
      self.sizes = sizes
    }
  }

  /// What a network gives at each step, and the loss that training makes small.
  public enum Output: Sendable, Hashable {
    /// One of so many classes; softmax cross-entropy. Nil: one of the symbols that the network reads.
    case classes(Int?)
    /// So many numbers; mean squared error.
    case values(Int)

    /// One of the symbols that the network reads: the next one, in a language model.
    public static let categorical = Output.classes(nil)
  }
}

/// A network that can't be built, and why.
public struct NetworkError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }
}
