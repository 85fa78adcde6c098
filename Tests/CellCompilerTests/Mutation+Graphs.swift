import CellCompiler
import CellLanguage
import Testing

extension Mutation {
  static let ofGraphs: [Mutation] = [
    Mutation(.order, says: "which comes later") { plan in
      let sum = try plan.first(.add)
      plan.replace(sum, by: .apply(.add, [sum - 1, sum]))
    },
    Mutation(.order, says: "which comes later") { plan in
      plan.replace(try plan.first(.negate), by: .apply(.negate, [plan.graph.nodes.count]))
    },
    Mutation(.order, says: "reads value -1") { plan in plan.replace(try plan.first(.negate), by: .apply(.negate, [-1])) },
    Mutation(.arguments, says: "of width 5 reads a value of width 4") { plan in
      let value = try plan.first(.negate)
      plan.replace(value, by: plan.graph[value].operation, width: 5)
    },
    Mutation(.arguments, says: "add has 1 arguments") { plan in plan.replace(try plan.first(.add), by: .apply(.add, [0 + 1])) },
    Mutation(.arguments, says: "are no part of a vector of 8", in: .cut) { plan in
      let isSlice = { (node: Graph.Node) in if case .slice = node.operation { true } else { false } }
      let slice = try #require(plan.graph.nodes.firstIndex(where: isSlice))
      plan.replace(slice, by: .slice(plan.graph.operands(of: slice)[0], start: 6))
    },

    Mutation(.leaves, says: "is 2 long; what it stands for is 3") { plan in
      plan.replace(try plan.first(.input), by: .input, width: 2)
    },
    Mutation(.leaves, says: "of state 7, which there is not") { plan in
      plan.replace(try plan.first(.previous(state: 1)), by: .previous(state: 7))
    },
    Mutation(.leaves, says: "is a mask, and none is drawn") { plan in
      plan.replace(try plan.first(.previous(state: 1)), by: .mask(state: 1))
    },
    Mutation(.leaves, says: "is zoneout, and none is drawn") { plan in
      plan.replace(try plan.first(.previous(state: 1)), by: .zoneout(state: 1))
    },
    Mutation(.leaves, says: "is 9 long", in: .drawn) { plan in
      plan.replace(try plan.first(.mask(state: 0)), by: .mask(state: 0), width: 9)
    },
    Mutation(.leaves, says: "of parameter 99, which there is not") { plan in
      plan.replace(try plan.first(.parameter(plan.parameter("p"))), by: .parameter(99))
    },
    Mutation(.leaves, says: "is the matrix W_g") { plan in
      plan.replace(try plan.first(.parameter(plan.parameter("p"))), by: .parameter(try plan.parameter("W_g")))
    },
    Mutation(.leaves, says: "is 5 long; what it stands for is 4") { plan in
      let parameter = Graph.Operation.parameter(try plan.parameter("p"))
      plan.replace(try plan.first(parameter), by: parameter, width: 5)
    },

    Mutation(.terms, says: "which is no matrix") { plan in
      let bias = try plan.parameter("b_f")
      try plan.changeSum("f.pre") { terms, _ in terms[0] = terms[0].with(matrix: bias) }
    },
    Mutation(.terms, says: "has no columns 4..<8") { plan in
      try plan.changeSum("f.pre") { terms, _ in terms[0] = terms[0].with(offset: 4) }
    },
    Mutation(.terms, says: "has no columns -1..<3") { plan in
      try plan.changeSum("f.pre") { terms, _ in terms[0] = terms[0].with(offset: -1) }
    },
    Mutation(.terms, says: "W_f gives 7 numbers to value") { plan in
      try plan.changeSum("f.pre") { terms, _ in terms[0] = terms[0].with(isTransposed: true) }
    },
    Mutation(.terms, says: "R has no block 2 for value", in: .split) { plan in
      try plan.changeSum("h'.pre1") { terms, _ in terms[1] = terms[1].with(block: 2) }
    },
    Mutation(.terms, says: "block 1 of R gives the elements 0..<2", in: .split) { plan in
      try plan.changeSum("h'.pre1") { terms, _ in terms[1] = terms[1].with(results: 0..<2) }
    },
    Mutation(.terms, says: "no term gives all elements", in: .split) { plan in
      try plan.changeSum("h'.pre1") { terms, _ in terms.removeLast() }
    },
    Mutation(.terms, says: "is no vector") { plan in
      let matrix = try plan.parameter("W_g")
      try plan.changeSum("f.pre") { _, biases in biases[0] = matrix }
    },
    Mutation(.terms, says: "has the bias 99") { plan in try plan.changeSum("f.pre") { _, biases in biases.append(99) } },
    Mutation(
      .terms, says: "is a bias of value", in: .init(equations: "h' = tanh(W c + d)\nc' = tanh(A x + b)", states: "h, c(2)")
    ) {
      plan in
      let other = try plan.parameter("b")
      let own = try plan.parameter("d")
      for (value, node) in plan.graph.nodes.enumerated() {
        guard case .affine(let terms, [own]) = node.operation else { continue }
        plan.replace(value, by: .affine(terms: terms, biases: [other]))
      }
    },

    Mutation(.forward, says: "more than there are") { $0.forwardCount += 1 },
    Mutation(.forward, says: "of the forward step is a gradient") { plan in
      plan.replace(try plan.first(.previous(state: 1)), by: .outputGradient)
    },
    Mutation(.forward, says: "f is value 1000, not one of the forward step") { $0.locals[0].value = 1000 },

    Mutation(.states, says: "1 next values for 2 states") { $0.next.removeLast() },
    Mutation(.states, says: "c' is value -3, not one of the forward step") { $0.next[1] = -3 },
    Mutation(.states, says: "c' is 3 long, c 4") { plan in plan.next[1] = try plan.first(.input) },
  ]

