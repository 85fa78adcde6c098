import CellLanguage
import Engine
import Support

/// A matrix in Double, row by row: what initial weights are worked out in.
struct Matrix {
  let rows: Int
  let columns: Int
  var elements: [Double]

  /// All zero.
  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    elements = [Double](repeating: 0, count: rows * columns)
  }

  /// What an `init` line asks for.
  init(_ initializer: Cell.Initializer, rows: Int, columns: Int, _ random: inout Random) {
    switch initializer {
    case .glorot: self = .glorot(rows: rows, columns: columns, &random)
    case .orthogonal(let factor):
      self = .orthogonal(rows: rows, columns: columns, &random)
      if factor != 1 { for index in elements.indices { elements[index] *= factor } }
    case .constant(let number):
      self.init(rows: rows, columns: columns)
      for index in elements.indices { elements[index] = number }
    case .identity(let number):
      self.init(rows: rows, columns: columns)
      for index in 0..<min(rows, columns) { elements[index * columns + index] = number }
    case .uniform(let low, let high):
      self.init(rows: rows, columns: columns)
      for index in elements.indices { elements[index] = low + (high - low) * random.uniform() }
    case .groups:
      self.init(rows: rows, columns: columns)
      for row in 0..<rows { elements[row * columns + row * columns / rows] = 1 }
    case .legendre(let steps): self = .legendre(rows: rows, columns: columns, steps: steps)
    case .normal(let deviation):
      self.init(rows: rows, columns: columns)
      for index in elements.indices { elements[index] = deviation * random.normal() }
    }
  }

  /// Uniform within ±√(6 / (rows + columns)): values and gradients keep their variance (Glorot & Bengio 2010, equation 16).
  static func glorot(rows: Int, columns: Int, _ random: inout Random) -> Matrix {
    let bound = (6 / Double(rows + columns)).squareRoot()
    return Matrix(.uniform(-bound, bound), rows: rows, columns: columns, &random)
  }

  /// Orthonormal columns, or orthonormal rows where the matrix is wider than tall; every such matrix equally likely.
  ///
  /// The factor Q of a normal matrix whose R has a positive diagonal, which makes it uniform (Mezzadri 2007). The modified
  /// Gram-Schmidt process gives just that R. It leaves the vectors orthogonal to about 1e-16 times the condition number
  /// (Björck 1967), which for such a matrix is about its size (Edelman 1988): far more exact than a `Float` can hold.
  static func orthogonal(rows: Int, columns: Int, _ random: inout Random) -> Matrix {
    let (count, length) = (min(rows, columns), max(rows, columns))
    var vectors = (0..<count * length).map { _ in random.normal() }
    vectors.withUnsafeMutableBufferPointer { all in
      let vectors = (0..<count).map { UnsafeMutableBufferPointer(rebasing: all[$0 * length..<($0 + 1) * length]) }
      func project(_ later: UnsafeMutableBufferPointer<Double>, off vector: UnsafeMutableBufferPointer<Double>) {
        let fraction = dot(vector, later)
        for index in later.indices { later[index] -= fraction * vector[index] }
      }
      // A few at a time stay in the cache while all later ones go by. Each loses its parts along the others in their order.
      for first in stride(from: 0, to: count, by: 16) {
        let few = first..<min(first + 16, count)
        for place in few {
          let vector = vectors[place]
          let norm = dot(vector, vector).squareRoot()
          for index in vector.indices { vector[index] /= norm }
          for later in vectors[(place + 1)..<few.upperBound] { project(later, off: vector) }
        }
        for later in vectors[few.upperBound...] { for vector in vectors[few] { project(later, off: vector) } }
      }
    }
    var matrix = Matrix(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        matrix.elements[row * columns + column] = vectors[rows < columns ? row * length + column : column * length + row]
      }
    }
    return matrix
  }

  /// Puts `part` over the elements from that row and column on.
  mutating func place(_ part: Matrix, row: Int, column: Int) {
    for partRow in 0..<part.rows {
      for partColumn in 0..<part.columns {
        elements[(row + partRow) * columns + column + partColumn] = part.elements[partRow * part.columns + partColumn]
      }
    }
  }
}

/// Eight sums side by side, so that no addition waits for the one before it: this is half the work of a large orthogonal
/// matrix.
private func dot(_ left: UnsafeMutableBufferPointer<Double>, _ right: UnsafeMutableBufferPointer<Double>) -> Double {
  let whole = left.count / 8 * 8
  var sums = SIMD8<Double>.zero
  for start in stride(from: 0, to: whole, by: 8) {
    let (a, b) = (left[start..<start + 8], right[start..<start + 8])
    sums += SIMD8(a) * SIMD8(b)
  }
  return (whole..<left.count).reduce(sums.sum()) { $0 + left[$1] * right[$1] }
}
