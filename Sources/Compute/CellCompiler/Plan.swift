package import CellLanguage

/// What a machine does to run a cell: the cell's equations, brought into the order and the form in which they run fast.
///
/// A plan is a value that can be printed. ``compile(_:dimensions:)`` makes it, pass by pass.
package struct Plan: Sendable {
  package let cell: Cell
  package let dimensions: Dimensions

  // What the passes fill in, in their order.

  /// One step as values; the first ``forwardCount`` of them belong to the forward step.
  package internal(set) var graph = Graph()
  package internal(set) var forwardCount = 0
  /// The value that becomes each state's next one.
  package internal(set) var next: [Graph.Value] = []
  /// The named local vectors, in the order of the equations.
  package internal(set) var locals: [Local] = []
  /// What the equations' functions squash, in the order of the equations.
  package internal(set) var preactivations: [Local] = []
  /// What the backward step computes.
  package internal(set) var gradients = Gradients()
  /// Values that no step changes, such as `σ(ζ)` of a parameter: computed once for each change of the weights, in this order.
  package internal(set) var invariants: [Graph.Value] = []
  /// The pre-activations side by side: the columns of one row.
  package internal(set) var slots: [Slot] = []
  /// Values that stand in the place of the pre-activation that they are made from.
  package internal(set) var gates: [Graph.Value: Slot] = [:]
  /// The matrix products, stacked.
  package internal(set) var products: [Product] = []
  /// Forward values that the backward step reads again, and therefore kept for every step, side by side.
  package internal(set) var kept: [Column] = []
  /// One step without a backward step to come.
  package internal(set) var inference = Schedule()
  /// One step that keeps what ``backward`` reads.
  package internal(set) var training = Schedule()
  /// One step back.
  package internal(set) var backward = Schedule()
  /// Whether the step back writes the gradients of the pre-activations over the pre-activations and their gates. The forward
  /// run's memory then serves one backward run.
  package internal(set) var gradientsReplaceSlots = false

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
  package struct Drawing: Sendable, Hashable {
    /// Whether products see of each state what a mask of the sequence leaves of it (Gal & Ghahramani 2016).
    package var masks: Bool
    /// Whether the units of a state with zoneout keep their value or don't (Krueger et al. 2017, equation 6); otherwise each
    /// keeps its fraction of it, which is the mean of that.
    package var zoneout: Bool

    package init(masks: Bool = false, zoneout: Bool = false) {
      self.masks = masks
      self.zoneout = zoneout
    }
  }

  /// What a forward step is there for.
  var forwardRoots: [Graph.Value] { computesAll ? next + locals.map(\.value) : next }

  /// A named local vector of the cell, or a pre-activation.
  package struct Local: Sendable {
    package let name: String
    package let label: String?
    package let value: Graph.Value
  }

  /// The values in which the backward step ends.
  package struct Gradients: Sendable {
    /// The gradient of each pre-activation, by its forward value.
    package internal(set) var affines: [Graph.Value: Graph.Value] = [:]
    /// Gradients whose sum over all rows and steps is that of a vector or scalar parameter.
    package internal(set) var parameters: [(parameter: Int, value: Graph.Value)] = []
    /// Each state's gradient as far as it does not come through a product, nil if all of it does.
    package internal(set) var states: [Graph.Value?] = []
    /// The input's gradient as far as it does not come through a product, nil if all of it does.
    package internal(set) var input: Graph.Value?
  }

  /// A value's place in a row.
  package struct Column: Sendable, Hashable {
    package let value: Graph.Value
    package let start: Int
    package let width: Int

    package var range: Range<Int> { start..<start + width }
  }

  /// A pre-activation's place in a row of pre-activations.
  package typealias Slot = Column

  /// A stack of matrices times one vector, into neighbouring slots: `[k] → [n]`. Its transpose serves the backward step,
  /// and its outer product the matrices' gradients.
  package struct Product: Sendable {
    /// The vector.
    package let source: Graph.Value
    /// The blocks of matrices, one above the other, as they fill the slots.
    package internal(set) var blocks: [Block]
    /// First of its columns among the slots.
    package internal(set) var start: Int
    /// Before which program of the forward step it runs; nil for a product of the input, which runs for all steps at once.
    package let stage: Int?
    /// Whether it adds to what an earlier product has put there. The first product of a slot starts with the biases.
    package let accumulates: Bool
    /// Elements of the vector.
    package let k: Int
    /// Elements of the result.
    package var n: Int { blocks.reduce(0) { $0 + $1.rows } }
    package var columns: Range<Int> { start..<start + n }
  }

  /// A block of a matrix parameter: the columns (if transposed the rows) from `offset` on.
  package struct Block: Sendable, Hashable {
    package let affine: Graph.Value
    package let matrix: Int
    package let offset: Int
    package let isTransposed: Bool
    package let rows: Int
    /// Biases that the block's slot starts from.
    package let biases: [Int]
  }

  /// What one step does, in order.
  package struct Schedule: Sendable {
    package internal(set) var phases: [Phase] = []
    /// Floats of a row that live only within a step.
    package internal(set) var scratch = 0
    /// Where each value stands that is in memory.
    package internal(set) var homes: [Graph.Value: Place] = [:]
  }

  package enum Phase: Sendable {
    /// Into the slots from the product's vector.
    case product(Int)
    /// The transpose, from the gradients of the slots into the gradient of the product's vector.
    case backpropagate(Int, into: Place, accumulates: Bool)
    case program(Program)
  }

  /// Point-by-point instructions over rows of one width.
  package struct Program: Sendable {
    package internal(set) var instructions: [Instruction]
    package let width: Int
    package internal(set) var registers: Int
  }

  /// `destination = primitive(sources)`.
  package struct Instruction: Sendable {
    package let primitive: Primitive
    package let destination: Place
    package let sources: [Place]
    /// How many times the program's width it covers: more than 1 for gates side by side.
    package internal(set) var span = 1
  }

  /// Where a vector of a row stands.
  package enum Place: Sendable, Hashable {
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
  package var slotWidth: Int { slots.last.map { $0.start + $0.width } ?? 0 }
  /// Floats of a row of kept values.
  package var keptWidth: Int { kept.last.map { $0.start + $0.width } ?? 0 }

  /// The states of which products see what a mask leaves; none if no product reads a state.
  package var maskedStates: [Int] {
    let read = graph.closure(of: forwardRoots).map { graph[$0].operation }
    return cell.states.indices.filter { read.contains(.mask(state: $0)) }
  }

  /// The states whose units keep their value or not as a drawn mask says.
  package var zonedStates: [Int] { drawing.zoneout ? cell.states.indices.filter { cell.states[$0].zoneout > 0 } : [] }

  /// Floats of a row of these masks.
  package var zoneoutWidth: Int { zonedStates.reduce(0) { $0 + width(ofState: $1) } }

  /// The length of each state.
  package func width(ofState index: Int) -> Int { dimensions[cell.states[index].size] }
}
