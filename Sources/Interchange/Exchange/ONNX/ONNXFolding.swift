import Models
import ONNXFiles
import Storage

/// Works out operators whose inputs are known when a model is read, as exporters put them before the weights of a layer: gates
/// brought into another order by slices and concatenations, biases added up, axes added.
struct ONNXFolding: Sendable {
  /// How many elements a result may have: no model that does sensible work has more constants than its files have bytes.
  let limit: Int

  /// What the operator gives; nil if it is not one of those that are known, or its inputs don't fit.
  ///
  /// - Parameter inputs: nil for one that is left out.
  func outputs(of node: ONNXNode, _ inputs: [ONNXArray?]) -> [ONNXArray]? {
    guard node.domain.isEmpty else { return nil }
    if node.operation == "Split" { return split(node, inputs) }
    return output(of: node, inputs).map { [$0] }
  }

  private func output(of node: ONNXNode, _ inputs: [ONNXArray?]) -> ONNXArray? {
    if node.operation == "Constant" { return constant(node) }
    guard let first = inputs.first ?? nil else { return nil }
    let second = inputs.count > 1 ? inputs[1] : nil
    switch node.operation {
    case "Identity": return first
    case "Cast": return cast(first, to: node.integer("to"))
    case "Concat": return concatenation(node, inputs)
    case "Slice": return slice(node, first, inputs)
    case "Squeeze": return squeeze(first, second?.integers ?? node.integers("axes"))
    case "Unsqueeze": return unsqueeze(first, second?.integers ?? node.integers("axes"))
    case "Transpose": return transpose(first, node.integers("perm"))
    case "Reshape": return reshape(first, second?.integers ?? node.integers("shape"), keepsZeros: node.integer("allowzero") == 1)
    case "Flatten": return flatten(first, axis: node.integer("axis") ?? 1)
    case "Gather": return gather(first, second, axis: node.integer("axis") ?? 0)
    case "Shape": return node.attributes.isEmpty ? .integers(first.shape) : nil
    case "ConstantOfShape": return constantOfShape(node, first.integers)
    case "Expand": return second?.integers.flatMap { expand(first, to: $0) }
    case "Add": return combine(first, second, +, &+)
    case "Sub": return combine(first, second, -, &-)
    case "Mul": return combine(first, second, *, &*)
    case "Neg": return combine(ONNXArray([], first.isWhole ? .integers([0]) : .floats([-0.0])), first, -, &-)
    case "Equal": return combine(first, second, { $0 == $1 ? 1 : 0 }, { $0 == $1 ? 1 : 0 }).flatMap { cast($0, to: 9) }
    case "Not": return first.integers.map { .integers($0.map { $0 == 0 ? 1 : 0 }, shape: first.shape) }
    default: return nil
    }
  }

  private func constant(_ node: ONNXNode) -> ONNXArray? {
    switch node.attributes.first?.value {
    case .tensor(let tensor)?: try? tensor.array()
    case .float(let value)?: ONNXArray([], .floats([value]))
    case .floats(let values)?: ONNXArray([values.count], .floats(values))
    case .integer(let value)?: .integers([value], shape: [])
    case .integers(let values)?: .integers(values)
    default: nil
    }
  }

  private func constantOfShape(_ node: ONNXNode, _ shape: [Int]?) -> ONNXArray? {
    guard let shape, let count = elementCount(shape, limit: limit) else { return nil }
    guard let value = Self.filling(of: node) else { return nil }
    return value.reshaped([]).picking([Int](repeating: 0, count: count), shape: shape)
  }

  /// The one number that `ConstantOfShape` repeats; 0 if it has none of its own.
  static func filling(of node: ONNXNode) -> ONNXArray? {
    guard let attribute = node.attributes["value"] else { return ONNXArray([], .floats([0])) }
    guard case .tensor(let tensor) = attribute, let array = try? tensor.array(), array.count == 1 else { return nil }
    return array.reshaped([])
  }

