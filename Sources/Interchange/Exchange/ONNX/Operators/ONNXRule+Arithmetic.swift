import Networks
import ONNXFiles

extension ONNXRule {
  /// Operators on single numbers: of weights that the graph computes, of lengths, and of data where a layer does the same.
  static let arithmetic: [String: ONNXRule] = [
    "Add": .one { call throws(ONNXRefusal) in
      if let known = call.combined(+, &+, { $0.adding($1) }) { return known }
      if let (flow, array, _) = call.flowAndArray { return try affine(call, flow, array, scale: { _ in 1 }, shift: { $0 }) }
      if let (symbols, isOne) = call.symbolsAndAssumption { return isOne ? nil : symbols }
      return try merged(call, .sum)
    },
    "Sub": .one { call throws(ONNXRefusal) in
      if let known = call.combined(-, &-, { $0.adding($1, times: -1) }) { return known }
      guard let (flow, array, isArrayFirst) = call.flowAndArray else { return nil }
      return isArrayFirst
        ? try affine(call, flow, array, scale: { _ in -1 }, shift: { $0 })
        : try affine(call, flow, array, scale: { _ in 1 }, shift: { -$0 })
    },
    "Mul": .one { call throws(ONNXRefusal) in
      if let known = call.combined(*, &*, { $0.multiplied(by: $1) }) { return known }
      if let (flow, array, _) = call.flowAndArray { return try affine(call, flow, array, scale: { $0 }, shift: { _ in 0 }) }
      if let assumed = [call.assumption(0), call.assumption(1)].compactMap({ $0 }).first(where: \.base.isZero) {
        return .repeated(assumed)
      }
      if let (symbols, isOne) = call.symbolsAndAssumption { return isOne ? symbols : nil }
      if let gated = try gated(call) { return gated }
      return try merged(call, .multiply)
    },
    "Div": .one { call throws(ONNXRefusal) in
      if let known = call.combined(
        /, { $1 == 0 || $1 == -1 ? nil : $0 / $1 },
        { one, other in
          one.divided(by: other).flatMap { $0.multiplied(by: other) == one ? $0 : nil }
        })
      {
        return known
      }
      guard let (flow, array, isArrayFirst) = call.flowAndArray, !isArrayFirst else { return nil }
      return try affine(call, flow, array, scale: { 1 / $0 }, shift: { _ in 0 })
    },
    "Sum": .one { call throws(ONNXRefusal) in try merged(call, .sum) },
    "Mean": .one { call throws(ONNXRefusal) in try merged(call, .average) },
    "Max": .one { call throws(ONNXRefusal) in
      if let known = call.combined(
        { max($0, $1) }, { max($0, $1) }, { one, other in one.compared(to: other).map { $0 < 0 ? other : one } })
      {
        return known
      }
      guard let (flow, array, _) = call.flowAndArray, array.count == 1, !array.isWhole else { return nil }
      return try limited(call, flow, least: array.floats[0], most: .infinity)
    },
    "Min": .one { call throws(ONNXRefusal) in
      if let known = call.combined(
        { min($0, $1) }, { min($0, $1) }, { one, other in one.compared(to: other).map { $0 < 0 ? one : other } })
      {
        return known
      }
      guard let (flow, array, _) = call.flowAndArray, array.count == 1, !array.isWhole else { return nil }
      return try limited(call, flow, least: -.infinity, most: array.floats[0])
    },
    "Equal": comparison { $0 == 0 },
    "Less": comparison { $0 < 0 },
    "Greater": comparison { $0 > 0 },
    "And": .one { call throws(ONNXRefusal) in
      call.combined(nil, { $0 != 0 && $1 != 0 ? 1 : 0 }, { _, _ in nil })
    },
    "Or": .one { call throws(ONNXRefusal) in
      call.combined(nil, { $0 != 0 || $1 != 0 ? 1 : 0 }, { _, _ in nil })
    },
    "Not": .one { call throws(ONNXRefusal) in
      if let array = call.array(0) { return array.inverted.map { .array($0) } }
      return call.assumption(0).flatMap { $0.with($0.base.inverted) }.map { .repeated($0) }
    },
    "Neg": .one { call throws(ONNXRefusal) in
      if let array = call.array(0) { return array.mapped({ -$0 }, { 0 &- $0 }).map { .array($0) } }
      if let own = call[0]?.lengths {
        return ONNXLengths(own.shape, own.elements.map { length in length.flatMap { ONNXLength(0).adding($0, times: -1) } }).known
      }
      guard let flow = call.flow(0) else { return nil }
      return try affine(call, flow, ONNXArray([], .floats([-1])), scale: { $0 }, shift: { _ in 0 })
    },
    "Sqrt": .one { call throws(ONNXRefusal) in call.numbers(0)?.mapped({ $0.squareRoot() }, nil).map { .array($0) } },
    "Reciprocal": .one { call throws(ONNXRefusal) in call.numbers(0)?.mapped({ 1 / $0 }, nil).map { .array($0) } },
    "Where": .one { call throws(ONNXRefusal) in
      if let condition = call.assumption(0) { return call.symbols(condition.base.isZero ? 2 : 1).map { .flow($0) } }
      guard let condition = call[0]?.lengths, let yes = call[1]?.lengths, let no = call[2]?.lengths else { return nil }
      let shape = [condition, yes, no].map(\.shape).max { $0.count < $1.count } ?? []
      let count = shape.reduce(1, *)
      guard [condition, yes, no].allSatisfy({ $0.shape == shape || $0.elements.count == 1 }) else { return nil }
      func element(_ list: ONNXLengths, _ place: Int) -> ONNXLength? { list.elements[list.elements.count == 1 ? 0 : place] }
      let chosen = (0..<count).map { place -> ONNXLength? in
        let (own, other) = (element(yes, place), element(no, place))
        guard let known = element(condition, place)?.constant else { return own == other ? own : nil }
        return known != 0 ? own : other
      }
      return ONNXLengths(shape, chosen).known
    },
    "Cast": .one(["to": .integer, "saturate": .any]) { call throws(ONNXRefusal) in
      guard let type = call.node.integer("to").flatMap(ONNXTensor.ElementType.init(rawValue:)) else { return nil }
      switch call[0] {
      case .array(let array)?: return cast(array, to: type).map { .array($0) }
      case .repeated(let own)?: return own.with(cast(own.base, to: type)).map { .repeated($0) }
      case .lengths?, .uniform?: return type.isWhole || type.isFraction ? call[0] : nil
      case .flow(var flow)?:
        // Whole numbers stay what they are; those with a fraction may lose it.
        guard flow.axes != nil, !flow.isWhole || !flow.isSymbols || type.isWhole,
          flow.isWhole ? type.isWhole || type.isFraction && flow.isInput : type.isFraction
        else { return nil }
        flow.isWhole = type.isWhole
        return .flow(flow)
      case .stored?, nil: return nil
      }
    },
  ]

