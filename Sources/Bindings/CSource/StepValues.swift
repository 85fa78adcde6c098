import CellCompiler
import CellLanguage
import Engine
import Support

/// A step of a cell as values that C computes one element at a time: the plan's graph with its functions taken apart into operators,
/// and with what depends on parameters alone worked out.
struct StepValues {
  typealias Value = Int

  enum Operation: Hashable {
    case input
    case previous(state: Int)
    /// A vector or a scalar parameter.
    case parameter(Int)
    case constant(Double)
    /// Numbers worked out from parameters, one for each element.
    case table([Double])
    case affine([Term], biases: [Int])
    case call(String, [Value])
    /// The elements of a vector from `start` on.
    case slice(Value, start: Int)
    /// Elements of a vector in the places of a matrix or of a longer vector.
    case spread(Value, CPlaces)
    /// One number made of all elements of a vector.
    case reduction(CReduction, Value)
    /// A vector each of whose elements is made of those of a matrix or of a longer vector that belong to it.
    case sums(CReduction, Value, CPlaces)
    /// A vector made of all elements of another one, in the place of its copy; of each of some equal parts by itself.
    case row(CHelper, Value, parts: Int)
  }

  /// A matrix times a vector, as the plan's graph has it, but for all blocks of a block-diagonal one together.
  struct Term: Hashable {
    let matrix: Int
    /// The column of each block (its row, if transposed) that meets the first element of its part of the vector.
    let offset: Int
    let isTransposed: Bool
    let vector: Value
    /// How many equal parts the vector and the result have.
    let blocks: Int
  }

  struct Node: Hashable {
    let operation: Operation
    let shape: Graph.Shape
    /// Whether it is one number, the same for all elements.
    let isUniform: Bool
    var width: Int { shape.width }
  }

  private(set) var nodes: [Node] = []
  /// The value after the step of each state that a step reads, and of the output, which is the first one.
  private(set) var next: [(state: Int, value: Value)] = []
  /// What the equations call values.
  private(set) var names: [Value: String] = [:]
  private var known: [Node: Value] = [:]
  private let plan: Plan

