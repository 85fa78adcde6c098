public import CellLanguage

/// What a machine does to run a cell: the cell's equations, brought into the order and the form in which they run fast.
///
/// A plan is a value that can be printed. ``compile(_:dimensions:)`` makes it, pass by pass.
public struct Plan: Sendable {
  public let cell: Cell
  public let dimensions: Dimensions

  // What the passes fill in, in their order.

  /// One step as values; the first ``forwardCount`` of them belong to the forward step.
  public internal(set) var graph = Graph()
  public internal(set) var forwardCount = 0
  /// The value that becomes each state's next one.
  public internal(set) var next: [Graph.Value] = []
  /// The named local vectors, in the order of the equations.
  public internal(set) var locals: [Local] = []
  /// What the equations' functions squash, in the order of the equations.
  public internal(set) var preactivations: [Local] = []
  /// What the backward step computes.
  public internal(set) var gradients = Gradients()
  /// Values that no step changes, such as `σ(ζ)` of a parameter: computed once for each change of the weights, in this order.
  public internal(set) var invariants: [Graph.Value] = []
  /// The pre-activations side by side: the columns of one row.
  public internal(set) var slots: [Slot] = []
  /// Values that stand in the place of the pre-activation that they are made from.
  public internal(set) var gates: [Graph.Value: Slot] = [:]
  /// The matrix products, stacked.
  public internal(set) var products: [Product] = []
  /// Forward values that the backward step reads again, and therefore kept for every step, side by side.
  public internal(set) var kept: [Column] = []
  /// One step without a backward step to come.
  public internal(set) var inference = Schedule()
  /// One step that keeps what ``backward`` reads.
  public internal(set) var training = Schedule()
  /// One step back.
  public internal(set) var backward = Schedule()
  /// Whether the step back writes the gradients of the pre-activations over the pre-activations and their gates. The forward
  /// run's memory then serves one backward run.
  public internal(set) var gradientsReplaceSlots = false

  /// Whether a step computes every named vector, those too that nothing reads.
  let computesAll: Bool
  let drawing: Drawing

  init(cell: Cell, dimensions: Dimensions, computesAll: Bool, drawing: Drawing) {
    self.cell = cell
    self.dimensions = dimensions
    self.computesAll = computesAll
    self.drawing = drawing
  }

  /// What is drawn for each batch of a training, and so is memory that a step reads.
  public struct Drawing: Sendable, Hashable {
    /// Whether products see of each state what a mask of the sequence leaves of it (Gal & Ghahramani 2016).
    public var masks: Bool
    /// Whether the units of a state with zoneout keep their value or don't (Krueger et al. 2017, equation 6); otherwise each
    /// keeps its fraction of it, which is the mean of that.
    public var zoneout: Bool

    public init(masks: Bool = false, zoneout: Bool = false) {
      self.masks = masks
      self.zoneout = zoneout
    }
  }

  /// What a forward step is there for.
  var forwardRoots: [Graph.Value] { computesAll ? next + locals.map(\.value) : next }

  /// A named local vector of the cell, or a pre-activation.
  public struct Local: Sendable {
    public let name: String
    public let label: String?
    public let value: Graph.Value
  }

  /// The values in which the backward step ends.
  public struct Gradients: Sendable {
    /// The gradient of each pre-activation, by its forward value.
    public internal(set) var affines: [Graph.Value: Graph.Value] = [:]
    /// Gradients whose sum over all rows and steps is that of a vector or scalar parameter.
    public internal(set) var parameters: [(parameter: Int, value: Graph.Value)] = []
    /// Each state's gradient as far as it does not come through a product, nil if all of it does.
    public internal(set) var states: [Graph.Value?] = []
    /// The input's gradient as far as it does not come through a product, nil if all of it does.
    public internal(set) var input: Graph.Value?
  }

  /// A value's place in a row.
  public struct Column: Sendable, Hashable {
    public let value: Graph.Value
    public let start: Int
    public let width: Int

    public var range: Range<Int> { start..<start + width }
  }

  /// A pre-activation's place in a row of pre-activations.
  public typealias Slot = Column

