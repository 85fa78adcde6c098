import CellLanguage

extension Plan {
  /// What the matrix products of a step of one sequence multiply and add up.
  package var multiplyAdds: Int { products.reduce(0) { $0 + $1.n * $1.k } }

  /// The multiplications and additions that a step waits for: all but those of the input's products.
  package var recurrentMultiplyAdds: Int { products.reduce(0) { $0 + ($1.stage == nil ? 0 : $1.n * $1.k) } }

  /// How many steps lie between the matrices that a forward run leaves, an even number: of 4 heads of 64, the matrices of so many steps
  /// fit the second-level cache.
  package static let stepsBetweenMatrices = 8

  /// Bytes that a row and step takes from the forward run until the backward run is through: pre-activations with the gates in
  /// their place, what else is kept, the states, and the gradients of pre-activations if they have a place of their own.
  package var trainingBytes: Int {
    4 * (slotWidth + keptWidth + keptStateWidth + zoneoutWidth + (gradientsReplaceSlots ? 0 : slotWidth))
  }

  /// Floats of the states that a row and step leaves, of matrices its part of those of every few steps.
  var keptStateWidth: Int {
    let rebuilt = rebuiltStates
    return cell.states.indices.reduce(0) { sum, state in
      sum + width(ofState: state) / (rebuilt.contains(state) ? Self.stepsBetweenMatrices : 1)
    }
  }

  /// Functions and operators that a step of one sequence applies to numbers.
  package var pointwiseOperations: Int {
    graph.nodes[..<forwardCount].indices.reduce(0) { sum, value in
      if case .apply = graph[value].operation, !invariants.contains(value) { sum + graph[value].width } else { sum }
    }
  }
}
