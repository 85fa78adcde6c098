import CellLanguage
import Support

extension Plan {
  /// The forward program in which a value is computed, counted from 0: it must wait for the products of computed vectors
  /// below it. Leaves are there from the start.
  func forwardStages() -> [Graph.Value: Int] {
    var stages: [Graph.Value: Int] = [:]
    func stage(of value: Graph.Value, readBy reader: Graph.Value) -> Int {
      found(stages[value], orFail: "value \(reader) of cell \(cell.name) reads value \(value), which comes later")
    }
    for value in graph.closure(of: forwardRoots) {
      switch graph[value].operation {
      case .affine(let terms, _):
        stages[value] =
          terms.map { graph.isThere($0.vector) ? 0 : stage(of: $0.vector, readBy: value) + 1 }.max()
          ?? 0
      case .slice(let vector, _):
        // What a program computes has to be there as a whole.
        stages[value] = stage(of: vector, readBy: value) + (isApplied(vector) ? 1 : 0)
      default:
        stages[value] = graph.operands(of: value).map { stage(of: $0, readBy: value) + delay(of: $0, for: value) }.max() ?? 0
      }
    }
    delayMatrices(among: stages.keys.sorted(), &stages)
    return stages
  }

  /// Matrices wait for the first stage that reads them, in which they need not leave the registers.
  ///
  /// - Parameter values: in the order of definition.
  private func delayMatrices(among values: [Graph.Value], _ stages: inout [Graph.Value: Int]) {
    var first: [Graph.Value: Int] = [:]
    for value in values.reversed() {
      guard let earliest = stages[value] else { continue }
      if let last = first[value], last > earliest, graph[value].shape.isMatrix, isApplied(value) { stages[value] = last }
      let own = stages[value] ?? earliest
      for operand in graph.operands(of: value) where stages[operand] != nil {
        first[operand] = min(first[operand] ?? own, own - delay(of: operand, for: value))
      }
    }
  }

  /// How many stages after a value one may be computed that reads it. A stage runs first what goes over vectors, then what goes over
  /// the rows of matrices: a value of the second kind can read both in the same stage, but of what it makes of matrices, as `C q` is,
  /// all rows have to be there, and a number has to be there before it is spread over a vector.
  private func delay(of value: Graph.Value, for reader: Graph.Value) -> Int {
    guard isApplied(value), isApplied(reader) else { return 0 }
    switch (graph.matrices(of: value), graph.matrices(of: reader)) {
    case (nil, nil): return graph[value].shape == graph[reader].shape ? 0 : 1
    case (nil, _?): return 0
    case (let own?, let others): return graph[value].shape.isMatrix && own == others ? 0 : 1
    }
  }

  /// The stage of each value that the backward step computes, where a backpropagated gradient waits for those it is computed
  /// from. What depends on the forward step alone, as a gate's derivative does, waits for its first reader, so that nothing is
  /// put aside for it.
  ///
  /// - Parameter values: in the order of definition. What they read beside each other is there from the start.
  func backwardStages(of values: [Graph.Value]) -> [Graph.Value: Int] {
    var stages: [Graph.Value: Int] = [:]
    var waiting: Set<Graph.Value> = []
    let computed = Set(values)
    func stage(of value: Graph.Value) -> Int {
      found(stages[value], orFail: "value \(value) of the step back of cell \(cell.name) is read before it is computed")
    }
    for value in values {
      let operands = graph.operands(of: value)
      let last = operands.filter(computed.contains).map { stage(of: $0) + delay(of: $0, for: value) }.max() ?? 0
      switch graph[value].operation {
      case .backpropagated, .placed: stages[value] = last + 1
      case .slice(let vector, _): stages[value] = last + (computed.contains(vector) && isApplied(vector) ? 1 : 0)
      default: stages[value] = last
      }
      guard case .apply = graph[value].operation else { continue }
      if operands.allSatisfy({ !isGradient($0) && !computed.contains($0) || waiting.contains($0) }) { waiting.insert(value) }
    }
    var readers: [Graph.Value: [Graph.Value]] = [:]
    for value in values { for operand in graph.operands(of: value) { readers[operand, default: []].append(value) } }
    waiting.subtract(backwardRoots)
    for value in values {
      if case .placed(let parts) = graph[value].operation { waiting.subtract(parts.map(\.value)) }
    }
    for value in values.reversed() where waiting.contains(value) {
      stages[value] = found(
        readers[value]?.map { stage(of: $0) - delay(of: value, for: $0) }.min(),
        orFail: "nothing reads value \(value) of the step back of cell \(cell.name)")
    }
    delayMatrices(among: values, &stages)
    return stages
  }

  /// The stage of each value that is computed once more for the next matrices, of which no product is one.
  ///
  /// - Parameter values: in the order of definition. What they read beside each other is there from the start.
  func rebuildStages(of values: [Graph.Value]) -> [Graph.Value: Int] {
    var stages: [Graph.Value: Int] = [:]
    for value in values {
      let waits = graph.operands(of: value).compactMap { operand in stages[operand].map { $0 + delay(of: operand, for: value) } }
      stages[value] = waits.max() ?? 0
    }
    delayMatrices(among: values, &stages)
    // What is multiplied as it is added waits for what it is added to.
    for value in values { if let sum = fused[value], let stage = stages[sum] { stages[value] = stage } }
    return stages
  }

  private func isApplied(_ value: Graph.Value) -> Bool {
    if case .apply = graph[value].operation { true } else { false }
  }

  /// Whether a value comes from after the step, as only the backward run knows it.
  private func isGradient(_ value: Graph.Value) -> Bool {
    switch graph[value].operation {
    case .incomingGradient, .outputGradient, .backpropagated: true
    default: false
    }
  }
}
