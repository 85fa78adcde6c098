import ONNXFiles

extension ONNXRule {
  /// Operators that move data and change no number.
  static let layout: [String: ONNXRule] = [
    "Identity": .one { call throws(ONNXRefusal) in call[0] },
    "Dropout": .one(["ratio": .any, "seed": .any]) { call throws(ONNXRefusal) in
      // A third input would have it drop numbers as in training.
      guard !call.has(2) || call.array(2)?.isZero == true else { throw ONNXRefusal("that drops numbers as in training") }
      return call[0]
    },
    "Transpose": .one(["perm": .integers]) { call throws(ONNXRefusal) in
      guard let rank = call[0]?.shape?.count else { return nil }
      let permutation = call.node.integers("perm") ?? (0..<rank).reversed()
      return permutation.sorted() == Array(0..<rank) ? try call.moved(.permuting(permutation)) : nil
    },
    "Squeeze": .one(["axes": .integers]) { call throws(ONNXRefusal) in
      guard let shape = call[0]?.shape else { return nil }
      let one = ONNXLength(1)
      if call.has(1) && call.constants(1, "axes") == nil { return nil }
      let axes = call.constants(1, "axes") ?? shape.indices.filter { shape[$0] == one }
      let dropped = axes.compactMap { resolvedAxis($0, rank: shape.count) }
      guard dropped.count == axes.count, dropped.allSatisfy({ shape[$0] == one }) else { return nil }
      return try call.reshaped(shape.indices.filter { !dropped.contains($0) }.map { shape[$0] })
    },
    "Unsqueeze": .one(["axes": .integers]) { call throws(ONNXRefusal) in
      guard let shape = call[0]?.shape, let axes = call.constants(1, "axes") else { return nil }
      let rank = shape.count + axes.count
      let added = Set(axes.compactMap { resolvedAxis($0, rank: rank) })
      guard rank <= ONNXArray.greatestRank, added.count == axes.count else { return nil }
      var rest = shape[...]
      return try call.reshaped((0..<rank).map { added.contains($0) ? ONNXLength(1) : rest.removeFirst() })
    },
    "Flatten": .one(["axis": .integer]) { call throws(ONNXRefusal) in
      guard let shape = call[0]?.shape else { return nil }
      let axis = call.node.integer("axis") ?? 1
      guard let axis = axis == shape.count ? axis : resolvedAxis(axis, rank: shape.count) else { return nil }
      return try call.reshaped([product(shape[..<axis]), product(shape[axis...])])
    },
    "Reshape": .one(["allowzero": .integer, "shape": .integers]) { call throws(ONNXRefusal) in
      guard let shape = call[0]?.shape, var target = call.list(1, "shape"), target.count <= ONNXArray.greatestRank else {
        return nil
      }
      for place in target.indices where target[place] == ONNXLength(0) && call.node.integer("allowzero") != 1 {
        guard place < shape.count else { return nil }
        target[place] = shape[place]
      }
      if let open = target.firstIndex(of: ONNXLength(-1)) {
        target[open] = ONNXLength(1)
        guard let total = product(shape), let known = product(target), let rest = total.divided(by: known),
          rest.multiplied(by: known) == total
        else { return nil }
        target[open] = rest
      } else if target.count(where: { $0 == nil }) == 1, let open = target.firstIndex(of: nil) {
        // What the graph computes there can only be what is left.
        target[open] = ONNXLength(1)
        target[open] = product(shape).flatMap { total in product(target).flatMap { total.divided(by: $0) } }
      }
      return try call.reshaped(target)
    },
    "Expand": .one { call throws(ONNXRefusal) in
      guard let target = call[1]?.lengths, target.shape.count == 1 else { return nil }
      return try call.moved(.repeating(target.elements))
    },
    "Tile": .one { call throws(ONNXRefusal) in
      guard let shape = call[0]?.shape, let times = call[1]?.lengths?.elements, times.count == shape.count else { return nil }
      var value = call[0]
      var target = shape
      for axis in shape.indices where times[axis] != ONNXLength(1) {
        if shape[axis] == ONNXLength(1) {
          target[axis] = times[axis]
        } else {
          guard let length = shape[axis]?.constant, let count = times[axis]?.constant, (0...call.limit).contains(count),
            (0...call.limit).contains(length), !length.multipliedReportingOverflow(by: count).overflow,
            length * count <= call.limit
          else { return nil }
          let places = (0..<count).flatMap { _ in 0..<length }
          value = try value?.moved(.taking(axis: axis, .list(places)), limit: call.limit, title: call.title)
          target[axis] = ONNXLength(length * count)
        }
      }
      return try value?.moved(.repeating(target), limit: call.limit, title: call.title)
    },
    "Slice": .one(["axes": .integers, "starts": .integers, "ends": .integers]) { call throws(ONNXRefusal) in
      guard let shape = call[0]?.shape, let starts = call.list(1, "starts"), let ends = call.list(2, "ends"),
        starts.count == ends.count, starts.count <= ONNXArray.greatestRank
      else { return nil }
      let axes = call.constants(3, "axes"), steps = call.constants(4, "steps")
      if call.has(3) && axes == nil || call.has(4) && steps == nil { return nil }
      var value = call[0]
      for place in starts.indices {
        let named = axes.map { $0.indices.contains(place) ? $0[place] : Int.max } ?? place
        guard let axis = resolvedAxis(named, rank: shape.count),
          let places = ONNXPlaces(
            start: starts[place], end: ends[place],
            step: steps.map { $0.indices.contains(place) ? $0[place] : 0 } ?? 1, of: value?.shape?[axis])
        else { return nil }
        value = try value?.moved(.taking(axis: axis, places), limit: call.limit, title: call.title)
      }
      return value
    },
    "Gather": .one(["axis": .integer]) { call throws(ONNXRefusal) in
      guard let shape = call[0]?.shape, let axis = call.axis(0, rank: shape.count) else { return nil }
      guard let indices = call[1]?.lengths else { return try embedding(call) }
      let places: ONNXPlaces
      if let length = shape[axis]?.constant {
        let own = indices.elements.compactMap { $0?.constant.flatMap { resolvedAxis($0, rank: length) } }
        guard own.count == indices.elements.count, length <= ONNXPlaces.greatestLength else { return nil }
        places = .list(own, of: length)
      } else {
        guard indices.elements.count == 1, let index = indices.elements[0], let length = shape[axis] else { return nil }
        guard index == ONNXLength(0) || index == ONNXLength(-1) || length.adding(index, times: -1) == ONNXLength(1) else {
          return nil
        }
        places = index == ONNXLength(0) ? .first : .last
      }
      var target = shape
      target.replaceSubrange(axis...axis, with: indices.shape.map { ONNXLength($0) })
      guard target.count <= ONNXArray.greatestRank else { return nil }
      let taken = try call.moved(.taking(axis: axis, places))
      return try taken?.moved(.reshaping(target), limit: call.limit, title: call.title)
    },
    "Split": ONNXRule(["axis": .integer, "split": .integers, "num_outputs": .integer]) { call throws(ONNXRefusal) in
      guard let shape = call[0]?.shape, let axis = call.axis(0, rank: shape.count), let length = shape[axis]?.constant,
        (0...ONNXPlaces.greatestLength).contains(length)
      else { return nil }
      let count = call.node.outputs.count
      // Equal parts, of which the last one may be smaller.
      let part = (length + count - 1) / max(1, count)
      if call.has(1) && call.constants(1, "split") == nil { return nil }
      let sizes = call.constants(1, "split") ?? (0..<count).map { max(0, min(part, length - $0 * part)) }
      guard sizes.count == count, call.node.integer("num_outputs") ?? count == count,
        sizes.allSatisfy({ (0...length).contains($0) }), sizes.reduce(0, +) == length
      else { return nil }
      var start = 0
      var parts: [ONNXKnown] = []
      for size in sizes {
        let places = size == 0 ? ONNXPlaces.list([]) : .strided(start, 1, size, of: length)
        guard let part = try call.moved(.taking(axis: axis, places)) else { return nil }
        parts.append(part)
        start += size
      }
      return parts
    },
    "Concat": .one(["axis": .integer]) { call throws(ONNXRefusal) in
      guard let rank = call[0]?.shape?.count, let axis = call.axis(nil, rank: rank) else { return nil }
      let values = call.inputs.compactMap { $0 }
      guard values.count == call.inputs.count else { return nil }
      return try joined(values, axis: axis, limit: call.limit)
    },
    "ReverseSequence": .one(["batch_axis": .integer, "time_axis": .integer]) { call throws(ONNXRefusal) in
      guard let shape = call[0]?.shape, let axis = resolvedAxis(call.node.integer("time_axis") ?? 0, rank: shape.count),
        let length = shape[axis]
      else { return nil }
      guard call[1].flatMap(everywhere) == length else { throw ONNXRefusal("whose sequences may have lengths of their own") }
      return try call.moved(.taking(axis: axis, .reversed))
    },
    "Shape": .one(["start": .integer, "end": .integer]) { call throws(ONNXRefusal) in
      guard let shape = call[0]?.shape else { return nil }
      func bound(_ name: String, _ defaultValue: Int) -> Int {
        let value = call.node.integer(name) ?? defaultValue
        return min(max(value < 0 ? value &+ shape.count : value, 0), shape.count)
      }
      let (start, end) = (bound("start", 0), bound("end", shape.count))
      let own = Array(shape[start..<max(start, end)])
      return ONNXLengths([own.count], own).known
    },
    "Size": .one { call throws(ONNXRefusal) in call[0]?.shape.map { ONNXLengths([], [product($0)]).known } },
    "Constant": .one([
      "value": .tensor, "value_float": .float, "value_floats": .floats, "value_int": .integer, "value_ints": .integers,
    ]) { call throws(ONNXRefusal) in
      switch call.node.attributes.first?.value {
      case .tensor(let tensor)?: (try? tensor.array()).map { .array($0) }
      case .float(let value)?: .array(ONNXArray([], .floats([value])))
      case .floats(let values)?: .array(ONNXArray([values.count], .floats(values)))
      case .integer(let value)?: .array(.integers([value], shape: []))
      case .integers(let values)?: .array(.integers(values))
      default: nil
      }
    },
    "ConstantOfShape": .one(["value": .tensor]) { call throws(ONNXRefusal) in
      guard let shape = call[0]?.lengths, shape.shape.count == 1, shape.elements.count <= ONNXArray.greatestRank else {
        return nil
      }
      var value = ONNXArray([], .floats([0]))
      if case .tensor(let tensor)? = call.node.attributes["value"] {
        guard let array = try? tensor.array(), array.count == 1 else { return nil }
        value = array
      }
      let base = value.reshaped(shape.elements.map { _ in 1 })
      return ONNXRepeated(base: base, lengths: shape.elements).known(limit: call.limit)
    },
  ]

