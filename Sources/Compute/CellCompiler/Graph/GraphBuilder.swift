import CellLanguage
import Support

/// Builds values from expressions: those of equations, and those of derivatives, whose names are the table of primitives'.
struct GraphBuilder {
  var graph: Graph
  var environment: [String: Graph.Value] = [:]
  var nextValues: [String: Graph.Value] = [:]
  private let parameters: [String: Int]
  private let cell: Cell
  private let dimensions: Dimensions
  private let sharedSums: Set<Set<Expression>>
  /// How many parts of a vector functions of whole vectors act on.
  private var heads: Int
  /// What products see of each state: its name stands for this where they read it. Empty if they see the states themselves.
  private var masked: [String: Graph.Value] = [:]

  init(plan: Plan) {
    graph = plan.graph
    cell = plan.cell
    dimensions = plan.dimensions
    heads = plan.heads
    parameters = Dictionary(uniqueKeysWithValues: plan.cell.parameters.enumerated().map { ($1.name, $0) })
    sharedSums = Sum.shared(in: plan.cell)
    let row = graph.add(.input, width: plan.inputWidth)
    for (input, columns) in zip(cell.inputs, plan.inputColumns) {
      environment[input.name] =
        cell.inputs.count == 1 ? row : graph.add(.slice(row, start: columns.lowerBound), width: columns.count)
    }
    var previous: [Graph.Value] = []
    for (index, state) in cell.states.enumerated() {
      previous.append(graph.add(.previous(state: index), width: dimensions[state.size]))
      environment[state.name] = previous[index]
    }
    if !plan.drawing.masks { return }
    for (index, state) in cell.states.enumerated() {
      let width = dimensions[state.size]
      let mask = graph.add(.mask(state: index), width: width)
      masked[state.name] = graph.add(.apply(.multiply, [previous[index], mask]), width: width)
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
    masked[name] = graph.add(.apply(.multiply, [value, factors[1]]), width: graph[value].width)
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
      if let value = environment[name] { return spread(value, of: name, width: width) }
      return graph.add(cell.constant(named: name).map { .constant($0) } ?? .parameter(parameter(name)), width: width)
    case .next(let name): return next(name)
    case .slice(let vector, let from, let to):
      return slice(of: vector, dimensions[from]..<dimensions[to])
    case .concatenation, .product: return sum(Sum(expression), width: width)
    case .apply(let primitive, let arguments):
      if let sum = Sum(gathering: expression) { return self.sum(sum, width: width) }
      if case .composite = primitive.definition, let body = primitive.composition {
        return substitute(arguments.map { value(of: $0, width: width) }, in: body, width: width)
      }
      // What is one number for all elements is the same of each part.
      let own = heads == 1 || length(of: expression) == nil ? primitive : primitive.acting(onHeads: heads)
      let operands = arguments.map { value(of: $0, width: width) }
      return graph.add(.apply(own, operands), width: width)
    }
  }

  /// An input of one number is as long as what it meets.
  private mutating func spread(_ value: Graph.Value, of name: String, width: Int) -> Graph.Value {
    if graph[value].width == width || !cell.inputs.contains(where: { $0.name == name && $0.isNumber }) { return value }
    return graph.add(.apply(.spread, [value]), width: width)
  }

  private mutating func slice(of expression: Expression, _ range: Range<Int>) -> Graph.Value {
    slice(of: value(of: expression, width: vectorLength(of: expression)), range)
  }

  private mutating func slice(of vector: Graph.Value, _ range: Range<Int>) -> Graph.Value {
    if range.count == graph[vector].width { return vector }
    switch graph[vector].operation {
    case .constant: return graph.add(graph[vector].operation, width: range.count)
    case .slice(let whole, let start):
      return graph.add(.slice(whole, start: start + range.lowerBound), width: range.count)
    default: return graph.add(.slice(vector, start: range.lowerBound), width: range.count)
    }
  }

  /// Parts of a vector of that width as whole vectors, as few as there can be if no two parts of one overlap.
  mutating func placed(_ parts: [Graph.Part], width: Int) -> [Graph.Value] {
    var groups: [[Graph.Part]] = []
    for part in parts.sorted(by: { $0.start < $1.start }) {
      let fit = groups.firstIndex { group in
        group.last.map { $0.start + graph[$0.value].width <= part.start } ?? true
      }
      if let fit { groups[fit].append(part) } else { groups.append([part]) }
    }
    return groups.map { graph.add(.placed($0), width: width) }
  }

