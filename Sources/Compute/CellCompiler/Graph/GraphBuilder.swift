import CellLanguage
import Support

/// Builds values from expressions: those of equations, and those of derivatives, whose names are the table of primitives'.
struct GraphBuilder {
  var graph: Graph
  var environment: [String: Graph.Value] = [:]
  var nextValues: [String: Graph.Value] = [:]
  private let parameters: [String: Int]
  let cell: Cell
  let dimensions: Dimensions
  let sharedSums: Set<Set<Expression>>
  /// How many parts of a vector functions of whole vectors act on.
  private(set) var heads: Int
  /// What products see of each state: its name stands for this where they read it. Empty if they see the states themselves.
  private(set) var masked: [String: Graph.Value] = [:]
  /// The names that stand for a single number each and fit what they meet; none in the table of primitives.
  private(set) var numbers: Set<String>

  init(plan: Plan) {
    graph = plan.graph
    cell = plan.cell
    dimensions = plan.dimensions
    heads = plan.heads
    parameters = Dictionary(uniqueKeysWithValues: plan.cell.parameters.enumerated().map { ($1.name, $0) })
    sharedSums = Sum.shared(in: plan.cell)
    numbers = Set(
      cell.inputs.filter(\.isNumber).map(\.name) + cell.states.filter(\.isNumber).map(\.name)
        + cell.equations.filter(\.isNumber).map(\.target))
    let row = graph.add(.input, width: plan.inputWidth)
    for (input, columns) in zip(cell.inputs, plan.inputColumns) {
      environment[input.name] =
        cell.inputs.count == 1 ? row : graph.add(.slice(row, start: columns.lowerBound), width: columns.count)
    }
    var previous: [Graph.Value] = []
    for (index, state) in cell.states.enumerated() {
      previous.append(graph.add(.previous(state: index), shape: shape(of: state.size)))
      environment[state.name] = previous[index]
    }
    if let memory = cell.memory { environment[memory.name] = graph.add(.memory, shape: shape(of: memory.shape)) }
    if !plan.drawing.masks { return }
    for (index, state) in cell.states.enumerated() {
      let shape = shape(of: state.size)
      let mask = graph.add(.mask(state: index), shape: shape)
      masked[state.name] = graph.add(.apply(.multiply, [previous[index], mask]), shape: shape)
    }
  }

  /// What the states' names stand for: the states themselves, and what products see of them.
  var states: [[Graph.Value?]] {
    get { cell.states.map { [environment[$0.name], masked[$0.name]] } }
    set {
      for (state, values) in zip(cell.states, newValue) {
        environment[state.name] = values[0]
        masked[state.name] = values[1]
      }
    }
  }

  /// Lets a state's name stand for its next value, from which repeated equations go on.
  mutating func goOn(fromState name: String) {
    let value = next(name)
    environment[name] = value
    guard let seen = masked[name] else { return }
    guard case .apply(.multiply, let factors) = graph[seen].operation else {
      fatalError("what products of cell \(cell.name) see of \(name) is not what a mask leaves of it")
    }
    masked[name] = graph.add(.apply(.multiply, [value, factors[1]]), shape: graph[value].shape)
  }

  /// A state's next value: what its equation gives, less the fraction that zoneout takes, and that fraction of the old value.
  /// Other equations read what the equation gives, as the paper has it.
  ///
  /// Where the fraction is 0 or 1, the result is one of the two values, bit for bit.
  ///
  /// - Parameter draws: whether each unit is given a fraction of its own.
  mutating func next(ofState index: Int, draws: Bool) -> Graph.Value {
    let state = cell.states[index]
    let new = next(state.name)
    if state.zoneout == 0 { return new }
    let old = found(environment[state.name], orFail: "cell \(cell.name) has no value of \(state.name) before the step")
    let shape = graph[new].shape
    let fraction = graph.add(draws ? .zoneout(state: index) : .constant(state.zoneout), shape: shape)
    let lost = graph.add(.apply(.multiply, [fraction, new]), shape: shape)
    let left = graph.add(.apply(.subtract, [new, lost]), shape: shape)
    let kept = graph.add(.apply(.multiply, [fraction, old]), shape: shape)
    return graph.add(.apply(.add, [left, kept]), shape: shape)
  }

