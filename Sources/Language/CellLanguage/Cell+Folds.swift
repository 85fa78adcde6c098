import Support

extension Size {
  /// The product of two sizes, each of which is a name or a number: a number, or one of `sizes` that is that product.
  static func product(_ left: Size, _ right: Size, among sizes: [(name: String, value: Cell.NamedSize.Default)]) -> Size? {
    let names = [left, right].flatMap { $0.terms.keys }.sorted()
    let number = [left, right].reduce(1) { $0 * ($1.terms.isEmpty ? $1.constant : 1) }
    if names.isEmpty { return number <= largest ? Size(constant: number) : nil }
    if names.count == 1 && number == 1 { return Size(terms: [names[0]: 1]) }
    let size = sizes.first { $0.value.names.sorted() == names && $0.value.multiplier == number && $0.value.divisor == 1 }
    return size.map { Size(terms: [$0.name: 1]) }
  }
}

extension CellSyntax {
  /// The sizes that matrices of vectors' elements have, and those that say how long these vectors are.
  var foldSizes: [String] {
    let shapes = equations.flatMap(\.expression.folds)
    let lengths = shapes.compactMap { shape in
      Size.product(
        shape.rows, shape.columns ?? Size(constant: 1), among: sizes.map { ($0.name.text, $0.defaultValue) })
    }
    return (shapes.flatMap { [$0.rows, $0.columns].compactMap(\.self) } + lengths).flatMap(\.terms.keys)
  }
}

extension ExpressionSyntax {
  /// The shapes of matrices that are made of vectors' elements.
  var folds: [Shape] {
    var own: [Shape] = []
    if case .apply(let primitive, _) = kind, let shape = primitive.fold { own = [shape] }
    return own + kind.children.flatMap(\.folds)
  }

  /// Where the first of these stands.
  var fold: Span? {
    if case .apply(let primitive, _) = kind, primitive.fold != nil { return span }
    return kind.children.lazy.compactMap(\.fold).first
  }
}

extension Cell {
  /// - Throws: ``RecurrentError`` if a vector that is read as a matrix has not as many elements as that.
  func checkFolds(_ dimensions: Dimensions) throws(RecurrentError) {
    for part in equations.flatMap(\.expression.parts) {
      guard case .apply(let primitive, let arguments) = part, let matrix = primitive.fold, let columns = matrix.columns,
        let vector = shape(of: arguments[0])
      else { continue }
      let (length, rows, width) = (dimensions[vector.rows], dimensions[matrix.rows], dimensions[columns])
      if length != rows * width {
        throw RecurrentError(
          .cell, "cell \(name) reads \(part), a matrix of \(rows) × \(width) numbers, but \(arguments[0]) has \(length)")
      }
    }
  }
}
