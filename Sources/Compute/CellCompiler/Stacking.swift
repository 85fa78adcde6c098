import CellLanguage

extension Plan {
  /// Pass 4: an order of the pre-activations in which those that share a vector lie side by side, so that few products
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
    slots = candidates.min { stacked($0).count < stacked($1).count } ?? []
  }

  /// Pass 5: blocks of matrices that meet the same vector become one matrix.
  mutating func stackProducts() { products = stacked(slots) }

  /// Values side by side.
  func columns(_ values: [Graph.Value]) -> [Column] {
    var start = 0
    return values.map { value in
      defer { start += graph[value].width }
      return Column(value: value, start: start, width: graph[value].width)
    }
  }

  private func stacked(_ slots: [Slot]) -> [Product] {
    let stages = forwardStages()
    let vectors = Set(slots.flatMap { graph.operands(of: $0.value) })
    let sources = vectors.map { (vector: $0, stage: stage(ofProductsWith: $0, stages)) }.sorted {
      ($0.stage ?? -1, $0.vector) < ($1.stage ?? -1, $1.vector)
    }
    var products: [Product] = []
    var started: Set<Graph.Value> = []
    for source in sources {
      // A pre-activation may read the same vector twice, through two matrices: each further term is a layer of its own.
      var layer = 0
      while true {
        let row = slots.map { slot in (slot, block(layer, of: source.vector, in: slot, biased: !started.contains(slot.value))) }
        if row.allSatisfy({ $0.1 == nil }) { break }
        var extends = false
        for (slot, block) in row {
          guard let block else {
            extends = false
            continue
          }
          let accumulates = started.contains(slot.value)
          if extends, let last = products.indices.last, products[last].accumulates == accumulates {
            products[last].blocks.append(block)
          } else {
            products.append(
              Product(
                source: source.vector, blocks: [block], start: slot.start, stage: source.stage, accumulates: accumulates,
                k: graph[source.vector].width))
          }
          extends = true
        }
        started.formUnion(row.filter { $0.1 != nil }.map(\.0.value))
        layer += 1
      }
    }
    return products
  }

  /// Nil for the input, whose products need not wait for any step.
  private func stage(ofProductsWith vector: Graph.Value, _ stages: [Graph.Value: Int]) -> Int? {
    switch graph[vector].operation {
    case .input: nil
    case .affine, .apply: stages[vector, default: 0] + 1
    default: 0
    }
  }

  private func block(_ layer: Int, of vector: Graph.Value, in slot: Slot, biased: Bool) -> Block? {
    guard case .affine(let terms, let biases) = graph[slot.value].operation else { return nil }
    let readers = terms.filter { $0.vector == vector }
    guard layer < readers.count else { return nil }
    let term = readers[layer]
    return Block(
      affine: slot.value, matrix: term.matrix, offset: term.offset, isTransposed: term.isTransposed, rows: slot.width,
      biases: biased ? biases : [])
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