  private static func comparison(_ holds: @escaping @Sendable (Int) -> Bool) -> ONNXRule {
    .one { call throws(ONNXRefusal) in
      if let flow = call.flow(0), let zero = call.array(1) {
        // Where the graph reads symbols it need not ask whether one is below 0.
        guard call.node.operation == "Less", flow.isOfWhole, flow.isInput, flow.taken.isEmpty, zero.isZero, zero.count == 1,
          let shape = call[0]?.shape, zero.shape.count <= shape.count
        else { return nil }
        return .repeated(ONNXRepeated(base: .integers([0], shape: shape.map { _ in 1 }), lengths: shape, isOfSymbols: true))
      }
      func sign<Number: Comparable>(_ one: Number, _ other: Number) -> Int { one < other ? -1 : one > other ? 1 : 0 }
      if let one = call.numbers(0), let other = call.numbers(1) {
        guard one.shape == other.shape || other.count == 1 else { return nil }
        let others = other.floats
        let results = one.floats.enumerated().map { holds(sign($1, others[others.count == 1 ? 0 : $0])) ? 1 : 0 }
        return .array(.integers(results, shape: one.shape))
      }
      // Lengths may have been made numbers with a fraction.
      let whole = call.inputs.map { value -> ONNXKnown? in
        if case .array(let array)? = value, !array.isWhole { cast(array, to: .int64).map { .array($0) } } else { value }
      }
      let isExact = zip(call.inputs.indices, whole).allSatisfy { place, value in
        guard let array = call.numbers(place), case .array(let own)? = value else { return value != nil }
        return own.floats == array.floats
      }
      guard isExact else { return nil }
      return ONNXCall(node: call.node, inputs: whole, opset: call.opset, limit: call.limit, number: call.number).combined(
        nil, { holds(sign($0, $1)) ? 1 : 0 }, { one, other in one.compared(to: other).map { ONNXLength(holds($0) ? 1 : 0) } })
    }
  }

  private static func cast(_ array: ONNXArray, to type: ONNXTensor.ElementType) -> ONNXArray? {
    switch type {
    case .float32, .float64: return ONNXArray(array.shape, .floats(array.floats))
    case .bool: return .integers(array.floats.map { $0 == 0 ? 0 : 1 }, shape: array.shape)
    case _ where type.isWhole:
      if array.isWhole { return array }
      let values = array.floats.compactMap { Int(exactly: $0.rounded(.towardZero)) }
      return values.count == array.count ? .integers(values, shape: array.shape) : nil
    // Half floats would be rounded, which no weight is here.
    default: return nil
    }
  }

