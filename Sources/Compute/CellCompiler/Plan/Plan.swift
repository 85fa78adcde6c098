package import CellLanguage
import Support

/// What a machine does to run a cell: the cell's equations, brought into the order and the form in which they run fast.
///
/// A plan is a value that can be printed. ``init(compiling:dimensions:drawing:computesAll:through:)`` makes it, pass by pass, and
/// ``faults`` says what is wrong with it: nothing, unless a plan was changed by hand.
package struct Plan: Sendable {
  package let cell: Cell
  package let dimensions: Dimensions
  /// Whether a step computes every named vector, those too that nothing reads; such a plan has no backward step.
  package let computesAll: Bool
  package let drawing: Drawing
  /// The last pass that the plan has gone through; nil before the first one.
  package internal(set) var pass: Pass?

  // What the passes fill in, in their order.

  /// One step as values; the first ``forwardCount`` of them belong to the forward step.
  package var graph = Graph()
  package var forwardCount = 0
  /// The value that becomes each state's next one.
  package var next: [Graph.Value] = []
  /// The named local vectors, in the order of the equations.
  package var locals: [Local] = []
  /// What the equations' functions squash, in the order of the equations.
  package var preactivations: [Local] = []
  /// What the backward step computes.
  package var gradients = Gradients()
  /// Values that no step changes, such as `σ(ζ)` of a parameter: computed once for each change of the weights, in this order.
  package var invariants: [Graph.Value] = []
  /// The pre-activations side by side: the columns of one row.
  package var slots: [Slot] = []
  /// Values that stand in the place of the pre-activation that they are made from.
  package var gates: [Graph.Value: Slot] = [:]
  /// The matrix products, stacked.
  package var products: [Product] = []
  /// Forward values that the backward step reads again, and therefore kept for every step, side by side.
  package var kept: [Column] = []
  /// Those of them that have an element for each row of a memory, each in memory of its own.
  package var keptOfMemory: [Graph.Value] = []
  /// Forward products that are multiplied as they are added, each with its sum.
  package var fused: [Graph.Value: Graph.Value] = [:]
  /// One step without a backward step to come.
  package var inference = Schedule()
  /// One step that keeps what ``backward`` reads.
  package var training = Schedule()
  /// One step back.
  package var backward = Schedule()
  /// What a step does for its next matrices, once more, from what the forward run has left.
  package var rebuild = Schedule()
  /// Whether the step back writes the gradients of the pre-activations over the pre-activations and their gates. The forward
  /// run's memory then serves one backward run.
  package var gradientsReplaceSlots = false

  init(cell: Cell, dimensions: Dimensions, computesAll: Bool, drawing: Drawing) {
    self.cell = cell
    self.dimensions = dimensions
    self.computesAll = computesAll
    self.drawing = drawing
  }

  /// What is drawn for each batch of a training, and so is memory that a step reads.
  package struct Drawing: Sendable, Hashable, CaseIterable {
    /// Whether products see of each state what a mask of the sequence leaves of it (Gal & Ghahramani 2016).
    package var masks: Bool
    /// Whether the units of a state with zoneout keep their value or don't (Krueger et al. 2017, equation 6); otherwise each
    /// keeps its fraction of it, which is the mean of that.
    package var zoneout: Bool

    package init(masks: Bool = false, zoneout: Bool = false) {
      self.masks = masks
      self.zoneout = zoneout
    }

    package static let allCases = [
      Drawing(), Drawing(masks: true), Drawing(zoneout: true), Drawing(masks: true, zoneout: true),
    ]
  }

  /// A named local vector of the cell, or a pre-activation.
  package struct Local: Sendable {
    package var name: String
    package var label: String?
    package var value: Graph.Value
  }

  /// The values in which the backward step ends.
  package struct Gradients: Sendable {
    /// The gradient of each pre-activation, by its forward value.
    package var affines: [Graph.Value: Graph.Value] = [:]
    /// Gradients whose sum over all rows and steps is that of a vector or scalar parameter.
    package var parameters: [(parameter: Int, value: Graph.Value)] = []
    /// Each state's gradient as far as it does not come through a product, nil if all of it does.
    package var states: [Graph.Value?] = []
    /// The input's gradient as far as it does not come through a product, nil if all of it does.
    package var input: Graph.Value?
    /// Gradients whose sum over all steps is that of ``Plan/memories``, for each sequence by itself.
    package var memory: [(memory: Graph.Value, value: Graph.Value)] = []
  }

  /// What the memory of each sequence is read as: its rows, and its rows times parameters, which are there before the first step.
  package var memories: [Graph.Value] {
    graph.nodes.indices.filter { value in
      switch graph[value].operation {
      case .memory, .projection: true
      default: false
      }
    }
  }

  /// How long a row of the memory is; nil if the cell has none.
  package var memoryWidth: Int? { cell.memory.map { dimensions[$0.size] } }

  /// A value's place in a row.
  package struct Column: Sendable, Hashable {
    package var value: Graph.Value
    package var start: Int
    package var width: Int

    package var range: Range<Int> { start..<start + width }
  }

  /// A pre-activation's place in a row of pre-activations.
  package typealias Slot = Column

  /// A stack of matrices times one vector, into neighbouring slots: `[k] → [n]`. Its transpose serves the backward step,
  /// and its outer product the matrices' gradients.
  package struct Product: Sendable {
    /// The vector.
    package var source: Graph.Value
    /// The blocks of matrices, one above the other, as they fill the slots.
    package var blocks: [Block]
    /// First of its columns among the slots.
    package var start: Int
    /// Before which program of the forward step it runs; nil for a product of the input or of a part of it, which runs for all
    /// steps at once.
    package var stage: Int?
    /// Whether it adds to what an earlier product has put there. The first product of a slot starts with the biases.
    package var accumulates: Bool
    /// Elements of the vector.
    package var k: Int
    /// Elements of the result.
    package var n: Int { blocks.reduce(0) { $0 + $1.rows } }
    package var columns: Range<Int> { start..<start + n }
  }

  /// A part of a matrix parameter: the columns (if transposed the rows) from `offset` on, of one block if it is block-diagonal.
  package struct Block: Sendable, Hashable {
    package var affine: Graph.Value
    package var matrix: Int
    /// Which block of a block-diagonal matrix; 0 of any other.
    package var block: Int
    package var offset: Int
    package var isTransposed: Bool
    /// The elements of the pre-activation that it gives.
    package var results: Range<Int>
    /// Biases that these start from.
    package var biases: [Int]

    package var rows: Int { results.count }
  }

  /// Floats of a row of pre-activations.
  package var slotWidth: Int { slots.last.map { $0.start + $0.width } ?? 0 }
  /// Floats of a row of kept values.
  package var keptWidth: Int { kept.last.map { $0.start + $0.width } ?? 0 }

  /// The states that are matrices. A forward run leaves them at every few steps only, and they are made again for the steps
  /// back, a few steps at a time: to write all of them and to read them back takes longer than to compute them twice.
  package var rebuiltStates: [Int] { computesAll ? [] : next.indices.filter { graph[next[$0]].shape.isMatrix } }

  /// What a forward step is there for.
  var forwardRoots: [Graph.Value] { computesAll ? next + locals.map(\.value) : next }

  /// What the backward step ends in.
  var backwardRoots: [Graph.Value] {
    Array(gradients.affines.values) + gradients.parameters.map(\.value) + gradients.memory.map(\.value)
      + gradients.states.compactMap { $0 }
      + (gradients.input.map { [$0] } ?? [])
  }

  /// Values side by side.
  func columns(_ values: [Graph.Value]) -> [Column] {
    var start = 0
    return values.map { value in
      defer { start += graph[value].width }
      return Column(value: value, start: start, width: graph[value].width)
    }
  }

  /// How many parts the cell's vectors have.
  package var heads: Int { cell.heads(dimensions) }

  /// Floats of the longest vector of a step.
  package var longestValue: Int {
    found(graph.nodes.map(\.width).max(), orFail: "the plan of cell \(cell.name) has no values")
  }

  /// The states of which products see what a mask leaves; none if no product reads a state.
  package var maskedStates: [Int] {
    let read = graph.closure(of: forwardRoots).map { graph[$0].operation }
    return cell.states.indices.filter { read.contains(.mask(state: $0)) }
  }

  /// The states whose units keep their value or not as a drawn mask says.
  package var zonedStates: [Int] { drawing.zoneout ? cell.states.indices.filter { cell.states[$0].zoneout > 0 } : [] }

  /// Floats of a row of these masks.
  package var zoneoutWidth: Int { zonedStates.reduce(0) { $0 + width(ofState: $1) } }

  /// Floats of a row of the input: all that a step reads, one vector after the other.
  package var inputWidth: Int { cell.inputWidth(dimensions) }

  /// Where each input stands in such a row.
  package var inputColumns: [Range<Int>] { cell.inputColumns(dimensions) }

  /// What the row is called: by the input's name, `x`, or by those of several, `[x, dt]`.
  package var inputName: String {
    cell.inputs.count == 1 ? cell.input : "[\(cell.inputs.map(\.name).joined(separator: ", "))]"
  }

  /// The length of each state.
  package func width(ofState index: Int) -> Int { dimensions[cell.states[index].size] }
}