  private func cast(_ array: ONNXArray, to type: Int?) -> ONNXArray? {
    switch type.flatMap(ONNXTensor.ElementType.init(rawValue:)) {
    case .float32, .float64: return ONNXArray(array.shape, .floats(array.floats))
    case .bool: return .integers(array.floats.map { $0 == 0 ? 0 : 1 }, shape: array.shape)
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64:
      if array.isWhole { return array }
      let values = array.floats.compactMap { Int(exactly: $0.rounded(.towardZero)) }
      return values.count == array.count ? .integers(values, shape: array.shape) : nil
    // Half floats would be rounded; what such a model means by it is its own affair.
    default: return nil
    }
  }

  private func concatenation(_ node: ONNXNode, _ inputs: [ONNXArray?]) -> ONNXArray? {
    let arrays = inputs.compactMap { $0 }
    return arrays.count == inputs.count ? joined(arrays, axis: node.integer("axis") ?? 0) : nil
  }

  /// Concatenates arrays.
  func joined(_ arrays: [ONNXArray], axis: Int) -> ONNXArray? {
    guard arrays.count <= 1 << 16, let first = arrays.first, let axis = resolvedAxis(axis, rank: first.shape.count),
      arrays.allSatisfy({ $0.shape.count == first.shape.count })
    else { return nil }
    var shape = first.shape
    shape[axis] = arrays.reduce(0) { $0 + $1.shape[axis] }
    guard elementCount(shape, limit: limit) != nil else { return nil }
    return ONNXArray.joined(arrays, axis: axis)
  }

  private func slice(_ node: ONNXNode, _ array: ONNXArray, _ inputs: [ONNXArray?]) -> ONNXArray? {
    func numbers(_ place: Int, _ name: String) -> [Int]?? {
      if inputs.count > place, let own = inputs[place] { return own.integers.map { $0 } }
      return .some(node.integers(name))
    }
    guard let starts = numbers(1, "starts") ?? nil, let ends = numbers(2, "ends") ?? nil, let axes = numbers(3, "axes"),
      let steps = numbers(4, "steps"), starts.count == ends.count
    else { return nil }
    var result = array
    for (place, start) in starts.enumerated() {
      let step = steps.map { $0.indices.contains(place) ? $0[place] : 0 } ?? 1
      let named = axes.map { $0.indices.contains(place) ? $0[place] : Int.max } ?? place
      guard step != 0, let axis = resolvedAxis(named, rank: array.shape.count) else { return nil }
      result = result.taking(Self.places(start, ends[place], step, length: result.shape[axis]), axis: axis)
    }
    return result
  }

  /// What a slice takes of an axis: bounds below 0 count from the end, and those beyond an end stand for that end.
  private static func places(_ start: Int, _ end: Int, _ step: Int, length: Int) -> [Int] {
    func bound(_ value: Int, _ range: ClosedRange<Int>) -> Int {
      min(max(value < 0 ? value &+ length : value, range.lowerBound), range.upperBound)
    }
    if length == 0 { return [] }
    // What wraps round in the sum is far below all bounds.
    func clamped(_ value: Int) -> Int { max(value, -length - 1) }
    if step > 0 {
      return Array(
        stride(from: bound(clamped(start), 0...length), to: bound(clamped(end), 0...length), by: min(step, length + 1)))
    }
    return Array(
      stride(from: bound(clamped(start), -1...length - 1), to: bound(clamped(end), -1...length - 1), by: max(step, -length - 1)))
  }

  private func squeeze(_ array: ONNXArray, _ axes: [Int]?) -> ONNXArray? {
    let rank = array.shape.count
    let dropped = (axes ?? array.shape.indices.filter { array.shape[$0] == 1 }).compactMap { resolvedAxis($0, rank: rank) }
    guard dropped.count == (axes ?? dropped).count, dropped.allSatisfy({ array.shape[$0] == 1 }) else { return nil }
    return array.reshaped(array.shape.indices.filter { !dropped.contains($0) }.map { array.shape[$0] })
  }

