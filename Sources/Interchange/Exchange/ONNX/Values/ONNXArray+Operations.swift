import ONNXFiles

extension ONNXArray {
  /// The elements if they are whole numbers, else nil.
  var integers: [Int]? { if case .integers(let values) = elements { values } else { nil } }

  /// The numbers as floating point.
  var floats: [Float] {
    switch elements {
    case .floats(let values): values
    case .integers(let values): values.map(Float.init)
    }
  }

  var isZero: Bool {
    switch elements {
    case .floats(let values): values.allSatisfy { $0 == 0 }
    case .integers(let values): values.allSatisfy { $0 == 0 }
    }
  }

  static func integers(_ values: [Int], shape: [Int]? = nil) -> ONNXArray {
    ONNXArray(shape ?? [values.count], .integers(values))
  }

  /// An array of some of the elements, by their places.
  func picking(_ places: [Int], shape: [Int]) -> ONNXArray {
    switch elements {
    case .floats(let values): ONNXArray(shape, .floats(places.map { values[$0] }))
    case .integers(let values): ONNXArray(shape, .integers(places.map { values[$0] }))
    }
  }

  /// The array's elements in another shape with as many places.
  func reshaped(_ shape: [Int]) -> ONNXArray { ONNXArray(shape, elements) }

  /// An array whose place along each axis is found from the own place by `place`.
  private func gathering(_ shape: [Int], _ place: ([Int]) -> [Int]) -> ONNXArray {
    let strides = Self.strides(self.shape)
    var index = [Int](repeating: 0, count: shape.count)
    var places: [Int] = []
    places.reserveCapacity(shape.reduce(1, *))
    for _ in 0..<shape.reduce(1, *) {
      places.append(zip(place(index), strides).reduce(0) { $0 + $1.0 * $1.1 })
      for axis in index.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
    return picking(places, shape: shape)
  }

  private static func strides(_ shape: [Int]) -> [Int] {
    var strides: [Int] = []
    var stride = 1
    for length in shape.reversed() {
      strides.append(stride)
      stride *= length
    }
    return strides.reversed()
  }

  /// - Parameter permutation: for each axis of the result which axis of this array it is.
  func transposed(_ permutation: [Int]) -> ONNXArray {
    gathering(permutation.map { shape[$0] }) { index in
      var place = index
      for (axis, source) in permutation.enumerated() { place[source] = index[axis] }
      return place
    }
  }

  /// The elements whose place along an axis is one of `kept`.
  func taking(_ kept: [Int], axis: Int) -> ONNXArray {
    let (outer, length) = (shape[..<axis].reduce(1, *), shape[axis])
    let inner = shape[(axis + 1)...].reduce(1, *)
    var shape = shape
    shape[axis] = kept.count
    var places: [Int] = []
    for row in 0..<outer {
      for place in kept {
        let start = (row * length + place) * inner
        places += start..<start + inner
      }
    }
    return picking(places, shape: shape)
  }

  /// The concatenation of arrays of the same kind and, but for the axis, the same shape; nil if they are not.
  static func joined(_ arrays: [ONNXArray], axis: Int) -> ONNXArray? {
    guard let first = arrays.first else { return nil }
    for array in arrays {
      var (own, other) = (array.shape, first.shape)
      guard own.count == other.count, array.isWhole == first.isWhole else { return nil }
      (own[axis], other[axis]) = (0, 0)
      if own != other { return nil }
    }
    let total = arrays.reduce(0) { $0 + $1.shape[axis] }
    var shape = first.shape
    shape[axis] = total
    let outer = shape[..<axis].reduce(1, *)
    func join<Element>(_ parts: [[Element]]) -> [Element] {
      var joined: [Element] = []
      for row in 0..<outer {
        for part in parts {
          let length = part.count / outer
          joined += part[row * length..<(row + 1) * length]
        }
      }
      return joined
    }
    let integers = arrays.compactMap(\.integers)
    if first.isWhole { return ONNXArray(shape, .integers(join(integers))) }
    return ONNXArray(shape, .floats(join(arrays.map(\.floats))))
  }

  /// The array repeated along axes of length 1 and along new first axes until it has the shape; nil if it can't be.
  func spread(to shape: [Int]) -> ONNXArray? {
    let missing = shape.count - self.shape.count
    guard missing >= 0, zip(self.shape, shape.dropFirst(missing)).allSatisfy({ $0 == $1 || $0 == 1 }) else { return nil }
    if self.shape == shape { return self }
    return gathering(shape) { index in zip(index.dropFirst(missing), self.shape).map { $1 == 1 ? 0 : $0 } }
  }

  /// The shape that two arrays have when each is repeated to match the other; nil if they don't match.
  static func common(_ one: [Int], _ other: [Int]) -> [Int]? {
    let rank = max(one.count, other.count)
    func filled(_ shape: [Int]) -> [Int] { [Int](repeating: 1, count: rank - shape.count) + shape }
    var common: [Int] = []
    for (a, b) in zip(filled(one), filled(other)) {
      guard a == b || a == 1 || b == 1 else { return nil }
      common.append(a == 1 ? b : a)
    }
    return common
  }
}

/// How many elements a shape has; nil if it has too many axes, or there would be more than `limit`, were each axis without length
/// one of length 1.
func elementCount(_ shape: [Int], limit: Int) -> Int? {
  guard shape.count <= ONNXArray.greatestRank else { return nil }
  var count = 1
  for length in shape {
    guard length >= 0 else { return nil }
    let product = count.multipliedReportingOverflow(by: max(1, length))
    if product.overflow || product.partialValue > limit { return nil }
    count = product.partialValue
  }
  return shape.contains(0) ? 0 : count
}
