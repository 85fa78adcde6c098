import Networks
import ONNXFiles
import Support

/// Functions of single numbers.
extension ONNXRule {
  /// A function of each number, which becomes that of a matrix before it.
  static func function(_ call: ONNXCall, _ activation: Activation) throws(ONNXRefusal) -> ONNXKnown? {
    try call.flow(0).flatMap { flow throws(ONNXRefusal) in try function(call, flow, activation) }
  }

  private static func function(_ call: ONNXCall, _ flow: ONNXFlow, _ activation: Activation) throws(ONNXRefusal) -> ONNXKnown? {
    guard let rank = flow.axes?.count, !flow.isWhole else { return nil }
    if case .dense(let layer)? = flow.path?.part, layer.function == .elementwise(.linear) {
      return try dense(call, flow, replacing: layer, bias: layer.bias, function: .elementwise(activation))
    }
    let axis = flow.vectorAxis ?? rank - 1
    guard let width = flow.vectorAxis == nil && !flow.isInput ? 1 : try flow.whole(along: axis).width(along: axis) else {
      return nil
    }
    return try pointwise(call, flow, along: axis, width: width, .elementwise(activation))
  }

  /// Each number, but none below the least and none above the most; these are not finite where there is no bound.
  static func limited(_ call: ONNXCall, _ flow: ONNXFlow, least: Float, most: Float) throws(ONNXRefusal) -> ONNXKnown? {
    let hasLeast = least > -.greatestFiniteMagnitude
    let hasMost = most < .greatestFiniteMagnitude
    guard !least.isNaN, !most.isNaN, least < most else { return nil }
    // As decimals, so that 0.1 is 0.1 and not the nearest Float.
    let bounds = [least, most].map { Double($0.description) ?? 0 }
    let activation = try unwrapping { () throws(RecurrentError) in
      switch (hasLeast, hasMost) {
      case (true, false) where least == 0: Activation.relu
      case (true, true) where least == 0: try Activation("capped_relu", [bounds[1]])
      case (true, true) where least == -1 && most == 1: try Activation("hard_tanh")
      case (true, true): try Activation("clip", bounds)
      case (true, false): try Activation("at_least", [bounds[0]])
      case (false, true): try Activation("at_most", [bounds[1]])
      case (false, false): Activation.linear
      }
    }
    return activation == .linear ? .flow(flow) : try function(call, flow, activation)
  }

  /// Numbers below 0 times a slope of the file, one for all numbers of a vector or one for each.
  static func rectified(_ call: ONNXCall) throws(ONNXRefusal) -> ONNXKnown? {
    guard let flow = call.flow(0), let rank = flow.axes?.count, let slopes = call.numbers(1), !flow.isWhole,
      slopes.shape.count <= rank
    else { return nil }
    let values = Set(slopes.floats)
    if values.count == 1, let slope = values.first {
      let activation = try unwrapping { () throws(RecurrentError) in
        try Activation("leaky_relu", [Double(slope.description) ?? .nan])
      }
      return try function(call, flow, activation)
    }
    let long = slopes.shape.indices.filter { slopes.shape[$0] != 1 }.map { $0 + rank - slopes.shape.count }
    guard long.count == 1, flow.vectorAxis == nil || flow.vectorAxis == long[0] else {
      throw ONNXRefusal("with slopes that differ along other axes than that of each vector")
    }
    return try pointwise(call, flow, along: long[0], width: slopes.count, .rectified(slope: slopes.floats))
  }

  /// A vector times a function of itself, which is a function, too: silu, hard_silu and mish; nil if it is none of them.
  static func gated(_ call: ONNXCall) throws(ONNXRefusal) -> ONNXKnown? {
    guard call.inputs.count == 2, let one = call.flow(0), let other = call.flow(1), one.axes == other.axes else { return nil }
    for (plain, gate) in [(one, other), (other, one)] {
      guard plain.members.count == 1, gate.members.count == 1, plain.member.isTurned == gate.member.isTurned,
        let functions = gate.path?.functions(of: plain.path), let name = gates[functions.map(\.description)]
      else { continue }
      let activation = try unwrapping { () throws(RecurrentError) in try Activation(name) }
      return try function(call, plain, activation)
    }
    return nil
  }

  private static let gates = [
    ["sigmoid"]: "silu", ["hard_sigmoid"]: "hard_silu", ["softplus", "tanh"]: "mish",
    [hardSigmoid.description]: "hard_silu",
  ]
  /// The nearest that a Float is to PyTorch's.
  private static let hardSigmoid = Activation.hardSigmoid(slope: Double(Float(1.0 / 6).description) ?? 0, offset: 0.5)
}

extension ONNXPath {
  /// The functions that have been applied to what `plain` gives, the first one first; nil if something else has happened to it.
  fileprivate func functions(of plain: ONNXPath?) -> [Activation]? {
    var functions: [Activation] = []
    var path: ONNXPath? = self
    while let own = path, functions.count < 3 {
      switch own.part {
      case .pointwise(let layer):
        guard case .elementwise(let activation) = layer.function else { return nil }
        functions.insert(activation, at: 0)
        if ONNXPath.isSame(own.before, plain) { return functions }
        path = own.before
      case .dense(let layer):
        // The function has taken the place of none.
        guard case .dense(let base)? = plain?.part, base.function == .elementwise(.linear),
          case .elementwise(let activation) = layer.function, let operators = plain?.operators,
          own.operators.starts(with: operators), own.operators.count == operators.count + 1,
          ONNXPath.isSame(own.before, plain?.before)
        else { return nil }
        return [activation] + functions
      default: return nil
      }
    }
    return nil
  }
}
