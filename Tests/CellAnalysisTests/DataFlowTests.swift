import CellAnalysis
import CellLanguage
import Testing

struct DataFlowTests {
  @Test(arguments: Cell.library)
  func everyEquationAndEveryStateAppearsOnce(cell: Cell) {
    let flow = DataFlow(cell)
    #expect(flow.nodes.compactMap(\.equation).sorted() == Array(cell.equations.indices))
    #expect(flow.nodes.filter { $0.kind == .input(0) }.count == 1)
    for state in cell.states.indices {
      #expect(flow.nodes.filter { $0.kind == .state(state) }.count == 1)
      #expect(flow.nodes.filter { $0.kind == .next(state) }.count == 1)
    }
  }

  /// Parameters are applied as often as they are written, and in no other equation.
  @Test(arguments: Cell.library)
  func parametersAppearAsTheyAreWritten(cell: Cell) {
    let flow = DataFlow(cell)
    let names = Set(cell.parameters.map(\.name))
    for (index, equation) in cell.equations.enumerated() {
      let nodes = flow.nodes(of: index)
      let applied = nodes.flatMap { flow.nodes[$0].parameters }
      #expect(applied.sorted() == equation.expression.names.filter(names.contains).sorted(), "\(equation.name)")
    }
  }

  /// What leads into an equation's nodes from outside is what the equation reads.
  @Test(arguments: Cell.library)
  func edgesBringWhatTheEquationsRead(cell: Cell) {
    let flow = DataFlow(cell)
    let parameters = Set(cell.parameters.map(\.name) + cell.constants.map(\.name))
    for (index, equation) in cell.equations.enumerated() {
      let nodes = flow.nodes(of: index)
      let sources = flow.edges.filter { nodes.contains($0.target) && !nodes.contains($0.source) }
      let read = Set(sources.compactMap { flow.name(of: $0.source) })
      #expect(read == Set(equation.expression.names).subtracting(parameters), "\(equation.name)")
    }
    for edge in flow.edges { #expect(edge.source < edge.target) }
  }

  @Test(arguments: [
    ("1 - x", "1 −", [""]), ("x - 1", "− 1", [""]), ("-x", "−", [""]), ("x - h", "+", ["", "−"]), ("x - 2 * h", "+", ["", "−2"]),
    ("0.5 * x", "0.5 ×", [""]), ("x * h", "×", ["", ""]), ("x / h", "÷", ["", "÷"]), ("1 / x", "1 ÷", [""]),
    ("x / 2", "÷ 2", [""]),
    ("tanh(x)", "tanh", [""]), ("max(x, h)", "max", ["", ""]), ("clip(x, -1, 1)", "clip(·, -1, 1)", [""]), ("x", "=", [""]),
    ("leaky_relu(x, h)", "leaky_relu", ["1", "2"]), ("x + h + 1", "+ + 1", ["", ""]),
  ])
  func operations(expression: String, sign: String, marks: [String]) throws {
    let cell = try Cell(parsing: "cell mine\ninput x\nstate h(4), k(4)\nk' = \(expression)\nh' = x + h")
    let flow = DataFlow(cell)
    let node = try #require(flow.nodes.firstIndex { $0.equation == 0 })
    #expect(flow.nodes[node].kind == .operation(sign))
    #expect(flow.edges.filter { $0.target == node }.map(\.mark) == marks)
  }

  @Test(arguments: [
    ("σ(W x + b)", "σ", "W x + b"), ("W x - W^T h", nil, "W x - W^T h"), ("p * h", nil, "p * h"),
    ("tanh(b - h)", "tanh", "b - h"),
    ("relu(W x + tanh(h))", "relu", "W x + …"), ("W (x * h)", nil, "W (x * h)"), ("layer_norm(h)", "layer_norm", "h"),
    ("tanh(α * layer_norm(W x) + 0.1 * h)", "tanh", "α * layer_norm(W x) + 0.1 * h"), ("W x - (h + U h)", nil, "W x - h - U h"),
  ])
  func layers(expression: String, function: String?, terms: String) throws {
    let cell = try Cell(parsing: "cell mine\ninput x\nstate h(4), k(4)\nk' = \(expression)\nh' = x + h")
    let flow = DataFlow(cell)
    let node = try #require(flow.nodes.first { $0.equation == 0 })
    guard case .layer(let found, let sum) = node.kind else {
      Issue.record("\(node.kind)")
      return
    }
    #expect(found == function)
    #expect(DataFlow.text(of: sum) == terms)
  }
}

extension DataFlow {
  /// The node that gives an equation's value and those that only lead to it.
  fileprivate func nodes(of equation: Int) -> Set<Int> {
    var found: Set<Int> = []
    var open = nodes.indices.filter { nodes[$0].equation == equation }
    while let node = open.popLast() {
      found.insert(node)
      open += edges.filter { $0.target == node && name(of: $0.source) == nil }.map(\.source)
    }
    return found
  }
}

extension Expression {
  /// All names, as often as they are written.
  fileprivate var names: [String] {
    switch self {
    case .number: []
    case .name(let name): [name]
    case .next(let name): [name + "'"]
    case .projection(let memory, let matrix): [memory, matrix]
    case .product(let matrix, _, let vector): [matrix] + vector.names
    case .slice(let vector, _, _): vector.names
    case .concatenation(let parts), .apply(_, let parts): parts.flatMap(\.names)
    }
  }
}
