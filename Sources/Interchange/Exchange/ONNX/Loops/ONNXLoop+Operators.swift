import CellLanguage
import ONNXFiles
import Support

extension ONNXLoop {
  mutating func results(_ inner: ONNXNode, _ inputs: [Value?]) throws(ONNXRefusal) -> [Value] {
    guard inner.domain.isEmpty, let rule = ONNXRule.all[inner.operation] else { throw refusal(inner) }
    try rule.check(inner)
    spent += inputs.reduce(1) { $0 + ($1?.count ?? 0) }
    let known = inputs.map { value -> ONNXKnown? in if case .known(let own)? = value { own } else { nil } }
    if zip(inner.inputs, known).allSatisfy({ $0.isEmpty || $1 != nil }) {
      let call = ONNXCall(node: inner, inputs: known, opset: opset, limit: limit, number: 0)
      guard let results = try rule.outputs(call) else { throw refusal(inner) }
      spent += results.reduce(1) { $0 + $1.count }
      return results.map { .known($0) }
    }
    if inner.operation == "Split", case .vector(.sum(let sum))? = inputs.first ?? nil { return try split(sum, inner, known) }
    guard let result = try result(inner, inputs, known) else { throw refusal(inner) }
    return [result]
  }

  private func refusal(_ inner: ONNXNode) -> ONNXRefusal {
    ONNXRefusal("whose equations are not read back because of its operator \(inner.kind) (\(inner.title))")
  }

  private mutating func result(_ inner: ONNXNode, _ inputs: [Value?], _ known: [ONNXKnown?]) throws(ONNXRefusal) -> Value? {
    let second = inputs.count > 1 ? inputs[1] : nil
    switch (inner.operation, inputs.first ?? nil, second) {
    case ("Identity", let value?, _): return value
    case ("Cast", .step(let number)?, _): return .step(number)
    case ("Add", .step(let number)?, .known(let added)?), ("Add", .known(let added)?, .step(let number)?):
      guard let own = added.lengths?.elements, own.count == 1, let constant = own[0]?.constant, (0...1).contains(constant) else {
        return nil
      }
      return .step(number + constant)
    case ("Less", .step(let number)?, .known(let bound)?):
      guard let length = bound.oneLength else { return nil }
      return .goesOn(number, length)
    case ("And", .goesOn(let one, let length)?, .goesOn(let other, let others)?) where length == others:
      return .goesOn(max(one, other), length)
    case ("Gather", .known(.flow(let flow))?, .step(0)?): return try input(flow, axis: inner.integer("axis") ?? 0)
    case ("MatMul", .vector(let vector)?, .known(.array(let matrix))?):
      guard matrix.shape.count == 2, matrix.shape[0] == vector.width, !matrix.isWhole,
        let expression = equations.written(vector)
      else { return nil }
      return .vector(
        .sum(.init(width: matrix.shape[1], products: [.init(vector: expression, weight: matrix.transposed([1, 0]))])))
    case ("Slice", .vector(.sum(let sum))?, _): return slice(sum, known)
    case ("Clip", .vector(.sum(let sum))?, _):
      guard case .array(let low)? = known.count > 2 ? known[1] : nil, case .array(let high)? = known[2], low.count == 1,
        high.count == 1, low.floats[0] < high.floats[0]
      else { return nil }
      return .vector(.clipped(sum, low.floats[0]...high.floats[0]))
    case ("Add", _, _), ("Sub", _, _), ("Mul", _, _): return combined(inner.operation, inputs)
    default:
      guard inputs.count == 1, case .vector(let vector)? = inputs[0],
        let activation = ONNXFunctions.activation(ofOperator: inner), let expression = equations.written(vector)
      else { return nil }
      return .vector(.expression(.name(equations.named(activation.applied(to: expression))), width: vector.width))
    }
  }

  /// The rows' vectors at the step.
  private mutating func input(_ flow: ONNXFlow, axis: Int) throws(ONNXRefusal) -> Value? {
    guard let axes = flow.axes, axes.count == 3, axis == 0 || axis == 1, rows == nil else { return nil }
    guard let width = try flow.whole(along: 2).width(along: 2), let own = try flow.vectors(along: 2, width: width) else {
      return nil
    }
    rows = (own, axis)
    return .vector(.expression(.name("x"), width: width))
  }

