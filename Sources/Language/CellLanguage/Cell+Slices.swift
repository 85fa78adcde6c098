import Support

extension Cell {
  /// - Throws: ``RecurrentError`` if a part of a vector is empty or ends beyond the vector in a layer of these sizes.
  func checkSlices(_ dimensions: Dimensions) throws(RecurrentError) {
    for part in equations.flatMap(\.expression.parts) {
      guard case .slice(let vector, let from, let to) = part else { continue }
      let (start, end) = (dimensions[from], dimensions[to])
      let length = dimensions[size(of: vector)]
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
    for (what, size) in lengths where dimensions[size] < 1 {
      throw RecurrentError(
        .cell, "\(what) of cell \(name) has the size \(size), but here that is \(dimensions[size])")
    }
  }

  /// The size of a vector that has a name.
  private func size(of vector: Expression) -> Size {
    switch vector {
    case .name(let name), .next(let name):
      let size =
        inputs.first { $0.name == name }?.size ?? states.first { $0.name == name }?.size.rows
        ?? equations.first { $0.target == name }?.size.rows
      return found(size, orFail: "cell \(self.name) takes a part of \(name), which is no vector")
    case .number, .product, .concatenation, .slice, .apply:
      fatalError("cell \(name) takes a part of \(vector), which has no name")
    }
  }
}

extension Cell.Parameter {
  /// The sizes along its axes.
  fileprivate var lengths: [(name: String, size: Size)] {
    switch kind {
    case .matrix(let rows, let columns): ([rows] + columns).map { (name, $0) }
    case .vector(let size), .bias(let size): [(name, size)]
    case .scalar: []
    }
  }
}
