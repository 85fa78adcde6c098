import CellLanguage

extension Plan {
  /// Which products are multiplied as they are added, and so are not rounded before.
  ///
  /// These are products that one sum alone reads and that have no name, since a run that is traced must give the same bits. It is decided
  /// once: a run that keeps nothing, one that keeps what the step back needs, and what is computed once more for the next matrices all
  /// give the same bits.
  mutating func fuseProducts() {
    let values = graph.closure(of: forwardRoots)
    let stages = forwardStages()
    var uses: [Graph.Value: Int] = [:]
    for operand in values.flatMap(graph.operands) { uses[operand, default: 0] += 1 }
    let inMemory = Set(
      next + kept.map(\.value) + keptOfMemory + (locals + preactivations).map(\.value) + invariants + products.map(\.source)
    ).union(gates.keys)

    for sum in values where !invariants.contains(sum) {
      guard case .apply(let primitive, let arguments) = graph[sum].operation, primitive == .add || primitive == .subtract
      else { continue }
      // What is subtracted from a product stays apart: there is no instruction for that.
      let candidates = primitive == .add ? arguments : Array(arguments.suffix(1))
      let product = candidates.first { value in
        guard case .apply(.multiply, _) = graph[value].operation else { return false }
        return uses[value] == 1 && !inMemory.contains(value) && stages[value] == stages[sum]
          && graph[value].shape == graph[sum].shape
      }
      if let product { fused[product] = sum }
    }
  }
}
