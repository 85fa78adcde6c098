import Networks
import ONNXFiles
import Support

extension ONNXRule {
  /// Operators that are layers without a memory, or what is read out of the steps.
  static let layers: [String: ONNXRule] = {
    var rules: [String: ONNXRule] = [
      "MatMul": .one { call throws(ONNXRefusal) in
        guard let flow = call.flow(0), let matrix = call.numbers(1), matrix.shape.count == 2, let rank = flow.axes?.count else {
          return nil
        }
        return try dense(call, flow, along: rank - 1, weight: matrix.transposed([1, 0]), bias: nil)
      },
      "Gemm": .one(["alpha": .float, "beta": .float, "transA": .integer, "transB": .integer]) { call throws(ONNXRefusal) in
        guard let flow = call.flow(0), flow.axes?.count == 2, call.node.integer("transA") ?? 0 == 0, let matrix = call.numbers(1),
          matrix.shape.count == 2, !call.has(2) || call.numbers(2) != nil
        else { return nil }
        func scaled(_ array: ONNXArray, _ name: String) -> ONNXArray {
          guard case .float(let factor)? = call.node.attributes[name], factor != 1 else { return array }
          return array.mapped({ factor * $0 }, nil) ?? array
        }
        let weight = scaled(call.node.integer("transB") == 1 ? matrix : matrix.transposed([1, 0]), "alpha")
        var bias: [Float]?
        if let array = call.numbers(2) {
          guard let row = array.spread(to: [weight.shape[0]]) ?? array.spread(to: [1, weight.shape[0]]) else { return nil }
          bias = scaled(row, "beta").floats
        }
        return try dense(call, flow, along: 1, weight: weight, bias: bias)
      },
      "Conv": .one([
        "auto_pad": .any, "dilations": .any, "group": .integer, "kernel_shape": .any, "pads": .integers, "strides": .integers,
      ]) { call throws(ONNXRefusal) in
        guard let flow = call.flow(0), let weight = call.numbers(1), let rank = flow.axes?.count, weight.shape.count == rank,
          rank >= 3, !call.has(2) || call.numbers(2) != nil
        else { return nil }
        guard weight.shape[2...].allSatisfy({ $0 == 1 }), call.node.integer("group") ?? 1 == 1,
          (call.node.integers("strides") ?? []).allSatisfy({ $0 == 1 }),
          (call.node.integers("pads") ?? []).allSatisfy({ $0 == 0 })
        else {
          throw ONNXRefusal(
            "with the kernel \(weight.shape[2...]), which does more than multiply each vector by itself with a matrix")
        }
        return try dense(call, flow, along: 1, weight: weight.reshaped(Array(weight.shape[..<2])), bias: call.numbers(2)?.floats)
      },
      "BatchNormalization": .one([
        "epsilon": .float, "momentum": .any, "spatial": .integer, "training_mode": .integer,
      ]) { call throws(ONNXRefusal) in
        guard call.node.integer("training_mode") ?? 0 == 0, call.node.outputs.dropFirst().allSatisfy(\.isEmpty) else {
          throw ONNXRefusal("that takes mean and variance of its input, as in training")
        }
        guard let flow = call.flow(0), call.node.integer("spatial") ?? 1 == 1 else { return nil }
        let arrays = (1...4).compactMap { call.numbers($0)?.floats.map(Double.init) }
        guard arrays.count == 4, Set(arrays.map(\.count)).count == 1 else { return nil }
        let epsilon = Double(call.number("epsilon", 1e-5))
        let scale = zip(arrays[0], arrays[3]).map { $0 / ($1 + epsilon).squareRoot() }
        let shift = zip(arrays[1], zip(arrays[2], scale)).map { $0 - $1.0 * $1.1 }
        return try affine(call, flow, along: 1, scale: scale.map { Float($0) }, shift: shift.map { Float($0) })
      },
      "LayerNormalization": .one(["axis": .integer, "epsilon": .float, "stash_type": .integer]) { call throws(ONNXRefusal) in
        guard let flow = call.flow(0), let rank = flow.axes?.count, call.axis(-1, rank: rank) == rank - 1,
          call.node.integer("stash_type") ?? 1 == 1, let scale = call.numbers(1)?.floats,
          !call.has(2) || call.numbers(2)?.count == scale.count, call.node.outputs.dropFirst().allSatisfy(\.isEmpty)
        else { return nil }
        let shift = call.numbers(2)?.floats ?? scale.map { _ in 0 }
        return try pointwise(
          call, flow, along: rank - 1, width: scale.count,
          .normalized(epsilon: call.number("epsilon", 1e-5), scale: scale, shift: shift))
      },
      "Softmax": .one(["axis": .integer]) { call throws(ONNXRefusal) in try classes(call, .softmax) },
      "LogSoftmax": .one(["axis": .integer]) { call throws(ONNXRefusal) in try classes(call, .logSoftmax) },
      "Clip": .one(["min": .float, "max": .float]) { call throws(ONNXRefusal) in
        func bound(_ place: Int, _ name: String, _ none: Float) -> Float? {
          call.has(place) ? call.numbers(place).flatMap { $0.count == 1 ? $0.floats[0] : nil } : call.number(name, none)
        }
        // A bound that is left out is none; one that is computed from the data is not known here.
        guard let flow = call.flow(0), let low = bound(1, "min", -.infinity), let high = bound(2, "max", .infinity) else {
          return nil
        }
        return try limited(call, flow, least: low, most: high)
      },
      "Gelu": .one(["approximate": .text]) { call throws(ONNXRefusal) in
        guard case .none = call.node.text("approximate").flatMap({ $0 == "none" ? nil : $0 }) else {
          throw ONNXRefusal("which is an approximation of gelu")
        }
        return try function(call, unwrapping { () throws(RecurrentError) in try Activation("gelu") })
      },
      "PRelu": .one { call throws(ONNXRefusal) in try rectified(call) },
      "GlobalAveragePool": .one { call throws(ONNXRefusal) in try pooled(call, .mean) },
      "GlobalMaxPool": .one { call throws(ONNXRefusal) in try pooled(call, .max) },
      "ReduceMean": reduction { call, flow, axis throws(ONNXRefusal) in
        if let steps = try readOut(call, flow, axis, .mean) { return steps }
        return try directions(flow, axis, .average)
      },
      "ReduceMax": reduction { call, flow, axis throws(ONNXRefusal) in try readOut(call, flow, axis, .max) },
      "ReduceSum": reduction { _, flow, axis throws(ONNXRefusal) in try directions(flow, axis, .sum) },
      "ReduceProd": reduction { _, flow, axis throws(ONNXRefusal) in try directions(flow, axis, .multiply) },
      "OneHot": .one(["axis": .integer]) { call throws(ONNXRefusal) in
        guard let flow = call.symbols(0), let rank = flow.axes?.count, call.axis(-1, rank: rank + 1) == rank,
          let depth = call.array(1), let values = call.array(2), depth.count == 1, values.floats == [0, 1],
          let count = Int(exactly: depth.floats[0]), count > 0, count <= 4096, count * count <= call.limit
        else { return nil }
        let identity = (0..<count * count).map { $0 % (count + 1) == 0 ? Float(1) : 0 }
        return try embedded(call, flow, ONNXArray([count, count], .floats(identity)))
      },
    ]
    for name in ONNXFunctions.operators {
      rules[name] = .one(ONNXFunctions.attributes(ofOperator: name)) { call throws(ONNXRefusal) in
        try ONNXFunctions.activation(ofOperator: call.node).flatMap { activation throws(ONNXRefusal) in
          try function(call, activation)
        }
      }
    }
    return rules
  }()

