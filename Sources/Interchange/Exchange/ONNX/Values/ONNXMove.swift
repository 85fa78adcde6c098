import ONNXFiles

/// What operators do that only move data: each of them is one or several of these.
enum ONNXMove {
  /// For each axis of the result which axis it was.
  case permuting([Int])
  /// The same elements in the same order, with other axes.
  case reshaping([ONNXLength?])
  case taking(axis: Int, ONNXPlaces)
  /// Repeated along axes of length 1, and along new first axes, until it has the shape.
  case repeating([ONNXLength?])
}

extension ONNXKnown {
  /// The value after a move; nil if it is not known.
  ///
  /// - Parameters:
  ///   - limit: how many elements an array may have.
  ///   - title: the operator's, for what is not understood.
  func moved(_ move: ONNXMove, limit: Int, title: String) throws(ONNXRefusal) -> ONNXKnown? {
    switch self {
    case .stored: return nil
    case .array(let array):
      if let moved = array.moved(move, limit: limit) { return .array(moved) }
      guard case .repeating = move else { return nil }
      let whole = ONNXRepeated(base: array, lengths: array.shape.map { ONNXLength($0) })
      return whole.moved(move, limit: limit)?.known(limit: limit)
    case .lengths(let own):
      if let moved = own.moved({ $0.moved(move, limit: limit) }) { return moved.known }
      guard case .repeating = move, own.elements.count == 1, let number = own.elements[0] else { return nil }
      return try ONNXKnown.uniform(number, own.shape.map { ONNXLength($0) }).moved(move, limit: limit, title: title)
    case .uniform(let number, let lengths):
      let shape = ONNXRepeated(base: .integers([0], shape: lengths.map { _ in 1 }), lengths: lengths)
      return shape.moved(move, limit: limit).map { .uniform(number, $0.lengths) }
    case .repeated(let own):
      guard var moved = own.moved(move, limit: limit) else { return nil }
      moved.isOfSymbols = own.isOfSymbols
      return moved.known(limit: limit)
    case .flow(let flow): return try flow.moved(move, title: title).map { .flow($0) }
    }
  }
}

extension ONNXArray {
  func moved(_ move: ONNXMove, limit: Int) -> ONNXArray? {
    func constants(_ lengths: [ONNXLength?]) -> [Int]? {
      let own = lengths.compactMap { $0?.constant }
      return own.count == lengths.count && elementCount(own, limit: limit) != nil ? own : nil
    }
    switch move {
    case .permuting(let permutation): return transposed(permutation)
    case .reshaping(let lengths):
      guard let shape = constants(lengths), elementCount(shape, limit: limit) == count else { return nil }
      return reshaped(shape)
    case .taking(let axis, let places):
      var result = shape
      guard let count = places.count(of: ONNXLength(shape[axis]))?.constant else { return nil }
      result[axis] = count
      guard elementCount(result, limit: limit) != nil else { return nil }
      let own = places.resolved(shape[axis])
      guard own.allSatisfy({ (0..<shape[axis]).contains($0) }) else { return nil }
      return taking(own, axis: axis)
    case .repeating(let lengths):
      return constants(lengths).flatMap { ONNXArray.common(shape, $0) }
        .flatMap { elementCount($0, limit: limit) == nil ? nil : spread(to: $0) }
    }
  }
}

extension ONNXRepeated {
  func moved(_ move: ONNXMove, limit: Int) -> ONNXRepeated? {
    switch move {
    case .permuting(let permutation):
      return ONNXRepeated(base: base.transposed(permutation), lengths: permutation.map { lengths[$0] })
    case .reshaping(let target):
      let one = ONNXLength(1)
      if base.count == 1 {
        return ONNXRepeated(base: base.reshaped(target.map { _ in 1 }), lengths: target)
      }
      // Axes of length 1 come and go.
      guard lengths.filter({ $0 != one }) == target.filter({ $0 != one }), !lengths.contains(nil) else { return nil }
      var rest = zip(lengths, base.shape).filter { $0.0 != one }.map(\.1)[...]
      return ONNXRepeated(base: base.reshaped(target.map { $0 == one ? 1 : rest.removeFirst() }), lengths: target)
    case .taking(let axis, let places):
      var own = lengths
      own[axis] = places.count(of: own[axis])
      if base.shape[axis] == 1 { return ONNXRepeated(base: base, lengths: own) }
      return base.moved(move, limit: limit).map { ONNXRepeated(base: $0, lengths: own) }
    case .repeating(let target):
      let (rank, one) = (max(lengths.count, target.count), ONNXLength(1))
      guard rank <= ONNXArray.greatestRank else { return nil }
      func filled<Element>(_ list: [Element], _ element: Element) -> [Element] {
        [Element](repeating: element, count: rank - list.count) + list
      }
      let (own, others) = (filled(lengths, one), filled(target, one))
      let common = zip(own, others).map { own, other -> ONNXLength? in
        own == one ? other : other == one || own == other ? own : nil
      }
      return ONNXRepeated(base: base.reshaped(filled(base.shape, 1)), lengths: common)
    }
  }

  /// The concatenation along an axis; nil if it is not known.
  static func joined(_ parts: [ONNXRepeated], axis: Int, limit: Int) -> ONNXRepeated? {
    guard let first = parts.first, parts.count <= 1 << 16, parts.allSatisfy({ $0.lengths.count == first.lengths.count }) else {
      return nil
    }
    var length: ONNXLength? = ONNXLength(0)
    for part in parts {
      length = length.flatMap { sum in part.lengths[axis].flatMap { sum.adding($0) } }
      var (own, other) = (part.lengths, first.lengths)
      (own[axis], other[axis]) = (nil, nil)
      if own != other { return nil }
    }
    var lengths = first.lengths
    lengths[axis] = length
    if first.base.count == 1, parts.allSatisfy({ $0.base == first.base }) {
      return ONNXRepeated(base: first.base, lengths: lengths)
    }
    // What is repeated along this axis stands there as often as it is long; along the others all are as long as the longest.
    var shapes = parts.map(\.base.shape)
    for place in lengths.indices where place != axis {
      let longest = shapes.map { $0[place] }.max() ?? 1
      for part in shapes.indices { shapes[part][place] = longest }
    }
    var bases: [ONNXArray] = []
    var total = 0
    for (part, var shape) in zip(parts, shapes) {
      guard let own = part.lengths[axis]?.constant else { return nil }
      shape[axis] = own
      guard let count = elementCount(shape, limit: limit - total), let base = part.base.spread(to: shape) else { return nil }
      total += count
      bases.append(base)
    }
    return ONNXArray.joined(bases, axis: axis).map { ONNXRepeated(base: $0, lengths: lengths) }
  }
}
