/// The products of the matrices that each sequence has: what a step computes of a matrix state and vectors.
///
/// A matrix stands row by row, V rows of K numbers. Each product is linear in both factors, so that its gradients are products, too.
package enum MatrixProduct: Sendable, Hashable {
  /// `outer(v, k)`, element (r, c) = v[r] k[c]: `[V], [K] → [V, K]`.
  case outer
  /// `C q`: `[V, K], [K] → [V]`.
  case times
  /// `C^T v`: `[V, K], [V] → [K]`.
  case transposedTimes
  /// `diag(f) C`, each row times its own number: `[V], [V, K] → [V, K]`.
  case scaledRows
  /// `C diag(f)`, each column times its own number: `[V, K], [K] → [V, K]`.
  case scaledColumns

  /// The product, in Double.
  package func value(_ a: [Double], _ b: [Double]) -> [Double] {
    switch self {
    case .outer: a.flatMap { left in b.map { left * $0 } }
    case .times: Self.dots(a, columns: b.count) { _ in b }
    case .transposedTimes: Self.combination(b, of: a)
    case .scaledRows: Self.mapped(b, columns: b.count / a.count) { row, _ in a[row] }
    case .scaledColumns: Self.mapped(a, columns: b.count) { _, column in b[column] }
    }
  }

  /// The gradients of the factors, given that of the product.
  package func gradients(_ a: [Double], _ b: [Double], _ dy: [Double]) -> (a: [Double], b: [Double]) {
    switch self {
    case .outer: (Self.times.value(dy, b), Self.transposedTimes.value(dy, a))
    case .times: (Self.outer.value(dy, b), Self.transposedTimes.value(a, dy))
    case .transposedTimes: (Self.outer.value(b, dy), Self.times.value(a, dy))
    case .scaledRows:
      (
        Self.dots(dy, columns: b.count / a.count) { row in Array(b[row * (b.count / a.count)..<(row + 1) * (b.count / a.count)])
        },
        Self.scaledRows.value(a, dy)
      )
    case .scaledColumns:
      (
        Self.scaledColumns.value(dy, b),
        Self.combination(
          [Double](repeating: 1, count: a.count / b.count), of: zip(a, dy).map { $0 * $1 })
      )
    }
  }

  /// How many products are added up for one number of the value.
  package func terms(_ a: Int, _ b: Int) -> Int {
    switch self {
    case .outer, .scaledRows, .scaledColumns: 1
    case .times, .transposedTimes: b
    }
  }

  /// The product of each row of a matrix with a vector for that row.
  private static func dots(_ matrix: [Double], columns: Int, _ vector: (Int) -> [Double]) -> [Double] {
    (0..<matrix.count / columns).map { row in
      zip(matrix[row * columns..<(row + 1) * columns], vector(row)).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// The sum of a matrix's rows, each times its own number.
  private static func combination(_ numbers: [Double], of matrix: [Double]) -> [Double] {
    let columns = matrix.count / numbers.count
    return (0..<columns).map { column in
      numbers.indices.reduce(0) { $0 + numbers[$1] * matrix[$1 * columns + column] }
    }
  }

  private static func mapped(_ matrix: [Double], columns: Int, _ factor: (Int, Int) -> Double) -> [Double] {
    matrix.indices.map { matrix[$0] * factor($0 / columns, $0 % columns) }
  }
}
