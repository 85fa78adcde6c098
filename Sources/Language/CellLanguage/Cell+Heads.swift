import Support

extension Cell {
  /// How many parts the vectors of the cell have in a layer of these sizes: 1 for a cell without heads.
  package func heads(_ dimensions: Dimensions) -> Int { hasHeads ? dimensions[.heads] : 1 }

  /// The most heads that a cell can have. Each one is a product of its own for every block-diagonal matrix, and a model from
  /// anywhere may ask for them.
  package static let mostHeads = 64

  /// - Throws: ``RecurrentError`` if there are too many heads, or if one of the vectors that they split has no such number of equal
  ///   parts.
  func checkHeads(_ dimensions: Dimensions) throws(RecurrentError) {
    let heads = heads(dimensions)
    if heads == 1 { return }
    if heads > Self.mostHeads {
      throw RecurrentError(.cell, "cell \(name) has \(heads) heads; it can have at most \(Self.mostHeads)")
    }
    for size in splitSizes where !dimensions[size].isMultiple(of: heads) {
      throw RecurrentError(
        .cell,
        "cell \(name) has \(heads) heads, so that \(size) must be a multiple of \(heads), but here it is \(dimensions[size])")
    }
  }

  /// The lengths of vectors that something acts on a head at a time.
  private var splitSizes: [Size] {
    let blocks = parameters.compactMap { $0.kind.isBlockDiagonal ? $0.kind.matrixSizes : nil }
    let rows = equations.flatMap(\.expression.parts).compactMap { part -> Size? in
      guard case .apply(let primitive, _) = part, primitive.mixesElements, primitive.matrixProduct == nil else { return nil }
      return shape(of: part)?.rows
    }
    let matrices = (states.map(\.size) + equations.map(\.size)).filter(\.isMatrix)
    let products = equations.flatMap(\.expression.parts).compactMap { part -> Shape? in
      if case .apply(.outer, _) = part { shape(of: part) } else { nil }
    }
    return blocks.flatMap { [$0.rows] + $0.columns } + rows
      + (matrices + products).flatMap { [$0.rows, $0.columns].compactMap(\.self) }
  }
}

extension Cell.Parameter.Kind {
  /// The sizes of a matrix, or of the whole of a block-diagonal one; nil if it is not a matrix.
  package var matrixSizes: (rows: Size, columns: [Size])? {
    switch self {
    case .matrix(let rows, let columns), .blockDiagonal(let rows, let columns): (rows, columns)
    case .vector, .bias, .scalar: nil
    }
  }

  /// Whether it is a matrix with a block for each head.
  package var isBlockDiagonal: Bool { if case .blockDiagonal = self { true } else { false } }
}