  /// The value of an expression that has that shape; numbers and scalars are repeated to fill it.
  mutating func value(of expression: Expression, shape: Graph.Shape) -> Graph.Value {
    if let number = spreadNumber(expression, shape: shape) { return number }
    switch expression {
    case .number(let number): return graph.add(.constant(number), shape: shape)
    case .name(let name):
      if let value = environment[name] { return spread(value, of: name, shape: shape) }
      return graph.add(cell.constant(named: name).map { .constant($0) } ?? .parameter(parameter(name)), shape: shape)
    case .next(let name): return spread(next(name), of: name, shape: shape)
    case .projection(_, let matrix): return graph.add(.projection(parameter(matrix)), shape: ownShape(of: expression))
    case .slice(let vector, let from, let to):
      return slice(of: vector, dimensions[from]..<dimensions[to])
    case .concatenation, .product: return sum(Sum(expression), width: shape.width)
    case .apply(let primitive, let arguments):
      if let sum = Sum(gathering: expression) { return self.sum(sum, width: shape.width) }
      if let sum = expression.gatheringRows { return value(of: sum, shape: shape) }
      if let matrix = primitive.fold {
        let vector = value(of: arguments[0], shape: ownShape(of: arguments[0]))
        return graph.add(.apply(.identity, [vector]), shape: self.shape(of: matrix))
      }
      if let one = firstElement(expression, primitive, shape: shape) { return one }
      switch primitive.definition {
      case .composite:
        return substitute(
          arguments.map { value(of: $0, shape: shape) }, in: body(of: primitive), shape: shape)
      case .matrix:
        return substitute(
          arguments.map { value(of: $0, shape: ownShape(of: $0)) }, in: body(of: primitive), shape: shape)
      case .map:
        return graph.add(.apply(primitive, [value(of: arguments[0], shape: ownShape(of: arguments[0]))]), shape: shape)
      case .unary, .binary, .ternary, .row, .fused:
        // What is one number for all elements is the same of each part.
        let own = heads == 1 || self.shape(of: expression) == nil ? primitive : primitive.acting(onHeads: heads)
        let operands = arguments.map { value(of: $0, shape: shape) }
        if primitive == .multiply, let outer = scaledOuter(operands, shape: shape) { return outer }
        return graph.add(.apply(own, operands), shape: shape)
      }
    }
  }

  private func body(of primitive: Primitive) -> Expression {
    found(primitive.composition, orFail: "\(primitive.name) is written in terms of others, and has no text")
  }

  /// The gradient of an argument of a primitive, of which `bindings` has the value and its gradient.
  mutating func gradient(
    _ adjoint: Expression, of primitive: Primitive, _ arguments: [Graph.Value], bindings: [String: Graph.Value],
    shape: Graph.Shape
  ) -> Graph.Value {
    let outer = heads
    defer { heads = outer }
    heads = primitive.heads
    return substitute(arguments, bindings: bindings, in: adjoint, shape: shape)
  }

  /// `body` with `a`, `b`, `c` bound to the arguments, and what else `bindings` names.
  private mutating func substitute(
    _ arguments: [Graph.Value], bindings: [String: Graph.Value] = [:], in body: Expression, shape: Graph.Shape
  ) -> Graph.Value {
    let outer = (environment, numbers)
    defer { (environment, numbers) = outer }
    (environment, numbers) = (bindings, [])
    for (name, value) in zip(["a", "b", "c"], arguments) { environment[name] = value }
    return value(of: body, shape: shape)
  }

  /// The sum of values, nil of none.
  mutating func total(_ values: [Graph.Value]) -> Graph.Value? {
    guard var sum = values.first else { return nil }
    for value in values.dropFirst() { sum = graph.add(.apply(.add, [sum, value]), shape: graph[value].shape) }
    return sum
  }

  func next(_ state: String) -> Graph.Value {
    found(nextValues[state], orFail: "cell \(cell.name) reads \(state)' before an equation gives it")
  }

  func parameter(_ name: String) -> Int {
    found(parameters[name], orFail: "cell \(cell.name) has neither a vector nor a parameter called \(name)")
  }
}
