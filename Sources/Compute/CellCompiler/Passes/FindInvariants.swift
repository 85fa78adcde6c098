extension Plan {
  /// Values of parameters and numbers alone, forward and backward, are taken out of the step.
  ///
  /// Matrices stay there, and what is as long as a memory: only steps go through their rows. What a matrix multiplies stays there, too: its gradient wants a row of it for each step.
  mutating func findInvariants() {
    let values = graph.closure(of: forwardRoots + backwardRoots)
    let multiplied = values.reduce(into: Set<Graph.Value>()) { vectors, value in
      if case .affine(let terms, _) = graph[value].operation { vectors.formUnion(terms.map(\.vector)) }
    }
    var fixed: Set<Graph.Value> = []
    for value in values {
      switch graph[value].operation {
      case .parameter, .constant: fixed.insert(value)
      case .apply(_, let arguments):
        guard fixed.isSuperset(of: arguments), !multiplied.contains(value), graph.matrices(of: value) == nil,
          !graph[value].shape.followsMemory
        else { continue }
        fixed.insert(value)
        invariants.append(value)
      case .input, .previous, .memory, .projection, .mask, .zoneout, .affine, .slice, .placed, .incomingGradient,
        .outputGradient, .backpropagated:
        continue
      }
    }
  }
}
