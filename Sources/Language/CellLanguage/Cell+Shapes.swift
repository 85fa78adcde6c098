import Support

extension Cell {
  /// The numbers that an expression's value holds in a layer: its length as a vector, or its rows and columns.
  package struct Extent: Sendable, Hashable {
    package let rows: Int
    /// Nil of a vector.
    package let columns: Int?

    package init(rows: Int, columns: Int? = nil) { (self.rows, self.columns) = (rows, columns) }

    /// As a vector of that shape in a layer of these sizes.
    package init(_ shape: Shape, in dimensions: Dimensions) {
      self.init(rows: dimensions[shape.rows], columns: shape.columns.map { dimensions[$0] })
    }
  }

  /// How many elements an expression of the cell gives; nil of a number, which fits any vector or matrix.
  package func extent(of expression: Expression, in dimensions: Dimensions) -> Extent? {
    switch expression {
    case .number: return nil
    case .name(let name):
      if let input = inputs.first(where: { $0.name == name }) {
        return input.isNumber ? nil : Extent(rows: dimensions[input.size])
      }
      if let state = states.first(where: { $0.name == name }) { return state.isNumber ? nil : Extent(state.size, in: dimensions) }
      if let local = equations.first(where: { $0.target == name && !$0.isUpdate }) {
        return local.isNumber ? nil : Extent(local.size, in: dimensions)
      }
      return extent(ofParameter: name, in: dimensions)
    case .next(let name): return extent(of: .name(name), in: dimensions)
    case .slice(_, let from, let to): return Extent(rows: dimensions[to] - dimensions[from])
    case .concatenation(let parts): return Extent(rows: parts.reduce(0) { $0 + length(of: $1, in: dimensions) })
    case .product(let matrix, let isTransposed, _):
      guard case .matrix(let rows, let columns)? = parameters.first(where: { $0.name == matrix })?.kind else {
        fatalError("cell \(name) multiplies with \(matrix), which is no matrix")
      }
      return Extent(rows: isTransposed ? columns.reduce(0) { $0 + dimensions[$1] } : dimensions[rows])
    case .apply(let primitive, let arguments):
      if let product = primitive.matrixProduct { return extent(of: product, arguments, in: dimensions) }
      return arguments.lazy.compactMap { extent(of: $0, in: dimensions) }.first
    }
  }

  /// The length of a vector, or of a number in the place of one.
  package func length(of expression: Expression, in dimensions: Dimensions) -> Int {
    extent(of: expression, in: dimensions)?.rows ?? 1
  }

  private func extent(ofParameter name: String, in dimensions: Dimensions) -> Extent? {
    switch parameters.first(where: { $0.name == name })?.kind {
    case .vector(let size), .bias(let size): Extent(rows: dimensions[size])
    case .scalar, .matrix, nil: nil
    }
  }

  private func extent(of product: MatrixProduct, _ arguments: [Expression], in dimensions: Dimensions) -> Extent? {
    func matrix(_ index: Int) -> Extent? { extent(of: arguments[index], in: dimensions) }
    switch product {
    case .outer:
      return Extent(rows: length(of: arguments[0], in: dimensions), columns: length(of: arguments[1], in: dimensions))
    case .times: return matrix(0).map { Extent(rows: $0.rows) }
    case .transposedTimes: return matrix(0)?.columns.map { Extent(rows: $0) }
    case .scaledRows: return matrix(1)
    case .scaledColumns: return matrix(0)
    }
  }

  /// - Throws: ``RecurrentError`` if a matrix that each sequence has holds more numbers than any vector may.
  func checkMatrices(_ dimensions: Dimensions) throws(RecurrentError) {
    var matrices = states.map { (name: $0.name, extent: Extent($0.size, in: dimensions)) }
    for equation in equations { matrices.append((equation.name, Extent(equation.size, in: dimensions))) }
    for part in equations.flatMap(\.expression.parts) {
      if case .apply(.outer, _) = part, let extent = extent(of: part, in: dimensions) { matrices.append(("\(part)", extent)) }
    }
    for (what, extent) in matrices {
      guard let columns = extent.columns else { continue }
      let (count, overflows) = extent.rows.multipliedReportingOverflow(by: columns)
      if overflows || count > Size.largest {
        throw RecurrentError(
          .cell, "\(what) of cell \(name) has \(extent.rows) × \(columns) elements; a matrix may have at most \(Size.largest)")
      }
    }
  }
}