  static let ofGradients: [Mutation] = [
    Mutation(.gradients, says: "has no gradient") { plan in plan.gradients.affines[try plan.value("f.pre")] = nil },
    Mutation(.gradients, says: "and is no pre-activation that a state depends on") { plan in
      plan.gradients.affines[try plan.value("f")] = try plan.value("f")
    },
    Mutation(.gradients, says: "is 3 long, not 4") { plan in
      plan.gradients.affines[try plan.value("f.pre")] = try plan.first(.input)
    },
    Mutation(.gradients, says: "which there is not") { plan in plan.gradients.affines[try plan.value("f.pre")] = 1000 },
    Mutation(.gradients, says: "1 gradients of states for 2 states") { $0.gradients.states.removeLast() },
    Mutation(.gradients, says: "the gradient of c is 3 long") { plan in plan.gradients.states[1] = try plan.first(.input) },
    Mutation(.gradients, says: "the gradient of x is 4 long") { plan in plan.gradients.input = try plan.value("f") },
    Mutation(.gradients, says: "which no value reads at that length") { plan in
      plan.gradients.parameters[0].value = try plan.first(.input)
    },
    Mutation(.gradients, says: "is the gradient of parameter 99") { $0.gradients.parameters[0].parameter = 99 },

    Mutation(.backpropagation, says: "comes back from []") { plan in
      let found = try plan.firstReturn()
      plan.replace(found.value, by: .backpropagated(vector: found.vector, affines: [], gradients: []))
    },
    Mutation(.backpropagation, says: "comes back from other gradients") { plan in
      let found = try plan.firstReturn()
      plan.replace(
        found.value, by: .backpropagated(vector: found.vector, affines: found.affines, gradients: [try plan.value("f")]))
    },
    Mutation(.backpropagation, says: "comes back to one of width 4") { plan in
      let found = try plan.firstReturn()
      plan.replace(found.value, by: plan.graph[found.value].operation, width: 3)
    },

    Mutation(.invariants, says: "which is not") { plan in plan.invariants.append(try plan.value("f")) },
    Mutation(.invariants, says: "which is not") { $0.invariants.reverse() },
    Mutation(.invariants, says: "taken out of the step twice") { $0.invariants.append($0.invariants[0]) },
    Mutation(.invariants, says: "and computes nothing") { plan in plan.invariants.append(try plan.first(.input)) },
    Mutation(.invariants, says: "and a matrix multiplies it", in: .init(equations: "h' = tanh(W x) * (U exp(p))", states: "h")) {
      plan in
      for (value, node) in plan.graph.nodes.enumerated() {
        if case .apply(let primitive, _) = node.operation, primitive.name == "exp" { plan.invariants.append(value) }
      }
    },
  ]
}

extension Plan {
  /// Gives a pre-activation other terms or biases.
  fileprivate mutating func changeSum(_ name: String, _ change: (inout [Graph.Term], inout [Int]) -> Void) throws {
    var (terms, biases) = try sum(name)
    change(&terms, &biases)
    replace(try value(name), by: .affine(terms: terms, biases: biases))
  }
}

extension Graph.Term {
  fileprivate func with(
    matrix: Int? = nil, block: Int? = nil, offset: Int? = nil, isTransposed: Bool? = nil, results: Range<Int>? = nil
  ) -> Graph.Term {
    Graph.Term(
      matrix: matrix ?? self.matrix, block: block ?? self.block, offset: offset ?? self.offset,
      isTransposed: isTransposed ?? self.isTransposed, vector: vector, results: results ?? self.results)
  }
}