  private func unsqueeze(_ array: ONNXArray, _ axes: [Int]?) -> ONNXArray? {
    guard let axes else { return nil }
    let rank = array.shape.count + axes.count
    let added = Set(axes.compactMap { resolvedAxis($0, rank: rank) })
    guard rank <= ONNXArray.greatestRank, added.count == axes.count else { return nil }
    var rest = array.shape[...]
    return array.reshaped((0..<rank).map { added.contains($0) ? 1 : rest.removeFirst() })
  }

  private func transpose(_ array: ONNXArray, _ permutation: [Int]?) -> ONNXArray? {
    let permutation = permutation ?? array.shape.indices.reversed()
    guard permutation.sorted() == Array(array.shape.indices) else { return nil }
    return array.transposed(permutation)
  }

  private func reshape(_ array: ONNXArray, _ shape: [Int]?, keepsZeros: Bool) -> ONNXArray? {
    guard var shape else { return nil }
    for (axis, length) in shape.enumerated() where length == 0 && !keepsZeros {
      guard axis < array.shape.count else { return nil }
      shape[axis] = array.shape[axis]
    }
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      guard let known = elementCount(shape, limit: limit), known > 0, array.count.isMultiple(of: known) else { return nil }
      shape[open] = array.count / known
    }
    guard elementCount(shape, limit: limit) == array.count else { return nil }
    return array.reshaped(shape)
  }

  private func flatten(_ array: ONNXArray, axis: Int) -> ONNXArray? {
    let rank = array.shape.count
    guard let axis = axis == rank ? rank : resolvedAxis(axis, rank: rank) else { return nil }
    return array.reshaped([array.shape[..<axis].reduce(1, *), array.shape[axis...].reduce(1, *)])
  }

  private func gather(_ array: ONNXArray, _ indices: ONNXArray?, axis: Int) -> ONNXArray? {
    guard let indices, let places = indices.integers, let axis = resolvedAxis(axis, rank: array.shape.count) else { return nil }
    let length = array.shape[axis]
    let resolved = places.compactMap { resolvedAxis($0, rank: length) }
    var shape = array.shape
    shape.replaceSubrange(axis...axis, with: indices.shape)
    guard resolved.count == places.count, elementCount(shape, limit: limit) != nil else { return nil }
    return array.taking(resolved, axis: axis).reshaped(shape)
  }

  private func expand(_ array: ONNXArray, to shape: [Int]) -> ONNXArray? {
    guard let common = ONNXArray.common(array.shape, shape), elementCount(common, limit: limit) != nil else { return nil }
    return array.spread(to: common)
  }

  private func split(_ node: ONNXNode, _ inputs: [ONNXArray?]) -> [ONNXArray]? {
    guard let array = inputs.first ?? nil, let axis = resolvedAxis(node.integer("axis") ?? 0, rank: array.shape.count) else {
      return nil
    }
    let (length, count) = (array.shape[axis], node.outputs.count)
    let given = inputs.count > 1 ? inputs[1]?.integers : node.integers("split")
    // Equal parts, of which the last one may be smaller.
    let part = (length + count - 1) / max(1, count)
    let sizes = given ?? (0..<count).map { max(0, min(part, length - $0 * part)) }
    guard sizes.count == count, sizes.allSatisfy({ (0...length).contains($0) }), sizes.reduce(0, +) == length else { return nil }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return array.taking(Array(start..<start + size), axis: axis)
    }
  }

  private func combine(
    _ one: ONNXArray, _ other: ONNXArray?, _ floats: (Float, Float) -> Float, _ integers: (Int, Int) -> Int
  ) -> ONNXArray? {
    guard let other, one.isWhole == other.isWhole, let shape = ONNXArray.common(one.shape, other.shape),
      elementCount(shape, limit: limit) != nil, let left = one.spread(to: shape), let right = other.spread(to: shape)
    else { return nil }
    if let own = left.integers, let others = right.integers { return .integers(zip(own, others).map(integers), shape: shape) }
    return ONNXArray(shape, .floats(zip(left.floats, right.floats).map(floats)))
  }
}
