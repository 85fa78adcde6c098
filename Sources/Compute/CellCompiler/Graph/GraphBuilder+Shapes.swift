import CellLanguage
import Support

/// How long values are, and in how many columns they stand.
extension GraphBuilder {
  func shape(of size: Shape) -> Graph.Shape {
    if size.followsMemory { return size.columns.map { .rowsOfMemory(dimensions[$0]) } ?? .rowsOfMemory }
    return Graph.Shape(dimensions[size], columns: size.columns.map { dimensions[$0] / heads }, heads: heads)
  }

  /// The shape of what a matrix can multiply, or of a factor of a product of matrices.
  func ownShape(of expression: Expression) -> Graph.Shape {
    found(shape(of: expression), orFail: "cell \(cell.name) multiplies a matrix with \(expression), which has no length")
  }

  /// The shape of an expression's value, nil for a number.
  func shape(of expression: Expression) -> Graph.Shape? {
    switch expression {
    case .number: return nil
    case .name(let name):
      if let value = environment[name] { return graph[value].shape }
      if cell.constant(named: name) != nil { return nil }
      switch cell.parameters[parameter(name)].kind {
      case .vector(let size), .bias(let size): return Graph.Shape(dimensions[size])
      case .scalar: return nil
      case .matrix, .blockDiagonal: fatalError("cell \(cell.name) reads the matrix \(name) as if it were a vector")
      }
    case .next(let name): return graph[next(name)].shape
    case .product(let matrix, let isTransposed, _):
      guard let (rows, columns) = cell.parameters[parameter(matrix)].kind.matrixSizes else {
        fatalError("cell \(cell.name) multiplies with \(matrix), which is no matrix")
      }
      return Graph.Shape(isTransposed ? columns.reduce(0) { $0 + dimensions[$1] } : dimensions[rows])
    case .projection(_, let matrix):
      guard let (rows, _) = cell.parameters[parameter(matrix)].kind.matrixSizes else {
        fatalError("cell \(cell.name) multiplies the rows of its memory with \(matrix), which is no matrix")
      }
      return .rowsOfMemory(dimensions[rows])
    case .slice(_, let from, let to): return Graph.Shape(dimensions[to] - dimensions[from])
    case .concatenation(let parts): return Graph.Shape(parts.reduce(0) { $0 + ownShape(of: $1).width })
    case .apply(let primitive, let arguments):
      if let product = primitive.matrixProduct { return shape(of: product, arguments) }
      if let matrix = primitive.fold { return shape(of: matrix) }
      // An input of one number fits what it meets.
      let shapes = arguments.compactMap { shape(of: $0) }
      return shapes.first(where: \.isMatrix) ?? shapes.first(where: \.followsMemory) ?? shapes.first { $0.width != 1 }
        ?? shapes.first
    }
  }

  private func shape(of product: MatrixProduct, _ arguments: [Expression]) -> Graph.Shape {
    let (left, right) = (ownShape(of: arguments[0]), ownShape(of: arguments[1]))
    if left.followsMemory {
      switch product {
      case .outer: return .rowsOfMemory(right.width)
      case .times: return .rowsOfMemory
      case .transposedTimes: return Graph.Shape(left.width)
      case .scaledRows, .scaledColumns: break
      }
    }
    return switch product {
    case .outer: Graph.Shape(left.width * right.width / heads, columns: right.width / heads, heads: heads)
    case .times, .transposedTimes: Graph.Shape(left.width * heads / right.width)
    case .scaledRows: right
    case .scaledColumns: left
    }
  }
}
