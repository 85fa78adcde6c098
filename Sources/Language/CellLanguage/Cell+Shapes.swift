import Support

extension Cell {
  /// The shape of what an expression of the cell computes; nil for a number, which fits any vector or matrix.
  package func shape(of expression: Expression) -> Shape? {
    switch expression {
    case .number: return nil
    case .name(let name):
      if let memory, memory.name == name { return memory.shape }
      if let input = inputs.first(where: { $0.name == name }) { return input.isNumber ? nil : Shape(input.size) }
      if let state = states.first(where: { $0.name == name }) { return state.isNumber ? nil : state.size }
      if let local = equations.first(where: { $0.target == name && !$0.isUpdate }) { return local.isNumber ? nil : local.size }
      switch parameters.first(where: { $0.name == name })?.kind {
      case .vector(let size), .bias(let size): return Shape(size)
      case .scalar, .matrix, .blockDiagonal, nil: return nil
      }
    case .next(let name): return shape(of: .name(name))
    case .projection(let name, let matrix):
      guard let sizes = parameters.first(where: { $0.name == matrix })?.kind.matrixSizes else { return nil }
      return Shape(.rows(of: name), columns: sizes.rows)
    case .slice(_, let from, let to):
      return Shape(
        Size(
          terms: to.terms.merging(from.terms.mapValues { -$0 }, uniquingKeysWith: +), constant: to.constant - from.constant))
    case .concatenation(let parts): return Shape(parts.reduce(Size()) { $0 + length(of: $1) })
    case .product(let matrix, let isTransposed, _):
      guard let sizes = parameters.first(where: { $0.name == matrix })?.kind.matrixSizes else { return nil }
      return Shape(isTransposed ? sizes.columns.reduce(Size(), +) : sizes.rows)
    case .apply(let primitive, let arguments):
      if let product = primitive.matrixProduct { return shape(of: product, arguments) }
      if primitive == .asRows { return nil }
      if let matrix = primitive.fold { return matrix }
      return arguments.lazy.compactMap { shape(of: $0) }.first
    }
  }

  /// The length of a vector, or of a number in the place of one.
  private func length(of expression: Expression) -> Size { (shape(of: expression) ?? .number(hasHeads: hasHeads)).rows }

  private func shape(of product: MatrixProduct, _ arguments: [Expression]) -> Shape? {
    switch product {
    case .outer: Shape(length(of: arguments[0]), columns: length(of: arguments[1]))
    case .times: Shape(length(of: arguments[0]))
    case .transposedTimes: shape(of: arguments[0])?.columns.map { Shape($0) }
    case .scaledRows: shape(of: arguments[1])
    case .scaledColumns: shape(of: arguments[0])
    }
  }

  /// Whether it has something for each sequence that is no vector: a matrix, or a number that a step computes or carries.
  package var hasMatricesOrNumbers: Bool {
    memory != nil || states.contains { $0.isNumber || $0.size.isMatrix } || equations.contains { $0.isNumber || $0.size.isMatrix }
      || equations.flatMap(\.expression.parts).contains { part in
        if case .apply(.outer, _) = part { true } else { false }
      }
  }

  /// - Throws: ``RecurrentError`` if a matrix that each sequence has holds more numbers than any vector may.
  func checkMatrices(_ dimensions: Dimensions) throws(RecurrentError) {
    let products = equations.flatMap(\.expression.parts).compactMap { part -> (name: String, size: Shape)? in
      guard case .apply(let primitive, _) = part, primitive == .outer || primitive.fold != nil, let shape = shape(of: part)
      else { return nil }
      return (part.description, shape)
    }
    let matrices = states.map { (name: $0.name, size: $0.size) } + equations.map { (name: $0.name, size: $0.size) } + products
    for (what, shape) in matrices {
      guard let size = shape.columns, !shape.followsMemory else { continue }
      let (rows, columns) = (dimensions[shape.rows], dimensions[size])
      let (count, overflows) = rows.multipliedReportingOverflow(by: columns)
      if overflows || count > Size.largest {
        throw RecurrentError(
          .cell, "\(what) of cell \(name) has \(rows) × \(columns) elements; a matrix may have at most \(Size.largest)")
      }
    }
  }
}
