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
  /// The names that stand for a single number each and fit what they meet; none in the table of primitives.
  private var numbers: Set<String>

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

  func shape(of size: Shape) -> Graph.Shape {
    if size.followsMemory { return size.columns.map { .rowsOfMemory(dimensions[$0]) } ?? .rowsOfMemory }
    return Graph.Shape(dimensions[size], columns: size.columns.map { dimensions[$0] / heads }, heads: heads)
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

  /// A number is as long as what it meets: an input of one number, or a scalar that a step computes or carries.
  private mutating func spread(_ value: Graph.Value, of name: String, shape: Graph.Shape) -> Graph.Value {
    if graph[value].shape == shape || !numbers.contains(name) { return value }
    let width = graph[value].width
    if shape.isMatrix && width != shape.heads {
      return spread(graph.add(.apply(.spread, [value]), width: shape.heads), of: name, shape: shape)
    }
    // Of several heads each repeats its own number.
    let map: Primitive = shape.isMatrix || shape.followsMemory ? .asMatrix : width == 1 ? .spread : .asColumns
    return graph.add(.apply(map, [value]), shape: shape)
  }

  /// What is made of numbers alone and meets a matrix, or a vector as long as a memory, is computed once, as a number; a number that is written as one is none of
  /// these.
  private mutating func spreadNumber(_ expression: Expression, shape: Graph.Shape) -> Graph.Value? {
    guard shape.isMatrix || shape.followsMemory, isNumber(expression) else { return nil }
    return graph.add(.apply(.asMatrix, [value(of: expression, shape: Graph.Shape(shape.heads))]), shape: shape)
  }

  /// A number times an outer product is the outer product of the vector times that number: V products in place of V K.
  private mutating func scaledOuter(_ factors: [Graph.Value], shape: Graph.Shape) -> Graph.Value? {
    for (number, product) in [(factors[0], factors[1]), (factors[1], factors[0])] {
      guard case .apply(.asMatrix, let numbers) = graph[number].operation,
        case .apply(.multiply, let sides) = graph[product].operation,
        case .apply(.asColumns, let vectors) = graph[sides[0]].operation, graph[sides[0]].shape == shape
      else { continue }
      let width = graph[vectors[0]].width
      let spread = graph.add(.apply(shape.heads == 1 ? .spread : .asColumns, numbers), width: width)
      let scaled = graph.add(.apply(.multiply, [spread, vectors[0]]), width: width)
      let columns = graph.add(.apply(.asColumns, [scaled]), shape: shape)
      return graph.add(.apply(.multiply, [columns, sides[1]]), shape: shape)
    }
    return nil
  }

  private func isNumber(_ expression: Expression) -> Bool {
    let names = expression.parts.compactMap { part -> String? in
      switch part {
      case .name(let name), .next(let name): name
      case .number, .product, .projection, .concatenation, .slice, .apply: nil
      }
    }
    return names.contains { cell.constant(named: $0) == nil }
      && expression.parts.allSatisfy { part in
        switch part {
        case .number: true
        case .name(let name):
          numbers.contains(name) || environment[name] == nil && (cell.constant(named: name) != nil || isScalar(name))
        case .next(let name): numbers.contains(name)
        case .apply(let primitive, _): !primitive.mixesElements
        case .product, .projection, .concatenation, .slice: false
        }
      }
  }

  private func isScalar(_ name: String) -> Bool { parameters[name].map { cell.parameters[$0].kind == .scalar } ?? false }

  /// A sum, a mean or a dot product is one number in each place of a head: where a number is wanted, it is the first of these.
  private mutating func firstElement(_ expression: Expression, _ primitive: Primitive, shape: Graph.Shape) -> Graph.Value? {
    guard shape == Graph.Shape(heads), primitive.givesOneNumber, let own = self.shape(of: expression), own != shape else {
      return nil
    }
    let whole = value(of: expression, shape: own)
    if own.followsMemory {
      // All elements are the number: it is their sum over how many there are.
      let count = graph.add(.apply(.sumOfAll, [graph.add(.constant(1), shape: own)]), shape: shape)
      return graph.add(.apply(.divide, [graph.add(.apply(.sumOfAll, [whole]), shape: shape), count]), shape: shape)
    }
    if heads == 1 { return graph.add(.slice(whole, start: 0), width: 1) }
    // Of what is the same in all places of a head the mean is taken.
    let count = own.width / heads
    let share = graph.add(.constant(1 / Double(count)), shape: own)
    return graph.add(.apply(.sumOfColumns, [graph.add(.apply(.multiply, [whole, share]), shape: own)]), shape: shape)
  }

  private mutating func slice(of expression: Expression, _ range: Range<Int>) -> Graph.Value {
    slice(of: value(of: expression, shape: ownShape(of: expression)), range)
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
      let operand = value(of: term.expression, shape: Graph.Shape(width))
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
    let results = ownShape(of: product).width / blocks
    var offset = 0
    var terms: [Graph.Term] = []
    for part in parts {
      let length = ownShape(of: part)
      let (vector, own) = (vector(part, shape: length), length.width / blocks)
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
  private mutating func vector(_ expression: Expression, shape: Graph.Shape) -> Graph.Value {
    if masked.isEmpty { return value(of: expression, shape: shape) }
    let outer = environment
    defer { environment = outer }
    environment.merge(masked) { $1 }
    return value(of: expression, shape: shape)
  }

  /// The shape of what a matrix can multiply, or of a factor of a product of matrices.
  private func ownShape(of expression: Expression) -> Graph.Shape {
    found(shape(of: expression), orFail: "cell \(cell.name) multiplies a matrix with \(expression), which has no length")
  }

  /// The shape of an expression's value, nil for a number.
  func shape(of expression: Expression) -> Graph.Shape? {
    switch expression {
    case .number: return nil
    case .name(let name):
      if let value = environment[name] { return graph[value].shape }
      if cell.constant(named: name) != nil { return nil }
      switch cell.parameters[parameter(name)].kind {
      case .vector(let size), .bias(let size): return Graph.Shape(dimensions[size])
      case .scalar: return nil
      case .matrix, .blockDiagonal: fatalError("cell \(cell.name) reads the matrix \(name) as if it were a vector")
      }
    case .next(let name): return graph[next(name)].shape
    case .product(let matrix, let isTransposed, _):
      guard let (rows, columns) = cell.parameters[parameter(matrix)].kind.matrixSizes else {
        fatalError("cell \(cell.name) multiplies with \(matrix), which is no matrix")
      }
      return Graph.Shape(isTransposed ? columns.reduce(0) { $0 + dimensions[$1] } : dimensions[rows])
    case .projection(_, let matrix):
      guard let (rows, _) = cell.parameters[parameter(matrix)].kind.matrixSizes else {
        fatalError("cell \(cell.name) multiplies the rows of its memory with \(matrix), which is no matrix")
      }
      return .rowsOfMemory(dimensions[rows])
    case .slice(_, let from, let to): return Graph.Shape(dimensions[to] - dimensions[from])
    case .concatenation(let parts): return Graph.Shape(parts.reduce(0) { $0 + ownShape(of: $1).width })
    case .apply(let primitive, let arguments):
      if let product = primitive.matrixProduct { return shape(of: product, arguments) }
      if let matrix = primitive.fold { return shape(of: matrix) }
      // An input of one number fits what it meets.
      let shapes = arguments.compactMap { shape(of: $0) }
      return shapes.first(where: \.isMatrix) ?? shapes.first(where: \.followsMemory) ?? shapes.first { $0.width != 1 }
        ?? shapes.first
    }
  }

  private func shape(of product: MatrixProduct, _ arguments: [Expression]) -> Graph.Shape {
    let (left, right) = (ownShape(of: arguments[0]), ownShape(of: arguments[1]))
    if left.followsMemory {
      switch product {
      case .outer: return .rowsOfMemory(right.width)
      case .times: return .rowsOfMemory
      case .transposedTimes: return Graph.Shape(left.width)
      case .scaledRows, .scaledColumns: break
      }
    }
    return switch product {
    case .outer: Graph.Shape(left.width * right.width / heads, columns: right.width / heads, heads: heads)
    case .times, .transposedTimes: Graph.Shape(left.width * heads / right.width)
    case .scaledRows: right
    case .scaledColumns: left
    }
  }
}