  // MARK: Steps and directions

  /// An operator over one axis of data, or over lengths.
  private static func reduction(
    _ output: @escaping @Sendable (ONNXCall, ONNXFlow, _ axis: Int) throws(ONNXRefusal) -> ONNXFlow?
  ) -> ONNXRule {
    .one(["axes": .integers, "keepdims": .integer, "noop_with_empty_axes": .integer]) { call throws(ONNXRefusal) in
      if call.node.operation == "ReduceProd", let own = call[0]?.lengths, own.shape.count <= 1 {
        let keeps = call.node.integer("keepdims") != 0
        return ONNXLengths(keeps ? own.shape.map { _ in 1 } : [], [product(own.elements)]).known
      }
      guard let flow = call.flow(0), let shape = call[0]?.shape, let named = call.constants(1, "axes") else { return nil }
      let axes = named.compactMap { resolvedAxis($0, rank: shape.count) }
      // Along axes of length 1 there is nothing to work out.
      let long = axes.count == 1 ? axes : axes.filter { shape[$0] != ONNXLength(1) }
      guard axes.count == named.count, long.count == 1, let reduced = try output(call, flow, long[0]) else { return nil }
      guard reduced.axes != nil, call.node.integer("keepdims") == 0 else { return .flow(reduced) }
      return try ONNXKnown.flow(reduced).moved(
        .reshaping(shape.indices.filter { !axes.contains($0) }.map { shape[$0] }), limit: call.limit, title: call.title)
    }
  }

