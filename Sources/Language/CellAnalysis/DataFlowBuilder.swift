import CellLanguage
import Support

/// Makes the graph of a cell's equations.
struct DataFlowBuilder {
  private let cell: Cell
  private(set) var nodes: [DataFlow.Node] = []
  private(set) var edges: [DataFlow.Edge] = []
  /// Which node gives a name's value.
  private var values: [Expression: Int] = [:]
  private let parameters: Set<String>

  init(_ cell: Cell) {
    self.cell = cell
    parameters = Set(cell.parameters.map(\.name))
  }

  mutating func build() {
    for (index, input) in cell.inputs.enumerated() { values[.name(input.name)] = add(.input(index)) }
    if let memory = cell.memory { values[.name(memory.name)] = add(.memory) }
    for (index, state) in cell.states.enumerated() { values[.name(state.name)] = add(.state(index)) }
    for index in cell.evaluationOrder {
      let equation = cell.equations[index]
      var node = value(of: equation.expression)
      // A line that only gives something a second name is an operation that does nothing.
      if nodes[node].equation != nil || values[equation.expression] != nil { node = operation("=", [(node, "")]) }
      nodes[node].equation = index
      values[equation.isUpdate ? .next(equation.target) : .name(equation.target)] = node
    }
    for (index, state) in cell.states.enumerated() {
      let node = found(values[.next(state.name)], orFail: "no equation of cell \(cell.name) gives \(state.name)'")
      connect(node, to: add(.next(index)))
    }
  }

  // MARK: Nodes

  private mutating func add(_ kind: DataFlow.Kind) -> Int {
    nodes.append(DataFlow.Node(kind: kind))
    return nodes.count - 1
  }

  private mutating func connect(_ source: Int, to target: Int, mark: String = "") {
    edges.append(DataFlow.Edge(source: source, target: target, mark: mark))
  }

  private mutating func operation(_ sign: String, _ operands: [(node: Int, mark: String)], with constants: [Expression] = [])
    -> Int
  {
    let node = add(.operation(sign))
    for operand in operands { connect(operand.node, to: node, mark: operand.mark) }
    nodes[node].parameters = constants.flatMap(parameters(in:))
    return node
  }

  /// The node that gives an expression's value.
  private mutating func value(of expression: Expression) -> Int {
    if let known = values[expression] { return known }
    if isConstant(expression) || isWeighted(expression) {
      return layer(nil, [(false, expression)])
    }
    if case .slice(let vector, let from, let to) = expression {
      return operation("[\(from)..\(to)]", [(value(of: vector), "")])
    }
    guard case .apply(let primitive, let arguments) = expression else { return layer(nil, [(false, expression)]) }
    switch primitive {
    case .add, .subtract, .negate: return sum(expression, within: nil)
    case .multiply: return product(expression.factors)
    case .divide: return quotient(arguments[0], arguments[1])
    case _ where primitive.matrixProduct != nil: return matrixProduct(primitive, arguments)
    default: return function(primitive, arguments)
    }
  }

  // MARK: Sums

  private typealias Summand = (isSubtracted: Bool, expression: Expression)

  /// A sum, as a layer if it applies parameters.
  ///
  /// - Parameter function: what stands round the sum. A layer takes it in; a plain sum is an operation of its own.
  private mutating func sum(_ expression: Expression, within function: String?) -> Int {
    let summands = expression.summands
    if summands.contains(where: { isWeighted($0.expression) }) { return layer(function, summands) }
    let sum = plainSum(summands)
    return function.map { operation($0, [(sum, "")]) } ?? sum
  }

  private mutating func layer(_ function: String?, _ summands: [Summand]) -> Int {
    var sources: [Int] = []
    var applied: [String] = []
    let terms = summands.map { summand in
      let isInline = isWeighted(summand.expression) || isPlain(summand.expression)
      if isInline {
        collect(summand.expression, &sources, &applied)
      } else {
        sources.append(value(of: summand.expression))
      }
      return DataFlow.Term(isSubtracted: summand.isSubtracted, expression: isInline ? summand.expression : nil)
    }
    let node = add(.layer(function: function, terms: terms))
    nodes[node].parameters = applied
    for (place, source) in sources.enumerated() where !sources[..<place].contains(source) { connect(source, to: node) }
    return node
  }

