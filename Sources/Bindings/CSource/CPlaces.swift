import CellCompiler
import CellLanguage
import Support

/// Which element of a vector belongs to each place of a matrix that is made of it, or is added up to it, or to each place of a longer
/// vector with equal parts.
///
/// Matrices of several heads stand one after the other, each row by row.
struct CPlaces: Sendable, Hashable {
  private enum Kind: Sendable, Hashable {
    /// The element of the place's column, of its row, of its head, or of the place itself.
    case column, row, head, place
  }

  private let kind: Kind
  /// Rows and columns of the matrix of each head; of a vector with parts as many rows as it has parts.
  private let rows: Int
  private let columns: Int
  private let heads: Int

  /// - Parameter matrix: what is made of a vector or added up to one.
  init(_ map: MatrixMap, of matrix: Graph.Shape) {
    let columns = found(matrix.columns, orFail: "\(map) is of a matrix, and here of a vector")
    kind =
      switch map {
      case .asRows, .sumOfRows: .column
      case .asColumns, .sumOfColumns: .row
      case .asMatrix, .sumOfAll: .head
      }
    (rows, self.columns, heads) = (matrix.width / columns / matrix.heads, columns, matrix.heads)
  }

  /// The parts of a vector.
  init(parts count: Int, of width: Int) { self.init(.asColumns, of: Graph.Shape(width, columns: width / count)) }

  private init(_ kind: Kind) { (self.kind, rows, columns, heads) = (kind, 1, 1, 1) }

  /// One number in all places.
  static let first = CPlaces(.head)
  /// Each element in its own place: a vector as a matrix.
  static let same = CPlaces(.place)

  /// How many elements are added up to one.
  var count: Int {
    switch kind {
    case .column: rows
    case .row: columns
    case .head: rows * columns
    case .place: 1
    }
  }

  /// Whether a row of a matrix is added up to one element.
  var isRow: Bool { kind == .row }

  /// The element's place in C.
  ///
  /// - Parameter inMatrix: whether the loop has a `row` and a `column`, and not only a `unit`.
  func index(inMatrix: Bool) -> String {
    switch kind {
    case .place: "unit"
    case .head where heads == 1: "0"
    case .head: inMatrix ? "row / \(rows)" : "unit / \(rows * columns)"
    case .row: inMatrix ? "row" : "unit / \(columns)"
    case .column where inMatrix: heads == 1 ? "column" : "\(columns) * (row / \(rows)) + column"
    case .column: heads == 1 ? "unit % \(columns)" : "\(columns) * (unit / \(rows * columns)) + unit % \(columns)"
    }
  }

  /// The vector's elements in the places of what is made of it; a single number stands for as many.
  func spread(_ numbers: [Double], to width: Int) -> [Double] {
    numbers.count == 1 ? numbers : (0..<width).map { numbers[element(ofPlace: $0)] }
  }

  /// What the elements in all places add up to, in a vector of that width; a single number stands for all of them.
  func sums(of numbers: [Double], in width: Int) -> [Double] {
    if numbers.count == 1 { return [numbers[0] * Double(count)] }
    var sums = Array(repeating: 0.0, count: width)
    for (place, number) in numbers.enumerated() { sums[element(ofPlace: place)] += number }
    return sums
  }

  private func element(ofPlace unit: Int) -> Int {
    switch kind {
    case .place: unit
    case .head: unit / (rows * columns)
    case .row: unit / columns
    case .column: columns * (unit / (rows * columns)) + unit % columns
    }
  }
}