  private func split(_ sum: ONNXFormula.Sum, _ inner: ONNXNode, _ known: [ONNXKnown?]) throws(ONNXRefusal) -> [Value] {
    let count = inner.outputs.count
    guard [1, -1].contains(inner.integer("axis") ?? 0), inner.integers("split") == nil, known.count == 1, count > 0,
      sum.width.isMultiple(of: count)
    else { throw refusal(inner) }
    let part = sum.width / count
    return (0..<count).map { .vector(.sum(sum.taking(Array($0 * part..<($0 + 1) * part)))) }
  }

  private func slice(_ sum: ONNXFormula.Sum, _ known: [ONNXKnown?]) -> Value? {
    let lists = known.map { $0?.lengths?.elements }
    guard lists.count >= 3, let starts = lists[1], let ends = lists[2], starts.count == ends.count else { return nil }
    let axes = lists.count > 3 ? lists[3] : nil
    guard lists.count < 4 || axes != nil, lists.count < 5 || lists[4]?.allSatisfy({ $0 == ONNXLength(1) }) == true else {
      return nil
    }
    var result = sum
    for place in starts.indices {
      let axis = axes.map { $0.indices.contains(place) ? $0[place]?.constant : nil } ?? place
      switch axis {
      case 0, -2: guard starts[place] == ONNXLength(0), ends[place]?.constant ?? 0 >= 1 << 30 else { return nil }
      case 1, -1:
        guard let places = ONNXPlaces(start: starts[place], end: ends[place], step: 1, of: ONNXLength(result.width)) else {
          return nil
        }
        result = result.taking(places.resolved(result.width))
      default: return nil
      }
    }
    return .vector(.sum(result))
  }

  /// A sum, difference or product of two vectors, or of one and numbers of the file.
  private mutating func combined(_ operation: String, _ inputs: [Value?]) -> Value? {
    guard inputs.count == 2, let first = inputs[0], let second = inputs[1] else { return nil }
    func array(_ value: Value) -> ONNXArray? {
      if case .known(.array(let array)) = value, !array.isWhole, array.shape.dropLast().allSatisfy({ $0 == 1 }) {
        array
      } else {
        nil
      }
    }
    if case .vector(let one) = first, case .vector(let other) = second {
      guard one.width == other.width else { return nil }
      if operation == "Add", case .sum(let own) = one, case .sum(let others) = other {
        return own.adding(others).map { .vector(.sum($0)) }
      }
      guard let left = equations.written(one), let right = equations.written(other),
        left.parts.count + right.parts.count < Self.greatestCount
      else { return nil }
      let primitive: Primitive = operation == "Add" ? .add : operation == "Sub" ? .subtract : .multiply
      return .vector(.expression(.apply(primitive, [left, right]), width: one.width))
    }
    let isVectorFirst = array(second) != nil
    guard case .vector(let vector) = isVectorFirst ? first : second, let array = array(isVectorFirst ? second : first),
      array.count == 1 || array.count == vector.width
    else { return nil }
    switch (operation, vector) {
    case ("Add", .sum(var sum)):
      if array.count == 1 {
        sum.shift += array.floats[0]
      } else {
        guard let added = sum.adding(.init(width: sum.width, products: [], bias: array.floats)) else { return nil }
        sum = added
      }
      return .vector(.sum(sum))
    case ("Sub", .expression(let expression, let width)) where array.count == 1 && !isVectorFirst:
      let number = Expression.signed(Double(array.floats[0].description) ?? 0)
      return .vector(.expression(.apply(.subtract, [number, expression]), width: width))
    case ("Mul", .clipped(let sum, let range)) where array.count == 1 && range.lowerBound == 0:
      // clip(a + shift, 0, n) / n
      let factor = array.floats[0]
      guard factor > 0, factor * range.upperBound == 1 else { return nil }
      var argument = sum
      argument.shift = 0
      let slope = Double(factor.description) ?? 0
      guard let expression = equations.written(argument) else { return nil }
      let function = Activation.hardSigmoid(slope: slope, offset: Double((sum.shift * factor).description) ?? 0)
      return .vector(.expression(.name(equations.named(function.applied(to: expression))), width: sum.width))
    default: return nil
    }
  }
}

extension ONNXKnown {
  /// The one whole number that it is, which may have been made one with a fraction.
  fileprivate var oneLength: ONNXLength? {
    if case .array(let array) = self, !array.isWhole {
      return array.count == 1 ? Int(exactly: array.floats[0]).map { ONNXLength($0) } : nil
    }
    return lengths?.elements.count == 1 ? lengths?.elements[0] : nil
  }
}