  /// What a layer's summand reads and applies. A computed operand of a matrix, `U (r * h)`, is a node of its own.
  private mutating func collect(_ expression: Expression, _ sources: inout [Int], _ applied: inout [String]) {
    if let known = values[expression] { return sources.append(known) }
    switch expression {
    case .number, .next: break
    case .name(let name): if parameters.contains(name) { applied.append(name) }
    case .slice: sources.append(value(of: expression))
    case .projection(let memory, let matrix):
      applied.append(matrix)
      sources.append(value(of: .name(memory)))
    case .concatenation(let parts): for part in parts { collect(part, &sources, &applied) }
    case .product(let matrix, _, let vector):
      applied.append(matrix)
      collect(vector, &sources, &applied)
    case .apply(let primitive, let arguments):
      if primitive.mixesElements && primitive.matrixProduct == nil || isWeighted(expression) || isConstant(expression)
        || isPlain(expression)
      {
        for argument in arguments { collect(argument, &sources, &applied) }
      } else {
        sources.append(value(of: expression))
      }
    }
  }

  private mutating func plainSum(_ summands: [Summand]) -> Int {
    let numbers = summands.filter { isConstant($0.expression) }
    let terms = summands.filter { !isConstant($0.expression) }
    // 1 - z
    if numbers.count == 1, terms.count == 1, !numbers[0].isSubtracted, terms[0].isSubtracted {
      return operation("\(numbers[0].expression) −", [(value(of: terms[0].expression), "")])
    }
    let operands = terms.map { term -> (node: Int, mark: String) in
      let factors = term.expression.factors
      let sign = term.isSubtracted ? "−" : ""
      guard factors.count == 2, isConstant(factors[0]) else { return (value(of: term.expression), sign) }
      return (value(of: factors[1]), sign + "\(factors[0])")
    }
    let shifts = numbers.map { ($0.isSubtracted ? "− " : "+ ") + "\($0.expression)" }
    if operands.count == 1, shifts.isEmpty { return operation(operands[0].mark, [(operands[0].node, "")]) }
    let sign = (operands.count == 1 ? shifts : ["+"] + shifts).joined(separator: " ")
    return operation(sign, operands)
  }

  // MARK: Products, quotients, functions

  private mutating func product(_ factors: [Expression]) -> Int {
    let numbers = factors.filter { isConstant($0) && parameters(in: $0).isEmpty }
    let operands = factors.filter { !numbers.contains($0) }.map { (node: value(of: $0), mark: "") }
    return operation((numbers.map(\.description) + ["×"]).joined(separator: " "), operands)
  }

  private mutating func quotient(_ numerator: Expression, _ denominator: Expression) -> Int {
    if isConstant(numerator) {
      return operation("\(numerator) ÷", [(value(of: denominator), "")], with: [numerator])
    }
    if isConstant(denominator) {
      return operation("÷ \(denominator)", [(value(of: numerator), "")], with: [denominator])
    }
    return operation("÷", [(value(of: numerator), ""), (value(of: denominator), "÷")])
  }

  private mutating func function(_ primitive: Primitive, _ arguments: [Expression]) -> Int {
    let constants = arguments.filter(isConstant)
    let others = arguments.filter { !isConstant($0) }
    // clip(·, -1, 1)
    let places = arguments.map { isConstant($0) ? $0.description : "·" }.joined(separator: ", ")
    let sign = constants.isEmpty ? primitive.sign : "\(primitive.sign)(\(places))"
    if others.count == 1 {
      if primitive.mixesElements { return layer(sign, [(false, others[0])]) }
      if others[0].summands.count > 1 || isWeighted(others[0]) { return sum(others[0], within: sign) }
    }
    let operands = others.enumerated().map { place, argument in
      (node: value(of: argument), mark: others.count > 1 && !primitive.isSymmetric ? "\(place + 1)" : "")
    }
    return operation(sign, operands, with: constants)
  }