  /// A stack of matrices times one vector, into neighbouring slots: `[k] → [n]`. Its transpose serves the backward step,
  /// and its outer product the matrices' gradients.
  public struct Product: Sendable {
    /// The vector.
    public let source: Graph.Value
    /// The blocks of matrices, one above the other, as they fill the slots.
    public internal(set) var blocks: [Block]
    /// First of its columns among the slots.
    public internal(set) var start: Int
    /// Before which program of the forward step it runs; nil for a product of the input, which runs for all steps at once.
    public let stage: Int?
    /// Whether it adds to what an earlier product has put there. The first product of a slot starts with the biases.
    public let accumulates: Bool
    /// Elements of the vector.
    public let k: Int
    /// Elements of the result.
    public var n: Int { blocks.reduce(0) { $0 + $1.rows } }
    public var columns: Range<Int> { start..<start + n }
  }

  /// A block of a matrix parameter: the columns (if transposed the rows) from `offset` on.
  public struct Block: Sendable, Hashable {
    public let affine: Graph.Value
    public let matrix: Int
    public let offset: Int
    public let isTransposed: Bool
    public let rows: Int
    /// Biases that the block's slot starts from.
    public let biases: [Int]
  }

  /// What one step does, in order.
  public struct Schedule: Sendable {
    public internal(set) var phases: [Phase] = []
    /// Floats of a row that live only within a step.
    public internal(set) var scratch = 0
    /// Where each value stands that is in memory.
    public internal(set) var homes: [Graph.Value: Place] = [:]
  }

  public enum Phase: Sendable {
    /// Into the slots from the product's vector.
    case product(Int)
    /// The transpose, from the gradients of the slots into the gradient of the product's vector.
    case backpropagate(Int, into: Place, accumulates: Bool)
    case program(Program)
  }

  /// Point-by-point instructions over rows of one width.
  public struct Program: Sendable {
    public internal(set) var instructions: [Instruction]
    public let width: Int
    public internal(set) var registers: Int
  }

  /// `destination = primitive(sources)`.
  public struct Instruction: Sendable {
    public let primitive: Primitive
    public let destination: Place
    public let sources: [Place]
    /// How many times the program's width it covers: more than 1 for gates side by side.
    public internal(set) var span = 1
  }

  /// Where a vector of a row stands.
  public enum Place: Sendable, Hashable {
    /// A tile register: lives within a program.
    case register(Int)
    /// The rows of the input.
    case input
    case previous(state: Int)
    case next(state: Int)
    case parameter(Int)
    case constant(Double)
    case invariant(Graph.Value)
    /// A state's mask, a row for each sequence.
    case mask(state: Int)
    /// What a state's units keep, a row for each sequence and step.
    case zoneout(state: Int)
    /// A column of the pre-activations.
    case slot(Int)
    /// A column of what is kept for every step.
    case kept(Int)
    /// A column of what lives within a step.
    case scratch(Int)
    /// Backward: a column of the pre-activations' gradients.
    case slotGradient(Int)
    case outputGradient
    case inputGradient
    /// The gradient of a state, as it comes in from the step after and as it goes out to the step before.
    case incomingGradient(state: Int)
    case outgoingGradient(state: Int)
    /// The sum over rows and steps for a vector or scalar parameter.
    case parameterGradient(Int)
  }

  /// Floats of a row of pre-activations.
  public var slotWidth: Int { slots.last.map { $0.start + $0.width } ?? 0 }
  /// Floats of a row of kept values.
  public var keptWidth: Int { kept.last.map { $0.start + $0.width } ?? 0 }

  /// The states of which products see what a mask leaves; none if no product reads a state.
  public var maskedStates: [Int] {
    let read = graph.closure(of: forwardRoots).map { graph[$0].operation }
    return cell.states.indices.filter { read.contains(.mask(state: $0)) }
  }

  /// The states whose units keep their value or not as a drawn mask says.
  public var zonedStates: [Int] { drawing.zoneout ? cell.states.indices.filter { cell.states[$0].zoneout > 0 } : [] }

  /// Floats of a row of these masks.
  public var zoneoutWidth: Int { zonedStates.reduce(0) { $0 + width(ofState: $1) } }

  /// The length of each state.
  public func width(ofState index: Int) -> Int { dimensions[cell.states[index].size] }
}
