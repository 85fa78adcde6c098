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

  /// Nil for the input and its parts, whose products need not wait for any step.
  private func stage(ofProductsWith vector: Graph.Value, _ stages: [Graph.Value: Int]) -> Int? {
    if graph.inputColumns(of: vector) != nil { return nil }
    return switch graph[vector].operation {
    case .slice where graph.isThere(vector): 0
    case .affine, .apply, .slice:
      found(stages[vector], orFail: "a product of cell \(cell.name) reads value \(vector), which no program computes") + 1
    case .input, .previous, .parameter, .constant, .mask, .zoneout: 0
    case .placed, .incomingGradient, .outputGradient, .backpropagated:
      fatalError("a product of cell \(cell.name) reads value \(vector), which belongs to the step back")
    }
  }

  private func block(_ layer: Int, of vector: Graph.Value, in slot: Slot, biased: Bool) -> Block? {
    guard case .affine(let terms, let biases) = graph[slot.value].operation else {
      fatalError("value \(slot.value) of cell \(cell.name) has a slot, and is no pre-activation")
    }
    let readers = terms.filter { $0.vector == vector }
    guard layer < readers.count else { return nil }
    let term = readers[layer]
    return Block(
      affine: slot.value, matrix: term.matrix, offset: term.offset, isTransposed: term.isTransposed, rows: slot.width,
      biases: biased ? biases : [])
  }
}