  /// Of two factors that can't change places the first is marked with 1, the second with 2.
  private mutating func matrixProduct(_ primitive: Primitive, _ arguments: [Expression]) -> Int {
    let sign =
      switch primitive.matrixProduct {
      case .times?: "matrix ×"
      case .transposedTimes?: "matrixᵀ ×"
      case .scaledRows?: "rows ×"
      case .scaledColumns?: "columns ×"
      case .outer?, nil: primitive.sign
      }
    let others = arguments.enumerated().filter { !isConstant($1) }
    return operation(sign, others.map { (value(of: $1), "\($0 + 1)") }, with: arguments.filter(isConstant))
  }

  // MARK: Kinds of expressions

  /// Whether nothing in it changes from step to step.
  private func isConstant(_ expression: Expression) -> Bool {
    switch expression {
    case .number: true
    case .name(let name): parameters.contains(name) || cell.constant(named: name) != nil
    case .next, .projection: false
    case .product(_, _, let vector), .slice(let vector, _, _): isConstant(vector)
    case .concatenation(let parts): parts.allSatisfy(isConstant)
    case .apply(_, let arguments): arguments.allSatisfy(isConstant)
    }
  }

  private func parameters(in expression: Expression) -> [String] {
    switch expression {
    case .number, .next, .slice: []
    case .name(let name): parameters.contains(name) ? [name] : []
    case .product(let matrix, _, let vector): [matrix] + parameters(in: vector)
    case .projection(_, let matrix): [matrix]
    case .concatenation(let parts), .apply(_, let parts): parts.flatMap(parameters(in:))
    }
  }

  /// Whether parameters are applied to it as a layer does: `W x`, `p * c`, `b`, `0.1 * (B x)`, `α * layer_norm(W x)`.
  private func isWeighted(_ expression: Expression) -> Bool {
    if isConstant(expression) { return !parameters(in: expression).isEmpty }
    switch expression {
    case .number, .name, .next, .concatenation, .slice: return false
    case .product, .projection: return true
    case .apply(.divide, let arguments):
      return isConstant(arguments[1]) && (isWeighted(arguments[0]) || !parameters(in: arguments[1]).isEmpty)
    case .apply(let primitive, let arguments):
      let factors = expression.factors
      if factors.count > 1 {
        let varying = factors.filter { !isConstant($0) }
        return varying.count == 1 && (isWeighted(varying[0]) || factors.contains { isConstant($0) && isWeighted($0) })
      }
      return primitive.mixesElements && primitive.matrixProduct == nil && arguments.contains(where: isWeighted)
    }
  }

  /// Whether it is a name's value or a multiple of one: what a layer's sum can hold as it is written.
  private func isPlain(_ expression: Expression) -> Bool {
    expression.factors.allSatisfy { isConstant($0) || values[$0] != nil }
      && expression.factors.filter { !isConstant($0) }.count < 2
  }
}

extension Expression {
  /// The parts of a sum, however it is grouped.
  fileprivate var summands: [(isSubtracted: Bool, expression: Expression)] {
    guard case .apply(let primitive, let parts) = self else { return [(false, self)] }
    let negated = { (part: (isSubtracted: Bool, expression: Expression)) in (!part.isSubtracted, part.expression) }
    return switch primitive {
    case .add: parts[0].summands + parts[1].summands
    case .subtract: parts[0].summands + parts[1].summands.map(negated)
    case .negate: parts[0].summands.map(negated)
    // What is added to each row is a summand like others.
    case .asRows: parts[0].summands
    default: [(false, self)]
    }
  }

  /// The parts of a product, however it is grouped.
  fileprivate var factors: [Expression] {
    if case .apply(.multiply, let parts) = self { parts.flatMap(\.factors) } else { [self] }
  }
}

extension Primitive {
  /// Whether its two arguments may change places.
  fileprivate var isSymmetric: Bool {
    if case .binary(let value) = definition { value(1, 2) == value(2, 1) } else { false }
  }
}
