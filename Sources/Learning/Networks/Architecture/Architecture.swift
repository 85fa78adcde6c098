public import CellLanguage

/// What a network is made of, without its weights: what it reads, its recurrent layers, what of them is read out, and what it
/// gives.
public struct Architecture: Sendable, Hashable {
  /// What a step reads.
  public var input: Input
  /// The recurrent layers, from the one that reads the input up. Each reads what the one before it gives, unless it says what.
  public var layers: [Layer]
  /// What the output is made from at each step; nil for what the last layer gives.
  public var top: Reading?
  /// What the network knows of each sequence before its first step, from which the states of all layers begin; nil if they begin with
  /// zero, or what they have learned to begin with.
  public var context: Context?
  /// What of the last layer's outputs over time the network's output is made from.
  public var readout: Readout
  /// Layers above what is read out of each sequence, which they see as a sequence of one step: dense layers as a rule; a cell
  /// with a memory begins again for each. None where each step is read out, since there these are layers like others.
  public var headLayers: [Layer]
  /// What the network gives.
  public var output: Output
  /// Whether the matrix on top is the embedding: the output of a symbol is the product of its vector and what the last layer
  /// gives (Press & Wolf 2017; Inan, Khosravi & Socher 2017).
  public var tiesEmbedding: Bool
  /// Whether the matrix on top multiplies what the first layer reads, too, beside what the last layer gives: a shortcut past
  /// all layers (Graves 2013, section 2). An output to which the input is added is one whose matrix has ones there.
  public var outputReadsInput: Bool

  /// An architecture; that its parts go together is checked when a network is made of it.
  public init(
    input: Input, layers: [Layer], top: Reading? = nil, context: Context? = nil, readout: Readout = .everyStep,
    headLayers: [Layer] = [], output: Output, tiesEmbedding: Bool = false, outputReadsInput: Bool = false
  ) {
    self.input = input
    self.layers = layers
    self.top = top
    self.context = context
    self.readout = readout
    self.headLayers = headLayers
    self.output = output
    self.tiesEmbedding = tiesEmbedding
    self.outputReadsInput = outputReadsInput
  }

  /// One recurrent layer. It reads what the layer below gives, unless it says what it reads.
  public struct Layer: Sendable, Hashable {
    /// By what layers above it, and the output, may name it: letters, digits and `_`, a letter first, and not `x`; nil if none does.
    public var name: String?
    /// What it reads of the input and the layers below; nil for what the layer below gives, or the first layer for the input.
    public var reads: Reading?
    /// The equations of one time step.
    public var cell: Cell
    /// The length of the cell's states that don't say otherwise.
    public var units: Int
    /// Values for the cell's own named sizes; those left out take the cell's.
    public var sizes: [String: Int]
    /// In which order it reads a sequence.
    public var direction: Direction
    /// Whether the states before a sequence's first step are weights, which training learns; otherwise they are zero.
    public var learnsInitialStates: Bool

    /// A layer of a cell, which reads forward unless another direction is given.
    public init(
      _ cell: Cell, units: Int, sizes: [String: Int] = [:], direction: Direction = .forward, learnsInitialStates: Bool = false,
      name: String? = nil, reads: Reading? = nil
    ) {
      self.name = name
      self.reads = reads
      self.cell = cell
      self.units = units
      self.sizes = sizes
      self.direction = direction
      self.learnsInitialStates = learnsInitialStates
    }
  }

  /// In which order a layer reads a sequence. What it gives stands in the order of the input's steps in any case.
  public enum Direction: Sendable, Hashable {
    /// From the first step to the last.
    case forward
    /// The layer reads from each sequence's own last step to its first.
    case reverse
    /// Both ways, each with weights of its own (Schuster & Paliwal 1997). `reverse` is the cell that reads from the last step,
    /// nil for the layer's own.
    case bidirectional(Merge, reverse: Cell? = nil)
  }

  /// What a bidirectional layer makes of the outputs of its two directions at the same step of the input.
  public enum Merge: String, Sendable, Hashable, CaseIterable, Codable {
    /// The forward direction's, then the reverse one's: `[2 · units]`.
    case concatenate
    /// The sum of the two, element by element: `[units]`.
    case sum
    /// Their product, element by element: `[units]`.
    case multiply
    /// Half of their sum: `[units]`.
    case average
  }

  /// What of the last layer's outputs over time the network's output is made from.
  public enum Readout: String, Sendable, Hashable, CaseIterable, Codable {
    /// Each step's: the network gives something at each step.
    case everyStep = "every-step"
    /// The last one of each sequence: the network gives one row for each sequence, as it does in the cases below. Of a layer that
    /// reads in reverse it is the output with which it ends, that of the first step; of a bidirectional one what both directions
    /// end with, merged.
    case last
    /// Their mean.
    case mean
    /// The largest, element by element.
    case max
  }
}