  /// The mean or the largest number of all steps.
  private static func readOut(
    _ call: ONNXCall, _ flow: ONNXFlow, _ axis: Int, _ readout: Architecture.Readout
  ) throws(ONNXRefusal) -> ONNXFlow? {
    guard let time = flow.order?.time, flow.axes?[axis].atoms == [time] else { return nil }
    // The operator counts zeros after a sequence's end, which a network does not.
    guard flow.hasLengths == false else { throw ONNXRefusal("over steps with zeros after the sequences' ends") }
    let whole = try flow.vectorAxis.map { place throws(ONNXRefusal) in try flow.whole(along: place) } ?? flow
    guard var axes = whole.axes else { return whole }
    axes[axis] = .init()
    return whole.adding(.readout(readout), axes, operators: [call.number])
  }

  /// The two directions of a layer made one.
  private static func directions(
    _ flow: ONNXFlow, _ axis: Int, _ merge: Architecture.Merge
  ) throws(ONNXRefusal) -> ONNXFlow? {
    guard var axes = flow.axes, axes[axis].atoms.count == 1, axes[axis].atoms[0].isMembers else { return nil }
    axes[axis] = .init()
    return try flow.merged(merge, axes)
  }

  /// A readout that says nothing of its axes: it takes all but the first two, and keeps them with a length of 1.
  private static func pooled(_ call: ONNXCall, _ readout: Architecture.Readout) throws(ONNXRefusal) -> ONNXKnown? {
    guard let flow = call.flow(0), let axes = flow.axes, axes.count > 2 else { return nil }
    let long = axes.indices.dropFirst(2).filter { !axes[$0].atoms.isEmpty }
    guard long.count == 1 else { return nil }
    return try readOut(call, flow, long[0], readout).map { .flow($0) }
  }

  /// The numbers of the last dense layer as classes.
  private static func classes(_ call: ONNXCall, _ function: DenseLayer.Function) throws(ONNXRefusal) -> ONNXKnown? {
    // Without the attribute old versions mean the second axis, and those since 13 the last one.
    guard let flow = call.flow(0), let rank = flow.axes?.count, call.axis(call.opset < 13 ? 1 : -1, rank: rank) == rank - 1,
      flow.vectorAxis == rank - 1, case .dense(let layer)? = flow.path?.part, layer.function == .elementwise(.linear)
    else { return nil }
    return try dense(call, flow, replacing: layer, bias: layer.bias, function: function)
  }

  // MARK: Symbols

  /// Vectors of symbols that an operator picks out of a matrix.
  static func embedding(_ call: ONNXCall) throws(ONNXRefusal) -> ONNXKnown? {
    guard let flow = call.symbols(1), let matrix = call.numbers(0), matrix.shape.count == 2, call.axis(0, rank: 2) == 0 else {
      return nil
    }
    return try embedded(call, flow, matrix)
  }

  private static func embedded(_ call: ONNXCall, _ flow: ONNXFlow, _ matrix: ONNXArray) throws(ONNXRefusal) -> ONNXKnown? {
    let layer = try unwrapping { () throws(RecurrentError) in
      try EmbeddingLayer(call.title, symbols: matrix.shape[0], width: matrix.shape[1], weight: matrix.floats)
    }
    let axes = (flow.axes ?? []) + [.init([.features(layer.width)])]
    return .flow(flow.adding(.embedding(layer), axes, operators: [call.number]))
  }
}

extension ONNXCall {
  /// An input of the graph that holds symbols.
  fileprivate func symbols(_ place: Int) -> ONNXFlow? {
    flow(place).flatMap { $0.isWhole && $0.isInput && $0.taken.isEmpty ? $0 : nil }
  }

  fileprivate func number(_ name: String, _ defaultValue: Float) -> Float {
    if case .float(let value)? = node.attributes[name] { value } else { defaultValue }
  }
}
