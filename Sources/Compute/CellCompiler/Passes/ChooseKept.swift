import CellLanguage

extension Plan {
  /// Which forward values are kept for the backward step, and which are computed again.
  ///
  /// What a product of the backward step multiplies must be in memory for all steps. Anything else is computed again
  /// where that costs less than to write it and to read it back. Matrices with a row for each row of a memory are always computed again:
  /// they would take a multiple of what all else takes. So are products of vectors of which the next matrices are made: those that are kept
  /// could not be multiplied as they are added.
  mutating func chooseKept() {
    var values = products.map(\.source).filter { !isAvailableBackward($0) }
    var decided = Set(values)
    for value in valuesReadBackward() where !decided.contains(value) && !isComputedAgain(value) {
      if costOfRecomputing(value, given: decided) <= Self.costOfKeeping { continue }
      values.append(value)
      decided.insert(value)
    }
    let all = Set(values).sorted()
    kept = columns(all.filter { !graph[$0].shape.followsMemory })
    keptOfMemory = all.filter { graph[$0].shape.followsMemory }
  }

  private func isComputedAgain(_ value: Graph.Value) -> Bool { graph[value].shape.followsMemory && graph[value].shape.isMatrix }

  /// Processor cycles to write sixteen floats and read them back when they have left the second-level cache meanwhile.
  /// Sums and products of what is there anyhow stay below it; no exponential does.
  static let costOfKeeping = 10

  /// Whether the backward step finds the value without its being kept: leaves, states and pre-activations are in memory
  /// for every step already, invariants once for all.
  func isAvailableBackward(_ value: Graph.Value) -> Bool {
    if graph.isLeaf(value) || next.contains(value) || gates[value] != nil || invariants.contains(value) { return true }
    switch graph[value].operation {
    case .affine: return true
    // It stands within what it is a part of.
    case .slice(let vector, _): return isAvailableBackward(vector)
    default: return false
    }
  }

  /// The forward values that the backward step's own values read, in the order of definition.
  private func valuesReadBackward() -> [Graph.Value] {
    let own = graph.closure(of: backwardRoots) { $0 < forwardCount }
    let matrices = graph.closure(of: rebuiltStates.map { next[$0] }) { !graph[$0].shape.isMatrix }
    let parts = matrices.flatMap { graph.operands(of: $0) }.filter { !isMatrixOfVectors($0) }
    var read = Set(own.flatMap { graph.operands(of: $0) } + parts + backwardRoots)
    for value in graph.nodes.indices.prefix(forwardCount).reversed() where read.contains(value) && isComputedAgain(value) {
      read.formUnion(graph.operands(of: value))
    }
    return read.filter { $0 < forwardCount && !isAvailableBackward($0) }.sorted()
  }

  /// Whether it is a matrix that vectors are spread into, or a function of such ones.
  private func isMatrixOfVectors(_ value: Graph.Value) -> Bool {
    guard graph[value].shape.isMatrix, case .apply(let primitive, let arguments) = graph[value].operation else { return false }
    return primitive.matrixMap != nil || arguments.allSatisfy(isMatrixOfVectors)
  }

  private func costOfRecomputing(_ value: Graph.Value, given kept: Set<Graph.Value>) -> Int {
    if kept.contains(value) || isAvailableBackward(value) || isComputedAgain(value) { return 0 }
    // What it is a part of would have to be computed as a whole.
    if case .slice = graph[value].operation { return Self.costOfKeeping + 1 }
    guard case .apply(let primitive, let arguments) = graph[value].operation else {
      fatalError("value \(value) of cell \(cell.name) is neither kept nor computed, and yet the step back reads it")
    }
    // What a whole matrix adds up to.
    if graph.matrices(of: value) != nil, !graph[value].shape.isMatrix, !(primitive.matrixMap?.spreads ?? false) {
      return Self.costOfKeeping + 1
    }
    return Set(arguments).reduce(primitive.cost) { min($0 + costOfRecomputing($1, given: kept), Self.costOfKeeping + 1) }
  }
}
