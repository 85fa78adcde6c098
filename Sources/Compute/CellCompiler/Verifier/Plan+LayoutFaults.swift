import CellLanguage

// What is wrong with what stands side by side.
extension Plan {
  var slotFaults: [String] {
    let affines = graph.closure(of: forwardRoots).filter(isAffine)
    let missing = affines.filter { affine in !slots.contains { $0.value == affine } }
    let others = slots.filter { !affines.contains($0.value) }
    return missing.map { "the pre-activation \($0) has no slot" }
      + others.map { "value \($0.value) has a slot, and is no pre-activation of the step" } + faults(of: slots, named: "slots")
  }

  /// Values side by side: each once, at its own length, with no gaps.
  private func faults(of columns: [Column], named name: String) -> [String] {
    var end = 0
    var seen: Set<Graph.Value> = []
    return columns.compactMap { column in
      defer { end = column.range.upperBound }
      if !graph.nodes.indices.contains(column.value) {
        return "there is no value \(column.value), which stands among the \(name)"
      }
      if !seen.insert(column.value).inserted { return "value \(column.value) stands twice among the \(name)" }
      if column.start != end { return "among the \(name), column \(column.start) follows column \(end)" }
      return column.width == graph[column.value].width
        ? nil : "value \(column.value) of width \(graph[column.value].width) takes \(column.width) columns of the \(name)"
    }
  }

  /// Every slot is started by exactly one product, in which its biases stand, before others add to it.
  var productFaults: [String] {
    var missing = slots.reduce(into: [Graph.Value: [Graph.Term]]()) { terms, slot in
      if case .affine(let own, _) = graph[slot.value].operation { terms[slot.value] = own }
    }
    var started = StartedSlots()
    var faults: [String] = []
    for product in products {
      if product.k != graph[product.source].width {
        faults.append("a product of \(product.k) numbers reads value \(product.source)")
      }
      if (product.stage == nil) != (graph.inputColumns(of: product.source) != nil) {
        faults.append("a product of value \(product.source) runs at a stage of its own, or the input's does")
      }
      var start = product.start
      for block in product.blocks {
        defer { start += block.rows }
        guard
          let slot = slots.first(where: { $0.value == block.affine && $0.start + block.results.lowerBound == start }),
          block.results.upperBound <= slot.width, case .affine(_, let biases) = graph[slot.value].operation
        else {
          faults.append("a product's block lies beside its slot at column \(start)")
          continue
        }
        let isFirst = !started.hasBegun(slot.value, block.results)
        if !isFirst && !started.hasStarted(slot.value, block.results) {
          faults.append("a product adds to a slot of which a part has not been started, at column \(start)")
        }
        if isFirst == product.accumulates {
          faults.append(
            "a product \(isFirst ? "adds to a slot that nothing has started" : "starts a slot again"), at column \(start)")
        }
        started.start(slot.value, block.results)
        if block.biases != (isFirst ? biases : []) {
          faults.append("the slot at column \(start) has other biases than value \(slot.value)")
        }
        let term = Graph.Term(
          matrix: block.matrix, block: block.block, offset: block.offset, isTransposed: block.isTransposed,
          vector: product.source, results: block.results)
        if let place = missing[slot.value]?.firstIndex(of: term) {
          missing[slot.value]?.remove(at: place)
        } else {
          faults.append("a product adds a term to the slot at column \(start) that value \(slot.value) has not")
        }
      }
    }
    return faults
      + missing.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map {
        "no product adds \($0.value.count) terms of value \($0.key)"
      }
  }

  var gateFaults: [String] {
    let values = graph.closure(of: forwardRoots + backwardRoots)
    var taken: Set<Int> = []
    return gates.sorted { $0.key < $1.key }.compactMap { value, slot in
      guard slots.contains(slot) else { return "value \(value) stands in a slot that there is not" }
      guard (0..<forwardCount).contains(value), case .apply(let primitive, [slot.value]) = graph[value].operation,
        case .unary = primitive.definition
      else { return "value \(value) stands in the place of the pre-activation \(slot.value), and is no function of it" }
      if !taken.insert(slot.start).inserted { return "value \(value) stands in a slot that another gate has taken" }
      if next.contains(slot.value) || next.contains(value) {
        return "value \(value) stands in a slot, and a state needs it or the slot"
      }
      let other = values.first { $0 != value && graph.operands(of: $0).contains(slot.value) }
      return other.map { "value \(value) stands in the place of the pre-activation \(slot.value), which value \($0) reads, too" }
    }
  }

  var keptFaults: [String] {
    let own = Set(kept.map(\.value) + keptOfMemory)
    let idle = (kept.map(\.value) + keptOfMemory).filter { !(0..<forwardCount).contains($0) || isAvailableBackward($0) }
    let missing = Set(products.map(\.source)).sorted().filter { !isAvailableBackward($0) && !own.contains($0) }
    return faults(of: kept, named: "kept values")
      + idle.map { "value \($0) is kept, and is in memory anyhow or no value of the forward step" }
      + keptOfMemory.filter { !graph[$0].shape.followsMemory || graph[$0].shape.isMatrix }.map {
        "value \($0) is kept for each row of a memory, and is no vector with an element for each"
      }
      + missing.map { "value \($0), which a product of the step back multiplies, is not kept" }
  }
}
