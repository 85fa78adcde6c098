import CellLanguage

extension Plan {
  /// Pass 1: the equations become values of ``graph``.
  ///
  /// A sum's products and biases are gathered into one pre-activation, `W x + U h + b`; what else the sum holds is added
  /// to it point by point. Composite functions are replaced by their parts. What functions squash is noted for traces.
  mutating func lower() {
    var lowering = Lowering(plan: self)
    for index in cell.evaluationOrder {
      let equation = cell.equations[index]
      let width = dimensions[equation.size]
      let value = lowering.value(of: equation.expression, width: width)
      // They are parts of the equation, and so are there already.
      preactivations += equation.preactivations.map { name, expression in
        Local(name: name, label: nil, value: lowering.value(of: expression, width: width))
      }
      if equation.isUpdate {
        lowering.nextValues[equation.target] = value
      } else {
        lowering.environment[equation.target] = value
      }
    }
    next = cell.states.indices.compactMap { lowering.next(ofState: $0, draws: drawing.zoneout) }
    graph = lowering.graph
    locals = cell.equations.filter { !$0.isUpdate }.compactMap { equation in
      lowering.environment[equation.target].map { Local(name: equation.target, label: equation.label, value: $0) }
    }
    forwardCount = graph.nodes.count
  }
}

/// Builds values from expressions. Also used for derivatives, whose names are those of the table of primitives.
struct Lowering {
  var graph: Graph
  var environment: [String: Graph.Value] = [:]
  var nextValues: [String: Graph.Value] = [:]
  private let parameters: [String: Int]
  private let cell: Cell
  private let dimensions: Dimensions
  private let sharedSums: Set<Set<Expression>>
  /// What products see of each state: its name stands for this where they read it. Empty if they see the states themselves.
  private var masked: [String: Graph.Value] = [:]

  init(plan: Plan) {
    graph = plan.graph
    cell = plan.cell
    dimensions = plan.dimensions
    parameters = Dictionary(uniqueKeysWithValues: plan.cell.parameters.enumerated().map { ($1.name, $0) })
    sharedSums = Sum.shared(in: plan.cell)
    environment[cell.input] = graph.add(.input, width: dimensions.inputs)
    for (index, state) in cell.states.enumerated() {
      environment[state.name] = graph.add(.previous(state: index), width: dimensions[state.size])
    }
    if !plan.drawing.masks { return }
    for (index, state) in cell.states.enumerated() {
      let width = dimensions[state.size]
      guard let previous = environment[state.name] else { continue }
      let mask = graph.add(.mask(state: index), width: width)
      masked[state.name] = graph.add(.apply(.multiply, [previous, mask]), width: width)
    }
  }

  /// A state's next value: what its equation gives, less the fraction that zoneout takes, and that fraction of the old value.
  /// Other equations read what the equation gives, as the paper has it.
  ///
  /// Where the fraction is 0 or 1, the result is one of the two values, bit for bit.
  ///
  /// - Parameter draws: whether each unit is given a fraction of its own.
  mutating func next(ofState index: Int, draws: Bool) -> Graph.Value? {
    let state = cell.states[index]
    guard let new = nextValues[state.name], let old = environment[state.name], state.zoneout > 0 else {
      return nextValues[state.name]
    }
    let width = graph[new].width
    let fraction = graph.add(draws ? .zoneout(state: index) : .constant(state.zoneout), width: width)
    let lost = graph.add(.apply(.multiply, [fraction, new]), width: width)
    let left = graph.add(.apply(.subtract, [new, lost]), width: width)
    let kept = graph.add(.apply(.multiply, [fraction, old]), width: width)
    return graph.add(.apply(.add, [left, kept]), width: width)
  }

