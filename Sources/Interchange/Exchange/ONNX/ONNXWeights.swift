import ONNXFiles

/// The weights of a recurrent operator as ONNX stacks them.
///
/// `W` is `[D, G · H, I]`, `R` is `[D, G · H, H]`, `B` is `[D, 2 · G · H]`, the biases beside the input's product before those
/// beside the recurrent one, and `P` is `[D, 3 · H]`; D directions, G gates, H units, I inputs.
struct ONNXWeights {
  var input: ONNXArray
  var recurrent: ONNXArray
  var bias: ONNXArray?
  var peepholes: ONNXArray?

  /// The blocks of the stacked matrices: i o f c, z r h, h.
  static func order(of kind: LayerDescription.Kind) -> [LayerDescription.Gate] {
    switch kind {
    case .rnn: [.hidden]
    case .lstm: [.input, .output, .forget, .candidate]
    case .gru: [.update, .reset, .candidate]
    }
  }

  private static let peepholeOrder: [LayerDescription.Gate] = [.input, .output, .forget]

  /// - Throws: ``ONNXRefusal`` if the shapes contradict one another or the operator's kind.
  func layers(_ description: LayerDescription) throws(ONNXRefusal) -> [LayerWeights] {
    let order = Self.order(of: description.kind)
    let (directions, units, inputs, rows) = (
      description.directions, description.units, description.inputs, order.count * description.units
    )
    try check("W", input, [directions, rows, inputs])
    try check("R", recurrent, [directions, rows, units])
    if let bias { try check("B", bias, [directions, 2 * rows]) }
    if let peepholes { try check("P", peepholes, [directions, 3 * units]) }
    func block(_ array: ONNXArray, _ direction: Int, _ place: Int, _ size: Int) -> [Float] {
      let start = direction * (array.count / directions) + place * size
      guard case .floats(let values) = array.elements else { return [] }
      return Array(values[start..<start + size])
    }
    return (0..<directions).map { direction in
      LayerWeights(
        gates: description.gates.map { gate in
          let place = order.firstIndex(of: gate) ?? 0
          return GateWeights(
            input: block(input, direction, place, units * inputs), recurrent: block(recurrent, direction, place, units * units),
            bias: bias.map { block($0, direction, place, units) },
            recurrentBias: bias.map { block($0, direction, order.count + place, units) },
            peephole: description.hasPeephole(gate)
              ? peepholes.flatMap { all in
                Self.peepholeOrder.firstIndex(of: gate).map { block(all, direction, $0, units) }
              } : nil)
        })
    }
  }

  private func check(_ name: String, _ array: ONNXArray, _ shape: [Int]) throws(ONNXRefusal) {
    guard array.shape == shape, !array.isWhole else {
      throw ONNXRefusal(
        "whose \(name) has the shape \(array.shape)\(array.isWhole ? " of whole numbers" : ""); expected \(shape)")
    }
  }

  /// Weights stacked for an operator. What a gate lacks is zero.
  init(_ weights: [LayerWeights], of description: LayerDescription) {
    let order = Self.order(of: description.kind)
    let (units, inputs, directions) = (description.units, description.inputs, weights.count)
    func stack(
      _ gates: [LayerDescription.Gate], _ size: Int, _ values: (GateWeights) -> [Float]?
    ) -> [[Float]] {
      weights.map { weights in
        gates.flatMap { gate in
          description.gates.firstIndex(of: gate).flatMap { values(weights.gates[$0]) } ?? [Float](repeating: 0, count: size)
        }
      }
    }
    let rows = order.count * units
    input = ONNXArray([directions, rows, inputs], .floats(stack(order, units * inputs, \.input).flatMap { $0 }))
    recurrent = ONNXArray([directions, rows, units], .floats(stack(order, units * units, \.recurrent).flatMap { $0 }))
    if description.biases != .none {
      let biases = zip(stack(order, units, \.bias), stack(order, units, \.recurrentBias)).flatMap { $0 + $1 }
      bias = ONNXArray([directions, 2 * rows], .floats(biases))
    }
    if case .lstm(let lstm) = description.kind, lstm.peepholes {
      peepholes = ONNXArray([directions, 3 * units], .floats(stack(Self.peepholeOrder, units, \.peephole).flatMap { $0 }))
    }
  }

  init(input: ONNXArray, recurrent: ONNXArray, bias: ONNXArray?, peepholes: ONNXArray?) {
    (self.input, self.recurrent, self.bias, self.peepholes) = (input, recurrent, bias, peepholes)
  }
}
