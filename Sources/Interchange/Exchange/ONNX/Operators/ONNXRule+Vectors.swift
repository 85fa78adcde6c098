import CellLanguage
import Networks
import ONNXFiles
import Support

/// Layers without a memory, made of what operators do to each vector.
extension ONNXRule {
  // MARK: Products

  /// - Parameter weight: `[outputs, inputs]`.
  static func dense(
    _ call: ONNXCall, _ flow: ONNXFlow, along axis: Int, weight: ONNXArray, bias: [Float]?
  ) throws(ONNXRefusal) -> ONNXKnown? {
    guard let flow = try flow.vectors(along: axis, width: weight.shape[1]), var axes = flow.axes else { return nil }
    let layer = try unwrapping { () throws(RecurrentError) in
      try DenseLayer(call.title, inputs: weight.shape[1], outputs: weight.shape[0], weight: weight.floats, bias: bias)
    }
    axes[axis] = .init([.features(layer.outputs)])
    return .flow(flow.adding(.dense(layer), axes, operators: [call.number]))
  }

  static func dense(
    _ call: ONNXCall, _ flow: ONNXFlow, replacing layer: DenseLayer, weight: [Float]? = nil, bias: [Float]?,
    function: DenseLayer.Function
  ) throws(ONNXRefusal) -> ONNXKnown {
    let changed = try unwrapping { () throws(RecurrentError) in
      try DenseLayer(
        layer.name, inputs: layer.inputs, outputs: layer.outputs, weight: weight ?? layer.weight, bias: bias, function: function)
    }
    return .flow(flow.replacing(.dense(changed), operators: [call.number]))
  }

  // MARK: Single numbers

  /// A sum or a product with numbers of the file, of which there is one for all numbers of a vector or one for each.
  static func affine(
    _ call: ONNXCall, _ flow: ONNXFlow, _ array: ONNXArray, scale: (Float) -> Float, shift: (Float) -> Float
  ) throws(ONNXRefusal) -> ONNXKnown? {
    guard let rank = flow.axes?.count, array.shape.count <= rank, !array.isWhole, !flow.isWhole else { return nil }
    let long = array.shape.indices.filter { array.shape[$0] != 1 }
    var axis = flow.vectorAxis
    if let place = long.first {
      let own = place + rank - array.shape.count
      guard long.count == 1, axis == nil || axis == own else {
        throw ONNXRefusal("with numbers that differ along other axes than that of each vector")
      }
      axis = own
    }
    guard let axis = axis ?? (flow.isInput ? rank - 1 : nil) else {
      // A vector of one number has no axis.
      guard long.isEmpty, array.count == 1, !flow.isInput else { return nil }
      return try affine(call, flow, scale: [scale(array.floats[0])], shift: [shift(array.floats[0])])
    }
    let whole = try flow.whole(along: axis)
    guard let width = whole.width(along: axis), width <= Size.largest, array.count == 1 || array.count == width else {
      return nil
    }
    let values = array.count == 1 ? [Float](repeating: array.floats[0], count: width) : array.floats
    return try affine(call, whole, along: axis, scale: values.map(scale), shift: values.map(shift))
  }

  static func affine(
    _ call: ONNXCall, _ flow: ONNXFlow, along axis: Int, scale: [Float], shift: [Float]
  ) throws(ONNXRefusal) -> ONNXKnown? {
    try flow.vectors(along: axis, width: scale.count).flatMap { flow throws(ONNXRefusal) in
      try affine(call, flow, scale: scale, shift: shift)
    }
  }

  /// scale · x + shift, which becomes a part of a matrix before it.
  static func affine(_ call: ONNXCall, _ flow: ONNXFlow, scale: [Float], shift: [Float]) throws(ONNXRefusal) -> ONNXKnown? {
    guard let axes = flow.axes, !flow.member.isCellState else { return nil }
    switch flow.path?.part {
    case .dense(let layer)? where layer.function == .elementwise(.linear):
      let weight = layer.weight.enumerated().map { scale[$0 / layer.inputs] * $1 }
      let bias =
        layer.bias.map { zip(zip($0, scale), shift).map { $0.0 * $0.1 + $1 } } ?? (shift.contains { $0 != 0 } ? shift : nil)
      return try dense(call, flow, replacing: layer, weight: weight, bias: bias, function: layer.function)
    case .pointwise(let layer)?:
      guard case .affine(let before, let added) = layer.function else { break }
      let function = PointwiseLayer.Function.affine(
        scale: zip(before, scale).map { $0 * $1 }, shift: zip(zip(added, scale), shift).map { $0.0 * $0.1 + $1 })
      let changed = try unwrapping { () throws(RecurrentError) in try PointwiseLayer(layer.name, width: layer.width, function) }
      return .flow(flow.replacing(.pointwise(changed), operators: [call.number]))
    default: break
    }
    let layer = try unwrapping { () throws(RecurrentError) in
      try PointwiseLayer(call.title, width: scale.count, .affine(scale: scale, shift: shift))
    }
    return .flow(flow.adding(.pointwise(layer), axes, operators: [call.number]))
  }

  static func pointwise(
    _ call: ONNXCall, _ flow: ONNXFlow, along axis: Int, width: Int, _ function: PointwiseLayer.Function
  ) throws(ONNXRefusal) -> ONNXKnown? {
    guard let flow = try flow.vectors(along: axis, width: width), let axes = flow.axes else { return nil }
    let layer = try unwrapping { () throws(RecurrentError) in try PointwiseLayer(call.title, width: width, function) }
    return .flow(flow.adding(.pointwise(layer), axes, operators: [call.number]))
  }
}

extension ONNXFlow {
  /// The axis along which the numbers of each vector stand; nil if that is not known, or there is only one.
  var vectorAxis: Int? { axes?.firstIndex { $0.atoms.contains(where: \.isOfVector) } }
}