  /// - Parameter parameters: laid out as `ParameterLayout` says.
  /// - Throws: ``RecurrentError`` if the cell has a function that C source lacks.
  init(_ plan: Plan, parameters: ArraySlice<Float>) throws(RecurrentError) {
    self.plan = plan
    if let memory = plan.cell.memory {
      throw RecurrentError(
        .interchange, "cell \(plan.cell.name) reads the memory \(memory.name), which can't be written as C")
    }
    let parameters = ParameterLayout(plan.cell, dimensions: plan.dimensions).entries.map { entry in
      parameters.dropFirst(entry.range.lowerBound).prefix(entry.range.count).map(Double.init)
    }
    let graph = plan.graph
    var values: [Graph.Value: Value] = [:]
    // The numbers of what depends on parameters alone, a single one for all elements where they are the same.
    var fixed: [Graph.Value: [Double]] = [:]
    func own(_ value: Graph.Value) -> Value {
      found(values[value], orFail: "value \(value) of cell \(plan.cell.name) is read too early")
    }
    /// The vector of which a value is the first of some equal parts.
    func whole(_ part: Graph.Value, of blocks: Int) -> Value {
      guard case .slice(let vector, let start) = graph[part].operation else {
        fatalError("a block-diagonal matrix of cell \(plan.cell.name) multiplies value \(part), which is no part of a vector")
      }
      let width = graph[part].width * blocks
      return width == graph[vector].width ? own(vector) : add(.slice(own(vector), start: start), Graph.Shape(width))
    }
    let states = plan.lastingStates
    for value in graph.closure(of: states.map { plan.next[$0] }) {
      let node = graph[value]
      switch node.operation {
      case .input: values[value] = add(.input, node.shape)
      case .previous(let state): values[value] = add(.previous(state: state), node.shape)
      case .parameter(let index):
        fixed[value] = parameters[index]
        values[value] = add(.parameter(index), node.shape, isUniform: plan.cell.parameters[index].kind == .scalar)
      case .constant(let number):
        fixed[value] = [number]
        values[value] = add(.constant(number), node.shape, isUniform: true)
      case .affine(let terms, let biases):
        let own = terms.filter { $0.block == 0 }.map { term in
          let blocks = node.width / term.results.count
          return Term(
            matrix: term.matrix, offset: term.offset, isTransposed: term.isTransposed,
            vector: blocks == 1 ? own(term.vector) : whole(term.vector, of: blocks), blocks: blocks)
        }
        values[value] = add(.affine(own, biases: biases), node.shape)
      case .apply(let primitive, let arguments):
        let numbers = arguments.compactMap { fixed[$0] }
        let places = primitive.matrixMap.map { map in
          CPlaces(map, of: found(graph.matrices(of: value), orFail: "\(primitive.name) of cell \(plan.cell.name) has no matrix"))
        }
        let result: [Double]? =
          if numbers.count < arguments.count {
            nil
          } else if let map = primitive.matrixMap, let places {
            map.spreads ? places.spread(numbers[0], to: node.width) : places.sums(of: numbers[0], in: node.width)
          } else {
            primitive.value(of: numbers, width: node.width)
          }
        fixed[value] = result
        if let map = primitive.matrixMap, let places, map.spreads || result == nil {
          // What spreads a parameter takes no memory of its own.
          values[value] = apply(map, own(arguments[0]), places: places, node.shape)
        } else if let result, !(primitive == .identity && node.shape.isMatrix) {
          let isUniform = result.count == 1
          values[value] = add(isUniform ? .constant(result[0]) : .table(result), node.shape, isUniform: isUniform)
        } else {
          values[value] = try apply(primitive, arguments.map(own), node.shape)
        }
      case .slice(let vector, let start):
        let whole = own(vector)
        values[value] = nodes[whole].isUniform ? uniform(whole, node.shape) : add(.slice(whole, start: start), node.shape)
      case .memory, .projection:
        fatalError("cell \(plan.cell.name) reads a memory, and is refused before its step is written")
      case .mask, .zoneout, .placed, .incomingGradient, .outputGradient, .backpropagated:
        fatalError("a step of cell \(plan.cell.name) without training reads what only a training has")
      }
    }
    next = states.map { ($0, own(plan.next[$0])) }
    // What is there when the step begins keeps its own name.
    for local in plan.locals where !graph.isLeaf(local.value) {
      if let value = values[local.value], names[value] == nil { names[value] = local.name }
    }
    for (state, value) in next where names[value] == nil && !isLeaf(value) { names[value] = plan.cell.states[state].name + "'" }
  }

  subscript(value: Value) -> Node { nodes[value] }

  /// Whether a value needs no statement of its own: it is there when the step begins, or is made of elements of what stands in memory.
  func isLeaf(_ value: Value) -> Bool {
    switch nodes[value].operation {
    case .input, .previous, .parameter, .constant, .table, .slice, .spread: true
    case .affine, .call, .reduction, .sums, .row: false
    }
  }

  /// The values that a value is computed from, element by element; those that a matrix multiplies or that are reduced are none.
  func elements(of value: Value) -> [Value] { if case .call(_, let arguments) = nodes[value].operation { arguments } else { [] } }

  private mutating func add(_ operation: Operation, _ shape: Graph.Shape, isUniform: Bool = false) -> Value {
    let node = Node(operation: operation, shape: shape, isUniform: isUniform)
    if let value = known[node] { return value }
    nodes.append(node)
    known[node] = nodes.count - 1
    return nodes.count - 1
  }

  /// One number as a value of another shape.
  private mutating func uniform(_ number: Value, _ shape: Graph.Shape) -> Value {
    add(.call("Identity", [number]), shape, isUniform: true)
  }

  private mutating func apply(_ map: MatrixMap, _ value: Value, places: CPlaces, _ shape: Graph.Shape) -> Value {
    if map.spreads { return nodes[value].isUniform ? uniform(value, shape) : add(.spread(value, places), shape) }
    return nodes[value].isUniform ? multiple(places.count, of: value, shape) : add(.sums(.sum, value, places), shape)
  }

  /// What equal numbers add up to.
  private mutating func multiple(_ count: Int, of number: Value, _ shape: Graph.Shape) -> Value {
    add(.call("Mul", [add(.constant(Double(count)), shape, isUniform: true), number]), shape, isUniform: true)
  }