  /// The gradient of an argument of a primitive, of which `bindings` has the value and its gradient.
  mutating func gradient(
    _ adjoint: Expression, of primitive: Primitive, _ arguments: [Graph.Value], bindings: [String: Graph.Value], width: Int
  ) -> Graph.Value {
    let outer = heads
    defer { heads = outer }
    heads = primitive.heads
    return substitute(arguments, bindings: bindings, in: adjoint, width: width)
  }

  /// `body` with `a`, `b`, `c` bound to the arguments, and what else `bindings` names.
  private mutating func substitute(
    _ arguments: [Graph.Value], bindings: [String: Graph.Value] = [:], in body: Expression, width: Int
  ) -> Graph.Value {
    let outer = environment
    defer { environment = outer }
    environment = bindings
    for (name, value) in zip(["a", "b", "c"], arguments) { environment[name] = value }
    return value(of: body, width: width)
  }

  /// The sum of values, nil of none.
  mutating func total(_ values: [Graph.Value]) -> Graph.Value? {
    guard var sum = values.first else { return nil }
    for value in values.dropFirst() { sum = graph.add(.apply(.add, [sum, value]), width: graph[value].width) }
    return sum
  }

  private func next(_ state: String) -> Graph.Value {
    found(nextValues[state], orFail: "cell \(cell.name) reads \(state)' before an equation gives it")
  }

  private func parameter(_ name: String) -> Int {
    found(parameters[name], orFail: "cell \(cell.name) has neither a vector nor a parameter called \(name)")
  }

  /// A sum of products, biases and other terms.
  private mutating func sum(_ sum: Sum, width: Int) -> Graph.Value {
    let keepsBiasesApart = sharedSums.contains(Set(sum.products))
    let biases = keepsBiasesApart ? [] : sum.vectors(in: cell).map(parameter)
    var terms: [Graph.Term] = []
    for product in sum.products { terms += self.terms(of: product) }
    var total = graph.add(.affine(terms: terms, biases: biases), width: width)
    for term in sum.others(in: cell, withBiases: keepsBiasesApart) {
      let operand = value(of: term.expression, width: width)
      total = graph.add(.apply(term.isNegative ? .subtract : .add, [total, operand]), width: width)
    }
    return total
  }

  /// `W [h, x]` is a term for each of the vectors, with its part of W's columns. A block-diagonal matrix has one for each head of these.
  private mutating func terms(of product: Expression) -> [Graph.Term] {
    guard case .product(let name, let isTransposed, let operand) = product else {
      fatalError("cell \(cell.name) adds up \(product) as a product, which it is not")
    }
    let parts: [Expression]
    if case .concatenation(let vectors) = operand { parts = vectors } else { parts = [operand] }
    let matrix = parameter(name)
    let blocks = cell.parameters[matrix].kind.isBlockDiagonal ? heads : 1
    let results = vectorLength(of: product) / blocks
    var offset = 0
    var terms: [Graph.Term] = []
    for part in parts {
      let length = vectorLength(of: part)
      let (vector, own) = (vector(part, width: length), length / blocks)
      for block in 0..<blocks {
        terms.append(
          Graph.Term(
            matrix: matrix, block: block, offset: offset, isTransposed: isTransposed,
            vector: slice(of: vector, block * own..<(block + 1) * own), results: block * results..<(block + 1) * results))
      }
      offset += own
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

  /// The length of what a matrix can multiply.
  private func vectorLength(of expression: Expression) -> Int {
    found(length(of: expression), orFail: "cell \(cell.name) multiplies a matrix with \(expression), which has no length")
  }

  /// The length of a vector expression, nil for a number.
  private func length(of expression: Expression) -> Int? {
    switch expression {
    case .number: return nil
    case .name(let name):
      if let value = environment[name] { return graph[value].width }
      if cell.constant(named: name) != nil { return nil }
      switch cell.parameters[parameter(name)].kind {
      case .vector(let size), .bias(let size): return dimensions[size]
      case .scalar: return nil
      case .matrix, .blockDiagonal: fatalError("cell \(cell.name) reads the matrix \(name) as if it were a vector")
      }
    case .next(let name): return graph[next(name)].width
    case .product(let matrix, let isTransposed, _):
      guard let (rows, columns) = cell.parameters[parameter(matrix)].kind.matrixSizes else {
        fatalError("cell \(cell.name) multiplies with \(matrix), which is no matrix")
      }
      return isTransposed ? columns.reduce(0) { $0 + dimensions[$1] } : dimensions[rows]
    case .slice(_, let from, let to): return dimensions[to] - dimensions[from]
    case .concatenation(let parts): return parts.reduce(0) { $0 + vectorLength(of: $1) }
    case .apply(_, let arguments):
      // An input of one number fits what it meets.
      let lengths = arguments.compactMap { length(of: $0) }
      return lengths.first { $0 != 1 } ?? lengths.first
    }
  }
}
