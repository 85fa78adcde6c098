import Support

extension Cell {
  /// - Throws: ``RecurrentError`` if a part of a vector is empty or ends beyond the vector in a layer of these sizes.
  func checkSlices(_ dimensions: Dimensions) throws(RecurrentError) {
    for part in equations.flatMap(\.expression.parts) {
      guard case .slice(let vector, let from, let to) = part else { continue }
      let (start, end) = (dimensions[from], dimensions[to])
      let length = dimensions[wholeSize(of: vector)]
      if start < 0 || start >= end || end > length {
        throw RecurrentError(
          .cell,
          "cell \(name) reads \(part), but here that is \(start)..\(end) of \(length) number\(length == 1 ? "" : "s")"
        )
      }
    }
    let lengths =
      equations.flatMap { equation in
        [equation.size.rows, equation.size.columns].compactMap(\.self).map { (name: equation.name, size: $0) }
      } + parameters.flatMap(\.lengths)
    for (what, size) in lengths where !size.isRowsOfMemory && dimensions[size] < 1 {
      throw RecurrentError(
        .cell, "\(what) of cell \(name) has the size \(size), but here that is \(dimensions[size])")
    }
  }

  /// The size of a vector of which a part is taken: one number is as long as it says.
  private func wholeSize(of vector: Expression) -> Size {
    if case .name(let name) = vector, let input = inputs.first(where: { $0.name == name }) { return input.size }
    return found(shape(of: vector)?.rows, orFail: "cell \(name) takes a part of \(vector), which is no vector")
  }
}

extension Cell.Parameter {
  /// The sizes along its axes.
  fileprivate var lengths: [(name: String, size: Size)] {
    switch kind {
    case .matrix(let rows, let columns), .blockDiagonal(let rows, let columns): ([rows] + columns).map { (name, $0) }
    case .vector(let size), .bias(let size): [(name, size)]
    case .scalar: []
    }
  }
}