  /// Two flows, number by number: the two directions of a layer.
  private static func merged(_ call: ONNXCall, _ merge: Architecture.Merge) throws(ONNXRefusal) -> ONNXKnown? {
    let flows = call.inputs.indices.compactMap { call.flow($0) }
    guard flows.count == 2, call.inputs.count == 2, let shape = call[0]?.shape, let axes = flows[0].axes, axes == flows[1].axes,
      shape.count < ONNXArray.greatestRank
    else { return nil }
    var stack: [ONNXFlow] = []
    for flow in flows {
      guard let own = try flow.moved(.reshaping([ONNXLength(1)] + shape), title: call.title) else { return nil }
      stack.append(own)
    }
    return try ONNXFlow.stacked(stack, axis: 0).map { stacked throws(ONNXRefusal) in .flow(try stacked.merged(merge, axes)) }
  }
}

extension ONNXTensor.ElementType {
  var isWhole: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    default: false
    }
  }

  var isFraction: Bool { self == .float32 || self == .float64 || isHalf }

  /// Whether numbers have 16 bits, of which fewer are for digits than those of a Float.
  var isHalf: Bool { self == .float16 || self == .bfloat16 }
}

extension ONNXArray {
  func mapped(_ floats: (Float) -> Float, _ integers: ((Int) -> Int)?) -> ONNXArray? {
    switch elements {
    case .floats(let values): ONNXArray(shape, .floats(values.map(floats)))
    case .integers(let values): integers.map { .integers(values.map($0), shape: shape) }
    }
  }
}

extension ONNXArray {
  /// 1 for 0, and 0 for all else.
  fileprivate var inverted: ONNXArray? { integers.map { .integers($0.map { $0 == 0 ? 1 : 0 }, shape: shape) } }
}

extension ONNXCall {
  /// An input that holds at every place what follows from symbols being no less than 0.
  fileprivate func assumption(_ place: Int) -> ONNXRepeated? {
    if case .repeated(let own)? = self[place], own.isOfSymbols { own } else { nil }
  }

  /// An input of whole numbers, which can only be symbols from now on.
  fileprivate func symbols(_ place: Int) -> ONNXFlow? {
    guard var flow = flow(place), flow.isWhole, flow.isInput else { return nil }
    flow.isSymbols = true
    return flow
  }

  /// Symbols, and whether all numbers of the other input, which follow from them, are 1 rather than 0.
  fileprivate var symbolsAndAssumption: (symbols: ONNXKnown, isOne: Bool)? {
    for (place, other) in [(0, 1), (1, 0)] {
      guard let assumed = assumption(other), assumed.base.count == 1, let symbols = symbols(place) else { continue }
      return (.flow(symbols), !assumed.base.isZero)
    }
    return nil
  }

  /// What an operator makes of two arrays, or of two lists of lengths, number by number; nil if it is not known.
  ///
  /// - Parameter integers: gives nil where there is no such number.
  func combined(
    _ floats: ((Float, Float) -> Float)?, _ integers: (Int, Int) -> Int?,
    _ lengths: (ONNXLength, ONNXLength) -> ONNXLength?
  ) -> ONNXKnown? {
    guard inputs.count == 2 else { return nil }
    if let one = array(0), let other = array(1) {
      guard one.isWhole == other.isWhole, let shape = ONNXArray.common(one.shape, other.shape),
        elementCount(shape, limit: limit) != nil, let left = one.spread(to: shape), let right = other.spread(to: shape)
      else { return nil }
      if let own = left.integers, let others = right.integers {
        let results = zip(own, others).compactMap(integers)
        return results.count == own.count ? .array(.integers(results, shape: shape)) : nil
      }
      return floats.map { .array(ONNXArray(shape, .floats(zip(left.floats, right.floats).map($0)))) }
    }
    guard let one = self[0]?.lengths, let other = self[1]?.lengths else { return nil }
    let (own, others) = (one.elements, other.elements)
    guard one.shape == other.shape || own.count == 1 || others.count == 1 else { return nil }
    let shape =
      own.count > others.count || own.count == others.count && one.shape.count >= other.shape.count ? one.shape : other.shape
    let results = (0..<max(own.count, others.count)).map { place -> ONNXLength? in
      guard let left = own[own.count == 1 ? 0 : place], let right = others[others.count == 1 ? 0 : place] else { return nil }
      return lengths(left, right)
    }
    return ONNXLengths(shape, results).known
  }
}
