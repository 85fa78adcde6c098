import CellLanguage
import Support

extension Plan {
  /// An order of the pre-activations in which those that share a vector lie side by side, so that few products
  /// do all the work.
  mutating func arrangeSlots() {
    let affines = graph.closure(of: forwardRoots).filter {
      if case .affine = graph[$0].operation { true } else { false }
    }
    var classes: [(vectors: Set<Graph.Value>, affines: [Graph.Value])] = []
    for affine in affines {
      let vectors = Set(graph.operands(of: affine))
      if let index = classes.firstIndex(where: { $0.vectors == vectors }) {
        classes[index].affines.append(affine)
      } else {
        classes.append((vectors, [affine]))
      }
    }
    // Cells of the literature have at most five classes; past seven the factorial is not worth waiting for.
    let orders = classes.count <= 7 ? permutations(of: classes) : [classes]
    let candidates = orders.map { columns($0.flatMap { byActivation($0.affines) }) }
    let stages = forwardStages()
    let counted = candidates.map { (slots: $0, products: stacked($0, stages).count) }
    slots =
      found(
        counted.min { $0.products < $1.products }, orFail: "there is no order of the pre-activations of cell \(cell.name)"
      ).slots
  }

  /// Pre-activations of one class in an order that brings those together that go through the same function, and first those
  /// that go through none.
  private func byActivation(_ affines: [Graph.Value]) -> [Graph.Value] {
    let names = affines.map { affine in
      graph.nodes.prefix(forwardCount).lazy.compactMap { node -> String? in
        guard case .apply(let primitive, [affine]) = node.operation else { return nil }
        return primitive.name
      }.first ?? ""
    }
    return zip(affines, names).sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
  }
}

/// All orders of the elements, the given one first.
private func permutations<Element>(of elements: [Element]) -> [[Element]] {
  if elements.count <= 1 { return [elements] }
  return elements.indices.flatMap { index in
    var rest = elements
    let first = rest.remove(at: index)
    return permutations(of: rest).map { [first] + $0 }
  }
}
