import Networks
import Support

/// Parts of a chain, linked from the last to the first, which many values of a graph share.
final class ONNXPath: Sendable {
  let part: LayerChain.Part
  let before: ONNXPath?
  /// The operators that the part is made of, by their numbers in the graph; none for what is no layer.
  let operators: [Int]
  /// The graph's input that it all begins with.
  let source: String
  /// How many parts there are.
  let count: Int

  init(_ part: LayerChain.Part, before: ONNXPath?, source: String, operators: [Int] = []) {
    self.part = part
    self.before = before
    self.operators = operators
    self.source = before?.source ?? source
    count = (before?.count ?? 0) + 1
  }

  /// In order.
  var path: [ONNXPath] { Array(sequence(first: self, next: \.before)).reversed() }
  var parts: [LayerChain.Part] { path.map(\.part) }

  /// What is not understood, if the path ends with that.
  var other: String? { if case .other(let name, let what) = part { "\(name), \(what)" } else { nil } }

  /// How many numbers had to be copied for the last part, if it has no memory.
  var cost: Int {
    let weights =
      switch part {
      case .dense(let layer): layer.weight.count
      case .embedding(let layer): layer.weight.count
      case .pointwise(let layer): layer.width
      case .shortcut(let matrix): matrix.count
      case .recurrent, .readout, .gain, .other, .unreadable: 0
      }
    return weights + operators.count
  }

  /// The last recurrent layer, whatever layers without a memory follow it; nil if its steps have been read out, or there is no such layer.
  var lastRecurrent: FoundLayer? {
    for part in sequence(first: self, next: \.before).lazy.map(\.part) {
      switch part {
      case .recurrent(let found): return found
      case .dense, .pointwise: continue
      case .embedding, .readout, .gain, .shortcut, .other, .unreadable: return nil
      }
    }
    return nil
  }

  /// Whether both have passed the same layers.
  static func isSame(_ one: ONNXPath?, _ other: ONNXPath?) -> Bool {
    var (one, other) = (one, other)
    while let own = one, let others = other {
      if own === others { return true }
      guard own.operators == others.operators, !own.operators.isEmpty else { return false }
      (one, other) = (own.before, others.before)
    }
    return one == nil && other == nil
  }
}

extension ONNXPath {
  /// The way through two layers of one direction each that read the same, the first forward and the second in reverse, as one of
  /// both directions; nil if they are not two such layers.
  ///
  /// - Throws: ``ONNXRefusal`` if no layer can have the two as its directions.
  static func joined(_ forward: ONNXPath, _ reverse: ONNXPath, _ merge: Architecture.Merge) throws(ONNXRefusal) -> ONNXPath? {
    if case .readout(let readout) = forward.part, case .readout(readout) = reverse.part, let first = forward.before,
      let second = reverse.before
    {
      return try joined(first, second, merge).map { ONNXPath(.readout(readout), before: $0, source: $0.source) }
    }
    guard case .recurrent(let one) = forward.part, case .recurrent(let other) = reverse.part,
      one.layer.description.direction == .forward, other.layer.description.direction == .reverse,
      forward.source == reverse.source, isSame(forward.before, reverse.before)
    else { return nil }
    return ONNXPath(
      .recurrent(try one.joined(with: other, merge)), before: forward.before, source: forward.source,
      operators: forward.operators + reverse.operators)
  }
}

extension FoundLayer {
  /// One of the directions by itself.
  ///
  /// - Parameter isTurned: whether it reads steps that are turned round, from the last to the first.
  func direction(_ direction: Int, isTurned: Bool) throws(ONNXRefusal) -> FoundLayer {
    var description = layer.description.of(direction: direction)
    let isReverse = description.direction == .reverse || direction == 1
    description.direction = isReverse == isTurned ? .forward : .reverse
    return try with(description, weights: [layer.weights[direction]])
  }

  /// The layer of both directions.
  fileprivate func joined(with reverse: FoundLayer, _ merge: Architecture.Merge) throws(ONNXRefusal) -> FoundLayer {
    var description = layer.description
    let other = reverse.layer.description
    guard (description.inputs, description.units, description.clip) == (other.inputs, other.units, other.clip) else {
      throw ONNXRefusal("which joins layers that differ in more than their functions, \(layer.name) and \(reverse.layer.name)")
    }
    description.direction = .bidirectional(merge)
    if description.kind != other.kind { description.reverse = other.kind }
    var weights = layer.weights + reverse.layer.weights
    if description.biases != other.biases {
      description.biases = .two
      weights = weights.map { $0.withBiases(units: other.units) }
    }
    for place in weights.indices where weights[place].initialStates.isEmpty && !weights[1 - place].initialStates.isEmpty {
      weights[place].initialStates = description.of(direction: place).states.map { [Float](repeating: 0, count: $0) }
    }
    return try with(description, weights: weights, tensors: reverse.tensors.filter { !tensors.contains($0) })
  }

  private func with(
    _ description: LayerDescription, weights: [LayerWeights], tensors others: [String] = []
  ) throws(ONNXRefusal) -> FoundLayer {
    let layer = layer
    let changed = try unwrapping { () throws(RecurrentError) in
      try RecurrentLayer(layer.name, description, weights: weights)
    }
    return FoundLayer(layer: changed, stack: stack, system: system, gateOrder: gateOrder, tensors: tensors + others)
  }
}

extension LayerWeights {
  /// With zeros for the biases that gates lack, two for each.
  fileprivate func withBiases(units: Int) -> LayerWeights {
    var all = self
    let zeros = [Float](repeating: 0, count: units)
    for place in all.gates.indices {
      all.gates[place].bias = all.gates[place].bias ?? zeros
      all.gates[place].recurrentBias = all.gates[place].recurrentBias ?? zeros
    }
    return all
  }
}
