import CellCompiler
import CellLanguage
import Testing

/// A sound plan that is broken by hand in one place, and what the verifier has to say of it.
struct Mutation: Sendable, CustomTestStringConvertible {
  /// The promise that the plan then breaks.
  let promise: Plan.Promise
  /// Words that stand in one of the faults.
  let words: String
  let base: Base
  let change: @Sendable (inout Plan) throws -> Void

  /// A cell whose plan is to be broken.
  struct Base: Sendable {
    let equations: String
    let states: String
    var drawing = Plan.Drawing()

    func plan(through pass: Plan.Pass?) throws -> Plan {
      try CellCompilerTests.plan(of: equations, states: states, through: pass, drawing: drawing)
    }
  }

  init(
    _ promise: Plan.Promise, says words: String, in base: Base = .gated, _ change: @escaping @Sendable (inout Plan) throws -> Void
  ) {
    (self.promise, self.words, self.base, self.change) = (promise, words, base, change)
  }

  var testDescription: String { "\(promise.rawValue): \(words)" }

  static let all = ofMemories + ofGraphs + ofGradients + ofLayouts + ofInstructions + ofSteps
}

extension Mutation.Base {
  /// Gates, a vector and a scalar of their own, a function of parameters alone, products of a computed vector and of two
  /// vectors side by side.
  static let gated = Mutation.Base(
    equations: """
      scalar α
      f  = σ(W_f [h, x] + b_f)
      r  = σ(V x + U_r h)
      g  = tanh(W_g x + U_g (r * h) + b_g)
      c' = f * c + exp(-p) * g
      h' = α * r * tanh(c')
      """, states: "h, c")
  /// The same with masks and zoneout.
  static let drawn = Mutation.Base(
    equations: gated.equations + "\nzoneout c = 0.25", states: "h, c", drawing: .init(masks: true, zoneout: true))
  /// A gate that a matrix multiplies.
  static let multiplied = Mutation.Base(equations: "z = σ(W x)\nh' = tanh(U z + V h)", states: "h")
  /// A block-diagonal matrix with nothing beside it in its sum, and a function of each head.
  static let split = Mutation.Base(
    equations: "heads 2\nblock R\nh' = tanh(R h + b) * softmax(W x)", states: "h")
  /// A memory whose rows a parameter multiplies.
  static let attending = Mutation.Base(
    equations: "memory M(K)\na = softmax(tanh(M U^T + W_a h) v)\nh' = tanh(W [h, x] + C (M^T a))", states: "h")
  /// Gates that are parts of one pre-activation.
  static let cut = Mutation.Base(equations: "z = W x\nh' = σ(z[0..units]) * tanh(z[units..2 * units])", states: "h")
}

extension Plan {
  /// Puts another node in the place of one.
  mutating func replace(_ value: Graph.Value, by operation: Graph.Operation, width: Int? = nil) {
    var nodes = graph.nodes
    nodes[value] = Graph.Node(operation: operation, width: width ?? nodes[value].width)
    graph = Graph(nodes: nodes)
  }

  /// The first value that a primitive computes.
  func first(_ primitive: Primitive) throws -> Graph.Value {
    try #require(
      graph.nodes.firstIndex { if case .apply(primitive, _) = $0.operation { true } else { false } })
  }

  /// The first value with that operation.
  func first(_ operation: Graph.Operation) throws -> Graph.Value {
    try #require(graph.nodes.firstIndex { $0.operation == operation })
  }

  /// The first gradient that comes back through products.
  func firstReturn() throws -> (value: Graph.Value, vector: Graph.Value, affines: [Graph.Value], gradients: [Graph.Value]) {
    for (value, node) in graph.nodes.enumerated() {
      if case .backpropagated(let vector, let affines, let gradients) = node.operation {
        return (value, vector, affines, gradients)
      }
    }
    return try #require(nil)
  }

  func parameter(_ name: String) throws -> Int { try #require(cell.parameters.firstIndex { $0.name == name }) }
}