  private mutating func apply(_ primitive: Primitive, _ arguments: [Value], _ shape: Graph.Shape) throws(RecurrentError) -> Value
  {
    if primitive == .spread {
      return nodes[arguments[0]].isUniform ? uniform(arguments[0], shape) : add(.spread(arguments[0], .first), shape)
    }
    if primitive == .identity, shape.isMatrix, !nodes[arguments[0]].shape.isMatrix, !nodes[arguments[0]].isUniform {
      return add(.spread(arguments[0], .same), shape)
    }
    if let composition = primitive.composition { return try expand(composition, arguments, heads: primitive.heads, shape) }
    guard let operators = primitive.operators else { throw refusal(of: primitive.name) }
    return try expand(operators, arguments, of: primitive, shape)
  }

  private mutating func expand(
    _ expression: Expression, _ arguments: [Value], heads: Int, _ shape: Graph.Shape
  ) throws(RecurrentError) -> Value {
    switch expression {
    case .number(let number): return add(.constant(number), shape, isUniform: true)
    case .name(let name):
      return arguments[found(["a", "b", "c"].firstIndex(of: name), orFail: "the table of primitives names an argument \(name)")]
    case .apply(let primitive, let parts):
      var own: [Value] = []
      for part in parts { own.append(try expand(part, arguments, heads: heads, shape)) }
      return try apply(primitive.acting(onHeads: heads), own, shape)
    case .next, .product, .projection, .concatenation, .slice:
      fatalError("the table of primitives has \(expression), which is no function")
    }
  }

  private mutating func expand(
    _ expression: OperatorExpression, _ arguments: [Value], of primitive: Primitive, _ shape: Graph.Shape
  ) throws(RecurrentError) -> Value {
    switch expression {
    case .argument(let number): return arguments[number]
    case .call(let name, let parts):
      guard let form = COperator.named(name, .exact) else { throw refusal(of: primitive.name) }
      var own: [Value] = []
      for part in parts { own.append(try expand(part, arguments, of: primitive, shape)) }
      if case .copy = form { return own[0] }
      if case .row(let helper) = form { return add(.row(helper, own[0], parts: primitive.heads), shape) }
      return add(.call(name, own), shape, isUniform: own.allSatisfy { nodes[$0].isUniform })
    case .reduction(let name, let part): return try reduce(name, part, arguments, of: primitive, shape)
    case .alongRow(let name, let part, let attributes, isReduction: true) where attributes.isEmpty:
      return try reduce(name, part, arguments, of: primitive, shape)
    case .alongRow("CumSum", let part, let attributes, isReduction: false) where attributes.keys.allSatisfy { $0 == "reverse" }:
      let own = try expand(part, arguments, of: primitive, shape)
      return add(.row(attributes["reverse"] == 1 ? .sumUp : .sumDown, own, parts: primitive.heads), shape)
    case .alongRow: throw refusal(of: primitive.name)
    }
  }

  private mutating func reduce(
    _ name: String, _ part: OperatorExpression, _ arguments: [Value], of primitive: Primitive, _ shape: Graph.Shape
  ) throws(RecurrentError) -> Value {
    guard let reduction = CReduction.named(name) else { throw refusal(of: primitive.name) }
    let own = try expand(part, arguments, of: primitive, shape)
    let heads = primitive.heads
    if nodes[own].isUniform { return reduction == .mean ? own : multiple(shape.width / heads, of: own, shape) }
    if heads == 1 { return add(.reduction(reduction, own), shape, isUniform: true) }
    let places = CPlaces(parts: heads, of: shape.width)
    return add(.spread(add(.sums(reduction, own, places), Graph.Shape(heads)), places), shape)
  }

  private func refusal(of function: String) -> RecurrentError {
    RecurrentError(.interchange, "cell \(plan.cell.name) has the function \(function), which is not written as C")
  }
}

extension Plan {
  /// The states that the output depends on, in the order of the cell: the output itself, and those that a step reads on the way to
  /// one of these.
  fileprivate var lastingStates: [Int] {
    var states: Set<Int> = [0]
    while true {
      let read = graph.closure(of: states.map { next[$0] }).compactMap { value -> Int? in
        if case .previous(let state) = graph[value].operation { state } else { nil }
      }
      if states.isSuperset(of: read) { return states.sorted() }
      states.formUnion(read)
    }
  }
}
