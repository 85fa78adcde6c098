import CellLanguage

extension Plan {
  /// What the matrix products of a step of one sequence multiply and add up.
  package var multiplyAdds: Int { products.reduce(0) { $0 + $1.n * $1.k } }

  /// The multiplications and additions that a step waits for: all but those of the input's products.
  package var recurrentMultiplyAdds: Int { products.reduce(0) { $0 + ($1.stage == nil ? 0 : $1.n * $1.k) } }

  /// Bytes that a row and step takes from the forward run until the backward run is through: pre-activations with the gates in
  /// their place, what else is kept, the states, and the gradients of pre-activations if they have a place of their own.
  package var trainingBytes: Int {
    let states = cell.states.indices.reduce(0) { $0 + width(ofState: $1) }
    return 4 * (slotWidth + keptWidth + states + zoneoutWidth + (gradientsReplaceSlots ? 0 : slotWidth))
  }

  /// Functions and operators that a step of one sequence applies to numbers.
  package var pointwiseOperations: Int {
    graph.nodes[..<forwardCount].indices.reduce(0) { sum, value in
      if case .apply = graph[value].operation, !invariants.contains(value) { sum + graph[value].width } else { sum }
    }
  }
}
