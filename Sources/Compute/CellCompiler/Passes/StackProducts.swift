import CellLanguage
import Support

extension Plan {
  /// Blocks of matrices that meet the same vector become one matrix.
  mutating func stackProducts() { products = stacked(slots) }

  /// The products that fill `slots`, as few as the order of these allows.
  func stacked(_ slots: [Slot]) -> [Product] {
    let stages = forwardStages()
    let vectors = Set(slots.flatMap { graph.operands(of: $0.value) })
    let sources = vectors.map { (vector: $0, stage: stage(ofProductsWith: $0, stages)) }.sorted {
      ($0.stage ?? -1, $0.vector) < ($1.stage ?? -1, $1.vector)
    }
    var products: [Product] = []
    var started = StartedSlots()
    for source in sources {
      // A pre-activation may read the same vector twice, through two matrices: each further term is a layer of its own.
      var layer = 0
      while true {
        let row = slots.map { slot in (slot, term(layer, of: source.vector, in: slot)) }
        if row.allSatisfy({ $0.1 == nil }) { break }
        var extends = false
        for (slot, term) in row {
          guard let term else {
            extends = false
            continue
          }
          let accumulates = started.hasStarted(slot.value, term.results)
          let (block, start) = (block(term, of: slot, isFirst: !accumulates), slot.start + term.results.lowerBound)
          if extends, let last = products.indices.last, products[last].accumulates == accumulates,
            products[last].columns.upperBound == start
          {
            products[last].blocks.append(block)
          } else {
            products.append(
              Product(
                source: source.vector, blocks: [block], start: start, stage: source.stage, accumulates: accumulates,
                k: graph[source.vector].width))
          }
          extends = true
        }
        for case (let slot, let term?) in row { started.start(slot.value, term.results) }
        layer += 1
      }
    }
    return products
  }

  /// Nil for the input and its parts, whose products need not wait for any step.
  private func stage(ofProductsWith vector: Graph.Value, _ stages: [Graph.Value: Int]) -> Int? {
    if graph.inputColumns(of: vector) != nil { return nil }
    return switch graph[vector].operation {
    case .slice where graph.isThere(vector): 0
    case .affine, .apply, .slice:
      found(stages[vector], orFail: "a product of cell \(cell.name) reads value \(vector), which no program computes") + 1
    case .input, .previous, .parameter, .constant, .mask, .zoneout: 0
    case .memory, .projection: fatalError("a product of cell \(cell.name) reads value \(vector), whose length no plan knows")
    case .placed, .incomingGradient, .outputGradient, .backpropagated:
      fatalError("a product of cell \(cell.name) reads value \(vector), which belongs to the step back")
    }
  }

  /// The term of a pre-activation that reads a vector, or a further one.
  private func term(_ layer: Int, of vector: Graph.Value, in slot: Slot) -> Graph.Term? {
    guard case .affine(let terms, _) = graph[slot.value].operation else {
      fatalError("value \(slot.value) of cell \(cell.name) has a slot, and is no pre-activation")
    }
    let readers = terms.filter { $0.vector == vector }
    return layer < readers.count ? readers[layer] : nil
  }

  private func block(_ term: Graph.Term, of slot: Slot, isFirst: Bool) -> Block {
    guard case .affine(_, let biases) = graph[slot.value].operation else {
      fatalError("value \(slot.value) of cell \(cell.name) has a slot, and is no pre-activation")
    }
    return Block(
      affine: slot.value, matrix: term.matrix, block: term.block, offset: term.offset, isTransposed: term.isTransposed,
      results: term.results, biases: isFirst ? biases : [])
  }
}

/// Which elements of pre-activations products have begun to fill: a product starts all of what it fills, or adds to all of it.
struct StartedSlots {
  private var parts: [Graph.Value: [Range<Int>]] = [:]

  /// Whether all of the elements have been started.
  func hasStarted(_ value: Graph.Value, _ elements: Range<Int>) -> Bool {
    parts[value, default: []].contains { $0.lowerBound <= elements.lowerBound && elements.upperBound <= $0.upperBound }
  }

  /// Whether one of them has.
  func hasBegun(_ value: Graph.Value, _ elements: Range<Int>) -> Bool {
    parts[value, default: []].contains { $0.overlaps(elements) }
  }

  mutating func start(_ value: Graph.Value, _ elements: Range<Int>) {
    var all = parts[value, default: []]
    var new = elements
    all.removeAll { part in
      guard part.lowerBound <= new.upperBound, new.lowerBound <= part.upperBound else { return false }
      new = min(part.lowerBound, new.lowerBound)..<max(part.upperBound, new.upperBound)
      return true
    }
    parts[value] = all + [new]
  }
}
