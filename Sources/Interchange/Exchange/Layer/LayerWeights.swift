package import Support

/// The weights of one direction of a layer, gate by gate.
package struct LayerWeights: Sendable, Hashable {
  /// In the order of ``LayerDescription/gates``.
  package var gates: [GateWeights]
  /// The matrix of a projection, `[projection, units]`, row by row.
  package var projection: [Float]?
  /// What each state is before the first step, in the order of ``LayerDescription/states``; empty for zeros.
  package var initialStates: [[Float]]

  package init(gates: [GateWeights], projection: [Float]? = nil, initialStates: [[Float]] = []) {
    self.gates = gates
    self.projection = projection
    self.initialStates = initialStates
  }
}

/// The weights of one gate; matrices row by row.
package struct GateWeights: Sendable, Hashable {
  /// `[units, inputs]`
  package var input: [Float]
  /// `[units, outputs]`, what multiplies the hidden state.
  package var recurrent: [Float]
  /// `[units]`, nil for none.
  package var bias: [Float]?
  /// `[units]`, the bias beside the recurrent product; nil for none.
  package var recurrentBias: [Float]?
  /// `[units]`, what multiplies the cell state; nil for none.
  package var peephole: [Float]?

  package init(
    input: [Float], recurrent: [Float], bias: [Float]? = nil, recurrentBias: [Float]? = nil, peephole: [Float]? = nil
  ) {
    self.input = input
    self.recurrent = recurrent
    self.bias = bias
    self.recurrentBias = recurrentBias
    self.peephole = peephole
  }
}

extension GateWeights {
  /// The weights of 1 minus a gate whose function is σ: 1 - σ(a) = σ(-a).
  var negated: GateWeights {
    func negated(_ values: [Float]?) -> [Float]? { values.map { $0.map { -$0 } } }
    return GateWeights(
      input: input.map { -$0 }, recurrent: recurrent.map { -$0 }, bias: negated(bias), recurrentBias: negated(recurrentBias),
      peephole: negated(peephole))
  }
}

/// A recurrent layer between two systems: what it is, its weights, and what its file calls it.
public struct RecurrentLayer: Sendable, Hashable {
  /// What the file calls the layer.
  public var name: String
  /// What the layer is: its family, its sizes and what systems do differently.
  public let description: LayerDescription
  /// One for each direction, forward first.
  package let weights: [LayerWeights]

  /// - Throws: ``RecurrentError`` if the weights are not those that the description asks for.
  package init(_ name: String, _ description: LayerDescription, weights: [LayerWeights]) throws(RecurrentError) {
    self.name = name
    self.description = description
    self.weights = weights
    guard weights.count == description.directions else {
      throw RecurrentError(
        .interchange, "layer \(name) has weights for \(weights.count) directions; expected \(description.directions)")
    }
    guard description.reverse == nil || description.directions == 2 else {
      throw RecurrentError(.interchange, "layer \(name) has a kind for its reverse direction, but reads one way only")
    }
    for (direction, weights) in weights.enumerated() { try check(weights, description.of(direction: direction)) }
    guard Set(weights.map(\.initialStates.isEmpty)).count == 1 else {
      throw RecurrentError(.interchange, "layer \(name) has initial states for one direction only")
    }
  }

  /// - Parameter description: what the direction is that has the weights.
  private func check(_ weights: LayerWeights, _ description: LayerDescription) throws(RecurrentError) {
    func check(_ values: [Float]?, _ shape: [Int]?, _ what: String) throws(RecurrentError) {
      let expected = shape.map { $0.reduce(1, *) }
      guard values?.count == expected else {
        throw RecurrentError(
          .interchange,
          "\(what) of layer \(name) has \(values.map { "\($0.count) numbers" } ?? "no numbers"); expected "
            + (shape.map { $0.map(String.init).joined(separator: " × ") } ?? "none"))
      }
    }
    guard weights.gates.count == description.gates.count else {
      throw RecurrentError(
        .interchange, "layer \(name) has \(weights.gates.count) gates with weights; expected \(description.gates.count)")
    }
    for (gate, own) in zip(description.gates, weights.gates) {
      let (units, name) = (description.units, "gate \(description.letter(of: gate))")
      try check(own.input, [units, description.inputs], "the input matrix of \(name)")
      try check(own.recurrent, [units, description.outputs], "the recurrent matrix of \(name)")
      try check(own.bias, description.biases == .none ? nil : [units], "the bias of \(name)")
      if own.recurrentBias != nil || description.biases == .two && gate == .candidate {
        try check(own.recurrentBias, description.biases == .two ? [units] : nil, "the recurrent bias of \(name)")
      }
      try check(own.peephole, description.hasPeephole(gate) ? [units] : nil, "the peephole of \(name)")
    }
    var projection: [Int]?
    if case .lstm(let lstm) = description.kind { projection = lstm.projection.map { [$0, description.units] } }
    try check(weights.projection, projection, "the projection")
    if weights.initialStates.isEmpty { return }
    guard weights.initialStates.count == description.states.count else {
      throw RecurrentError(
        .interchange, "layer \(name) has \(weights.initialStates.count) initial states; expected \(description.states.count)")
    }
    for (state, width) in zip(weights.initialStates, description.states) { try check(state, [width], "an initial state") }
  }
}

/// The matrices of gates that a file keeps as one: `[gates · rows, columns]`, or `[columns, gates · rows]` if it is transposed.
package func unstacked(_ values: [Float], gates: Int, columns: Int, isTransposed: Bool = false) -> [[Float]] {
  let rows = values.count / max(1, gates * columns)
  return (0..<gates).map { gate in
    guard isTransposed else { return Array(values[gate * rows * columns..<(gate + 1) * rows * columns]) }
    return (0..<rows * columns).map { values[$0 % columns * gates * rows + gate * rows + $0 / columns] }
  }
}

/// The matrices of gates one above the other, or side by side and transposed: the reverse of
/// ``unstacked(_:gates:columns:isTransposed:)``.
package func stacked(_ blocks: [[Float]], columns: Int, isTransposed: Bool = false) -> [Float] {
  guard isTransposed else { return blocks.flatMap { $0 } }
  let rows = (blocks.first?.count ?? 0) / max(1, columns)
  return (0..<columns).flatMap { column in blocks.flatMap { block in (0..<rows).map { block[$0 * columns + column] } } }
}

/// Two matrices of as many rows side by side, row by row.
func joined(_ left: [Float], _ right: [Float], rows: Int) -> [Float] {
  let (width, other) = (left.count / max(1, rows), right.count / max(1, rows))
  var both: [Float] = []
  for row in 0..<rows {
    both += left[row * width..<(row + 1) * width]
    both += right[row * other..<(row + 1) * other]
  }
  return both
}
