/// How a vector or a number becomes a matrix, and how a matrix becomes one: of these and of products element by element all products
/// of matrices are made. Each one's adjoint is another one of them.
///
/// The matrix has V rows of K numbers.
package enum MatrixMap: Sendable, Hashable, CaseIterable {
  /// `[K] → [V, K]`: the vector as every row.
  case asRows
  /// `[V] → [V, K]`: the vector as every column.
  case asColumns
  /// `[1] → [V, K]`: the number in every place.
  case asMatrix
  /// `[V, K] → [K]`: what the rows add up to.
  case sumOfRows
  /// `[V, K] → [V]`: what the columns add up to.
  case sumOfColumns
  /// `[V, K] → [1]`: what all elements add up to.
  case sumOfAll

  /// Whether it makes a matrix of something smaller.
  package var spreads: Bool {
    switch self {
    case .asRows, .asColumns, .asMatrix: true
    case .sumOfRows, .sumOfColumns, .sumOfAll: false
    }
  }

  /// How long the vector is that a matrix of that shape is made of or becomes.
  package func length(rows: Int, columns: Int) -> Int {
    switch self {
    case .asRows, .sumOfRows: columns
    case .asColumns, .sumOfColumns: rows
    case .asMatrix, .sumOfAll: 1
    }
  }
}
