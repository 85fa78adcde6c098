package import CellLanguage

/// One time step of a cell as values that depend on each other: first those of the forward step, then those of the
/// backward step.
///
/// Every value is a vector of a row of the batch, or a matrix of it, row by row. A value is defined before it is used, and equal definitions are one
/// value, so that what two equations share is computed once.
package struct Graph: Sendable {
  /// Index into ``nodes``.
  package typealias Value = Int

  package struct Node: Sendable, Hashable {
    package let operation: Operation
    package let shape: Shape
    /// Elements of a row of the batch.
    package var width: Int { shape.width }

    package init(operation: Operation, shape: Shape) { (self.operation, self.shape) = (operation, shape) }

    package init(operation: Operation, width: Int) { self.init(operation: operation, shape: Shape(width)) }
  }

  /// How many elements a value has, and in how many columns they stand if it is a matrix.
  package struct Shape: Sendable, Hashable {
    package let width: Int
    /// Nil of a vector; of several matrices side by side those of each.
    package let columns: Int?
    /// How many matrices stand side by side: one for each head.
    package let heads: Int
    /// Whether there is so much of it for each row of a memory: an element of a vector, or a row of a matrix. How many rows there are no
    /// plan knows, since every sequence has its own.
    package let followsMemory: Bool

    package init(_ width: Int, columns: Int? = nil, heads: Int = 1, followsMemory: Bool = false) {
      (self.width, self.columns, self.heads) = (width, columns, columns == nil ? 1 : heads)
      self.followsMemory = followsMemory
    }

    /// A vector with an element for each row of a memory.
    package static let rowsOfMemory = Shape(1, followsMemory: true)

    /// A matrix with a row of that length for each row of a memory.
    package static func rowsOfMemory(_ columns: Int) -> Shape { Shape(columns, columns: columns, followsMemory: true) }

    package var isMatrix: Bool { columns != nil }
  }

  /// A matrix, or some columns of it, times a vector; of a block-diagonal matrix, one of its blocks.
  package struct Term: Sendable, Hashable {
    /// Index into the cell's parameters.
    package let matrix: Int
    /// Which block of a block-diagonal matrix, counted from 0; 0 of any other, which is one block.
    package let block: Int
    /// The column of the block (its row, if transposed) that meets the vector's first element.
    package let offset: Int
    package let isTransposed: Bool
    package let vector: Value
    /// The elements of the sum that it is added to: all, or the head that the block belongs to.
    package let results: Range<Int>

    package init(matrix: Int, block: Int = 0, offset: Int, isTransposed: Bool, vector: Value, results: Range<Int>) {
      self.matrix = matrix
      self.block = block
      self.offset = offset
      self.isTransposed = isTransposed
      self.vector = vector
      self.results = results
    }
  }

  /// A vector within a longer one.
  package struct Part: Sendable, Hashable {
    package let value: Value
    /// The place of its first element.
    package let start: Int

    package init(value: Value, start: Int) {
      self.value = value
      self.start = start
    }
  }

  package enum Operation: Sendable, Hashable {
    /// The input at this step.
    case input
    /// A state's value before this step.
    case previous(state: Int)
    /// The rows of the memory: the same at all steps.
    case memory
    /// A matrix parameter times each row of the memory: computed once, before the first step.
    case projection(Int)
    /// A vector, bias or scalar parameter: the same for all rows.
    case parameter(Int)
    case constant(Double)
    /// A vector for each sequence, the same at all steps: what products see of a state is multiplied with it.
    case mask(state: Int)
    /// What each unit of a state keeps of its value at this step, a row for each sequence and step: 0 or 1 where it is drawn.
    case zoneout(state: Int)
    /// Σ matrix · vector + Σ bias: a pre-activation.
    case affine(terms: [Term], biases: [Int])
    case apply(Primitive, [Value])
    /// The elements of a vector from `start` on.
    case slice(Value, start: Int)
    /// Backward: a vector that has these parts, which do not overlap and stand in their order, and zeros elsewhere.
    case placed([Part])
    /// Backward: the loss's gradient with respect to a state's next value, as later steps give it.
    case incomingGradient(state: Int)
    /// Backward: the loss's gradient with respect to this step's output.
    case outputGradient
    /// Backward: Σ matrixᵀ · gradient over every pre-activation that `vector` enters; the gradients stand in the order of
    /// the forward values `affines`.
    case backpropagated(vector: Value, affines: [Value], gradients: [Value])
  }

  package private(set) var nodes: [Node] = []
  private var known: [Node: Value] = [:]

  package init() {}

  /// A graph of given values. Whether they are sound is not looked at here.
  package init(nodes: [Node]) {
    self.nodes = nodes
    known = Dictionary(zip(nodes, nodes.indices), uniquingKeysWith: { first, _ in first })
  }

  package subscript(value: Value) -> Node { nodes[value] }

  /// The value with that definition, which is added if the graph does not have it yet.
  mutating func add(_ operation: Operation, width: Int) -> Value { add(operation, shape: Shape(width)) }

  /// The value with that definition, which is added if the graph does not have it yet.
  mutating func add(_ operation: Operation, shape: Shape) -> Value {
    let node = Node(operation: operation, shape: shape)
    if let value = known[node] { return value }
    nodes.append(node)
    known[node] = nodes.count - 1
    return nodes.count - 1
  }

  /// The values that a value is computed from.
  package func operands(of value: Value) -> [Value] {
    switch nodes[value].operation {
    case .input, .previous, .memory, .projection, .parameter, .constant, .mask, .zoneout, .incomingGradient, .outputGradient: []
    case .affine(let terms, _): terms.map(\.vector)
    case .apply(_, let arguments): arguments
    case .slice(let vector, _): [vector]
    case .placed(let parts): parts.map(\.value)
    case .backpropagated(_, _, let gradients): gradients
    }
  }

  /// Whether a value is there when a step begins.
  package func isLeaf(_ value: Value) -> Bool {
    switch nodes[value].operation {
    case .affine, .apply, .slice, .placed, .backpropagated: false
    case .input, .previous, .memory, .projection, .parameter, .constant, .mask, .zoneout, .incomingGradient, .outputGradient: true
    }
  }

  /// Whether it is there when a step begins, as a leaf or a part of one.
  package func isThere(_ value: Value) -> Bool {
    if case .slice(let vector, _) = nodes[value].operation { return isThere(vector) }
    return isLeaf(value)
  }

  /// Where a value stands in the row that a step reads, if it is that row or a part of it.
  package func inputColumns(of value: Value) -> Range<Int>? {
    switch nodes[value].operation {
    case .input: 0..<nodes[value].width
    case .slice(let vector, let start): inputColumns(of: vector).map { _ in start..<start + nodes[value].width }
    default: nil
    }
  }

  /// The matrices over whose rows a value is computed: what it is itself, or what it makes a vector of; nil where all are vectors.
  package func matrices(of value: Value) -> Shape? {
    guard case .apply(let primitive, let arguments) = nodes[value].operation else { return nil }
    if nodes[value].shape.isMatrix { return nodes[value].shape }
    guard let map = primitive.matrixMap else { return nil }
    let source = nodes[arguments[0]].shape
    if source.isMatrix { return source }
    // A vector with an element for each row of a memory, of which a number is made or which is made of one.
    if source.followsMemory || nodes[value].shape.followsMemory { return .rowsOfMemory(1) }
    // A vector whose heads are rows: each one's number is repeated in it, or its elements are added up.
    let (long, short) = map.spreads ? (nodes[value].width, source.width) : (source.width, nodes[value].width)
    return Shape(long, columns: long / short)
  }

  /// The values that `roots` are computed from, these included and those excluded at which `stop` ends, in the order of
  /// definition.
  package func closure(of roots: some Sequence<Value>, stoppingAt stop: (Value) -> Bool = { _ in false }) -> [Value] {
    var seen: Set<Value> = []
    var open = roots.filter { !stop($0) }
    while let value = open.popLast() {
      guard seen.insert(value).inserted else { continue }
      open += operands(of: value).filter { !stop($0) }
    }
    return seen.sorted()
  }
}