  /// The value of an expression whose elements are `width`; numbers and scalars are repeated to fill it.
  mutating func value(of expression: Expression, width: Int) -> Graph.Value {
    switch expression {
    case .number(let number): return graph.add(.constant(number), width: width)
    case .name(let name):
      if let value = environment[name] { return value }
      return graph.add(.parameter(parameters[name, default: 0]), width: width)
    case .next(let name): return nextValues[name, default: 0]
    case .concatenation, .product: return sum(Sum(expression), width: width)
    case .apply(let primitive, let arguments):
      if let sum = Sum(gathering: expression) { return self.sum(sum, width: width) }
      if case .composite = primitive.definition, let body = primitive.composition {
        return substitute(arguments.map { value(of: $0, width: width) }, in: body, width: width)
      }
      let operands = arguments.map { value(of: $0, width: width) }
      return graph.add(.apply(primitive, operands), width: width)
    }
  }

  /// `body` with `a`, `b`, `c` bound to the arguments, and what else `bindings` names.
  mutating func substitute(
    _ arguments: [Graph.Value], bindings: [String: Graph.Value] = [:], in body: Expression, width: Int
  ) -> Graph.Value {
    let outer = environment
    defer { environment = outer }
    environment = bindings
    for (name, value) in zip(["a", "b", "c"], arguments) { environment[name] = value }
    return value(of: body, width: width)
  }

  /// A sum of products, biases and other terms.
  private mutating func sum(_ sum: Sum, width: Int) -> Graph.Value {
    let keepsBiasesApart = sharedSums.contains(Set(sum.products))
    let biases = keepsBiasesApart ? [] : sum.vectors(in: cell).compactMap { parameters[$0] }
    var terms: [Graph.Term] = []
    for product in sum.products { terms += self.terms(of: product) }
    var total = graph.add(.affine(terms: terms, biases: biases), width: width)
    for term in sum.others(in: cell, withBiases: keepsBiasesApart) {
      let operand = value(of: term.expression, width: width)
      total = graph.add(.apply(term.isNegative ? .subtract : .add, [total, operand]), width: width)
    }
    return total
  }

  /// `W [h, x]` is a term for each of the vectors, with its block of W's columns.
  private mutating func terms(of product: Expression) -> [Graph.Term] {
    guard case .product(let name, let isTransposed, let operand) = product else { return [] }
    let parts: [Expression]
    if case .concatenation(let vectors) = operand { parts = vectors } else { parts = [operand] }
    var offset = 0
    var terms: [Graph.Term] = []
    for part in parts {
      let length = length(of: part) ?? dimensions.units
      let vector = vector(part, width: length)
      terms.append(
        Graph.Term(matrix: parameters[name, default: 0], offset: offset, isTransposed: isTransposed, vector: vector))
      offset += length
    }
    return terms
  }

  /// What a product multiplies.
  private mutating func vector(_ expression: Expression, width: Int) -> Graph.Value {
    if masked.isEmpty { return value(of: expression, width: width) }
    let outer = environment
    defer { environment = outer }
    environment.merge(masked) { $1 }
    return value(of: expression, width: width)
  }

  /// The length of a vector expression, nil for a number.
  private func length(of expression: Expression) -> Int? {
    switch expression {
    case .number: return nil
    case .name(let name):
      if let value = environment[name] { return graph[value].width }
      switch cell.parameters[parameters[name, default: 0]].kind {
      case .vector(let size), .bias(let size): return dimensions[size]
      case .matrix, .scalar: return nil
      }
    case .next(let name): return nextValues[name].map { graph[$0].width }
    case .product(let matrix, let isTransposed, _):
      guard case .matrix(let rows, let columns) = cell.parameters[parameters[matrix, default: 0]].kind else { return nil }
      return isTransposed ? columns.reduce(0) { $0 + dimensions[$1] } : dimensions[rows]
    case .concatenation(let parts): return parts.reduce(0) { $0 + (length(of: $1) ?? 0) }
    case .apply(_, let arguments): return arguments.lazy.compactMap { length(of: $0) }.first
    }
  }
}