  /// The concatenation of values; nil if it is not known.
  private static func joined(_ values: [ONNXKnown], axis: Int, limit: Int) throws(ONNXRefusal) -> ONNXKnown? {
    var (arrays, repeated, flows) = ([ONNXArray](), [ONNXRepeated](), [ONNXFlow]())
    for value in values {
      guard value.shape?.indices.contains(axis) == true else { return nil }
      switch value {
      case .array(let array):
        arrays.append(array)
        repeated.append(ONNXRepeated(base: array, lengths: array.shape.map { ONNXLength($0) }))
      case .repeated(let own): repeated.append(own)
      case .flow(let flow): flows.append(flow)
      case .lengths, .uniform, .stored: break
      }
    }
    if flows.count == values.count { return ONNXFlow.stacked(flows, axis: axis).map { .flow($0) } }
    if arrays.count == values.count {
      guard arrays.count <= 1 << 16, let first = arrays.first, arrays.allSatisfy({ $0.shape.count == first.shape.count }) else {
        return nil
      }
      var shape = first.shape
      shape[axis] = arrays.reduce(0) { $0 + $1.shape[axis] }
      return elementCount(shape, limit: limit) == nil ? nil : ONNXArray.joined(arrays, axis: axis).map { .array($0) }
    }
    if repeated.count == values.count, !repeated.contains(where: \.isOfSymbols) {
      return ONNXRepeated.joined(repeated, axis: axis, limit: limit)?.known(limit: limit)
    }
    let lists = values.compactMap(\.lengths)
    guard lists.count == values.count, lists.allSatisfy({ $0.shape.count == 1 }) else { return nil }
    let elements = lists.flatMap(\.elements)
    return elements.count <= ONNXLengths.greatestCount ? ONNXLengths([elements.count], elements).known : nil
  }

  /// The number that every element of a value is; nil if they differ.
  static func everywhere(_ value: ONNXKnown) -> ONNXLength? {
    if case .uniform(let number, _) = value { return number }
    if case .repeated(let own) = value { return own.base.integers.flatMap { Set($0).count == 1 ? ONNXLength($0[0]) : nil } }
    guard let elements = value.lengths?.elements, Set(elements).count == 1 else { return nil }
    return elements[0]
  }
}
