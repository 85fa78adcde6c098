import CellLanguage

extension Plan {
  /// Gates that take their pre-activation's place.
  ///
  /// `f = σ(W_f [h, x] + b_f)` needs no memory of its own if nothing else reads the pre-activation, backward included. Gates
  /// that lie side by side are then computed by one instruction.
  mutating func placeGates() {
    var readers: [Graph.Value: [Graph.Value]] = [:]
    for value in graph.closure(of: forwardRoots + backwardRoots) {
      for operand in Set(graph.operands(of: value)) { readers[operand, default: []].append(value) }
    }
    for slot in slots where readers[slot.value]?.count == 1 && !next.contains(slot.value) {
      guard let reader = readers[slot.value]?.first, !next.contains(reader), isGate(reader) else { continue }
      gates[reader] = slot
    }
  }

  /// Whether a value is a function of one pre-activation, element by element.
  private func isGate(_ value: Graph.Value) -> Bool {
    guard value < forwardCount, case .apply(let primitive, _) = graph[value].operation else { return false }
    if case .unary = primitive.definition { return true } else { return false }
  }
}
