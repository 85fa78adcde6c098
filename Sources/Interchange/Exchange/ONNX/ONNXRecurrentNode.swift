import CellLanguage
import Networks
import ONNXFiles
import Storage
import Support

/// A recurrent operator of a graph as a layer.
struct ONNXRecurrentNode {
  let node: ONNXNode
  /// The operator's inputs by their places as far as the file has them; nil for one that is left out.
  let constants: [ONNXArray?]

  static let operations = ["RNN", "GRU", "LSTM"]
  /// In the order of the operator's inputs. The lengths and the states are not always known.
  static let inputNames = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"]

  private static let attributes: [String: Set<String>] = [
    "RNN": [],
    "GRU": ["linear_before_reset"],
    "LSTM": ["input_forget"],
  ]
  private static let commonAttributes: Set<String> = [
    "activations", "activation_alpha", "activation_beta", "clip", "direction", "hidden_size", "layout",
  ]

  /// Whether the first axis of inputs and outputs is that of the sequences.
  var isBatchFirst: Bool { node.integer("layout") == 1 }

  /// The layer, with its initial states if the file has them.
  ///
  /// - Parameter states: the states before the first step where they are known, h then c; all zero is what a layer begins with.
  func layer(states: [ONNXArray?]) throws(ONNXRefusal) -> RecurrentLayer {
    let known = Self.commonAttributes.union(Self.attributes[node.operation] ?? [])
    if let unknown = node.attributes.keys.sorted().first(where: { !known.contains($0) }) {
      throw ONNXRefusal("with the attribute \(unknown.debugDescription), which is not known here")
    }
    guard let input = constants[1], let recurrent = constants[2] else { throw ONNXRefusal("without W or R") }
    let weights = ONNXWeights(input: input, recurrent: recurrent, bias: constants[3], peepholes: constants[7])
    guard input.shape.count == 3, recurrent.shape.count == 3 else {
      throw ONNXRefusal("whose W and R have the shapes \(input.shape) and \(recurrent.shape); expected three axes")
    }
    let units = recurrent.shape[2]
    if let stated = node.attributes["hidden_size"] {
      guard case .integer(units) = stated else { throw ONNXRefusal("whose hidden_size is not that of R, \(units)") }
    }
    guard (1...Size.largest).contains(units), (1...Size.largest).contains(input.shape[2]) else {
      throw ONNXRefusal("with \(units) units and \(input.shape[2]) inputs; expected 1 to \(Size.largest)")
    }
    let direction = try direction()
    let directions = direction == .bidirectional(.concatenate) ? 2 : 1
    let kinds = try kinds(directions: directions, hasPeepholes: weights.peepholes != nil)
    let description = LayerDescription(
      kinds[0], inputs: input.shape[2], units: units, direction: direction, biases: weights.bias == nil ? .none : .two,
      clip: try clip(), reverse: kinds.count == 2 && kinds[1] != kinds[0] ? kinds[1] : nil)
    var layers = try weights.layers(description)
    let areZero = states.allSatisfy { $0?.isZero ?? true }
    for (state, values) in states.enumerated() {
      for direction in 0..<directions {
        let own = try initialState(values, state, direction: direction, of: directions, units: units)
        if !areZero { layers[direction].initialStates.append(own) }
      }
    }
    return try unwrapping { () throws(RecurrentError) in try RecurrentLayer(node.title, description, weights: layers) }
  }

  private func direction() throws(ONNXRefusal) -> LayerDescription.Direction {
    switch node.attributes["direction"] {
    case nil, .text("forward"): return .forward
    case .text("reverse"): return .reverse
    case .text("bidirectional"): return .bidirectional(.concatenate)
    default: throw ONNXRefusal("whose direction is none of forward, reverse and bidirectional")
    }
  }

  private func clip() throws(ONNXRefusal) -> Double? {
    guard let attribute = node.attributes["clip"] else { return nil }
    guard case .float(let limit) = attribute, limit > 0, limit.isFinite else {
      throw ONNXRefusal("whose clip is not a number above 0")
    }
    return Double(limit.description)
  }

  private func flag(_ name: String) throws(ONNXRefusal) -> Bool {
    guard let attribute = node.attributes[name] else { return false }
    guard case .integer(let value) = attribute, value == 0 || value == 1 else {
      throw ONNXRefusal("whose \(name) is neither 0 nor 1")
    }
    return value == 1
  }

  /// What each direction is.
  private func kinds(directions: Int, hasPeepholes: Bool) throws(ONNXRefusal) -> [LayerDescription.Kind] {
    _ = try flag("layout")
    func activations(_ defaultValues: [String]) throws(ONNXRefusal) -> [Activation] {
      try ONNXFunctions.activations(of: node, defaultValues: (0..<directions).flatMap { _ in defaultValues })
    }
    switch node.operation {
    case "RNN": return try activations(["Tanh"]).map { .rnn($0) }
    case "GRU":
      let own = try activations(["Sigmoid", "Tanh"])
      let reset: LayerDescription.Reset = try flag("linear_before_reset") ? .after : .before
      return (0..<directions).map { .gru(.init(gates: own[2 * $0], candidate: own[2 * $0 + 1], reset: reset)) }
    default:
      let own = try activations(["Sigmoid", "Tanh", "Tanh"])
      // ONNX says no more than that the gates are coupled; ONNX Runtime has the input gate decide.
      let coupled: LayerDescription.Gate? = try flag("input_forget") ? .forget : nil
      return (0..<directions).map { direction in
        .lstm(
          .init(
            gates: own[3 * direction], candidate: own[3 * direction + 1], output: own[3 * direction + 2],
            peepholes: hasPeepholes, coupled: coupled))
      }
    }
  }

  /// A direction's state before the first step, which must be the same for all sequences: `[D, B, H]`, or `[B, D, H]` with layout
  /// 1.
  private func initialState(
    _ values: ONNXArray?, _ state: Int, direction: Int, of directions: Int, units: Int
  ) throws(ONNXRefusal) -> [Float] {
    guard let values else { return [Float](repeating: 0, count: units) }
    let name = Self.inputNames[5 + state]
    let missing = 3 - values.shape.count
    guard missing >= 0 else { throw ONNXRefusal("whose \(name) has the shape \(values.shape); expected three axes") }
    let shape = [Int](repeating: 1, count: missing) + values.shape
    let (directionAxis, batchAxis) = isBatchFirst ? (1, 0) : (0, 1)
    guard shape[batchAxis] > 0, [1, directions].contains(shape[directionAxis]), [1, units].contains(shape[2]), !values.isWhole
    else {
      throw ONNXRefusal(
        "whose \(name) has the shape \(values.shape); expected \(isBatchFirst ? [1, directions, units] : [directions, 1, units])")
    }
    // Rows are compared before a number is repeated for all units.
    let width = shape[2]
    let own = values.reshaped(shape).taking([min(direction, shape[directionAxis] - 1)], axis: directionAxis).floats
    guard own.indices.allSatisfy({ own[$0] == own[$0 % width] }) else {
      throw ONNXRefusal("whose \(name) is fixed in the file and not the same for all sequences")
    }
    return width == units ? Array(own[..<width]) : [Float](repeating: own[0], count: units)
  }
}
