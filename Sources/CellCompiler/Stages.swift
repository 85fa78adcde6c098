extension Plan {
  /// The forward program in which a value is computed, counted from 0: it must wait for the products of computed vectors
  /// below it. Leaves are there from the start.
  func forwardStages() -> [Graph.Value: Int] {
    var stages: [Graph.Value: Int] = [:]
    for value in graph.closure(of: next) {
      switch graph[value].operation {
      case .affine(let terms, _):
        stages[value] = terms.map { graph.isLeaf($0.vector) ? 0 : stages[$0.vector, default: 0] + 1 }.max() ?? 0
      default:
        stages[value] = graph.operands(of: value).map { stages[$0, default: 0] }.max() ?? 0
      }
    }
    return stages
  }

  /// Likewise for what the backward step computes, where a pulled gradient waits for the gradients it is pulled from.
  func backwardStages(of values: [Graph.Value]) -> [Graph.Value: Int] {
    var stages: [Graph.Value: Int] = [:]
    for value in values {
      let last = graph.operands(of: value).map { stages[$0, default: 0] }.max() ?? 0
      if case .pulled = graph[value].operation { stages[value] = last + 1 } else { stages[value] = last }
    }
    return stages
  }
}
