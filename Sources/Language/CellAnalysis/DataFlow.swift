package import CellLanguage

/// What flows where within one step of a cell: its equations as a graph.
///
/// A weighted sum and the function round it are one node, a layer, such as `σ(W_f [h, x] + b_f)`. All else that works element by
/// element, such as the products and the sum of `f * c + i * g`, is an operation of its own. Nodes stand in an order in which
/// every edge leads on.
package struct DataFlow: Sendable, Hashable {
  package let cell: Cell
  package let nodes: [Node]
  package let edges: [Edge]

  package init(_ cell: Cell) {
    var builder = DataFlowBuilder(cell)
    builder.build()
    self.cell = cell
    (nodes, edges) = (builder.nodes, builder.edges)
  }

  package struct Node: Sendable, Hashable {
    package let kind: Kind
    /// The index of the equation whose right-hand side this node gives; nil for what an equation computes on its way.
    package internal(set) var equation: Int?
    /// The parameters that are applied here, each as often as it is written.
    package internal(set) var parameters: [String] = []
  }

  package enum Kind: Sendable, Hashable {
    /// A vector that the step reads, by its index.
    case input(Int)
    /// The memory, which is the same at each step.
    case memory
    /// A state as it comes from the step before, by its index.
    case state(Int)
    /// A state as the next step receives it, by its index.
    case next(Int)
    /// A weighted sum, and how the function round it is written, if there is one.
    case layer(function: String?, terms: [Term])
    /// Something done to each element, as it is written: `×`, `1 −`, `tanh`.
    case operation(String)
  }

  /// A summand of a layer.
  package struct Term: Sendable, Hashable {
    package let isSubtracted: Bool
    /// Nil for the value of another node, which an edge brings.
    package let expression: Expression?
  }

  /// A value on its way from the node that gives it to one that takes it.
  package struct Edge: Sendable, Hashable {
    package let source: Int
    package let target: Int
    /// How the target takes it if that is not as it comes: `−`, `0.5`, `÷`; empty otherwise.
    package let mark: String
  }
}

extension DataFlow {
  /// The name by which the equations know a node's value: `f`, `c'`; nil for what has none.
  package func name(of node: Int) -> String? {
    switch nodes[node].kind {
    case .input(let input): cell.inputs[input].name
    case .memory: cell.memory?.name
    case .state(let state): cell.states[state].name
    case .next(let state): cell.states[state].name + "'"
    case .layer, .operation: nodes[node].equation.map { cell.equations[$0].name }
    }
  }

  /// A layer's sum as an equation writes it, with `…` for what other nodes bring: `W_n x + b_n + …`.
  package static func text(of terms: [Term]) -> String {
    var text = ""
    for term in terms {
      let summand = term.expression.map(\.summandText) ?? "…"
      text += text.isEmpty ? (term.isSubtracted ? "-" : "") + summand : (term.isSubtracted ? " - " : " + ") + summand
    }
    return text
  }
}

extension Expression {
  /// As a summand is written: a sum in parentheses.
  fileprivate var summandText: String {
    if case .apply(let primitive, _) = self, case .infix(_, 1) = primitive.notation { "(\(self))" } else { description }
  }
}
