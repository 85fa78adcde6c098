/// What a state or a local value is made of: the length of a vector, or the rows and columns of a matrix.
package struct Shape: Sendable, Hashable {
  /// The length of a vector, or how many rows a matrix has.
  package let rows: Size
  /// How many columns a matrix has, which each sequence has one of; nil for a vector.
  package let columns: Size?

  package init(_ rows: Size, columns: Size? = nil) { (self.rows, self.columns) = (rows, columns) }

  /// A vector of as many elements as the layer has units.
  package static let units = Shape(.units)
  /// A single number; with heads one for each of them.
  package static func number(hasHeads: Bool = false) -> Shape { Shape(hasHeads ? .heads : Size(constant: 1)) }

  package var isMatrix: Bool { columns != nil }

  /// Whether it has an element, or a row, for each row of a memory.
  package var followsMemory: Bool { rows.isRowsOfMemory }
}

extension Shape: CustomStringConvertible {
  /// As a declaration says it between parentheses: `units`, or `units, P` for a matrix.
  package var description: String { columns.map { "\(rows), \($0)" } ?? rows.description }
}

extension Dimensions {
  /// How many numbers a vector or a matrix of that shape holds. With heads a matrix is one for each of them, side by side: each has its
  /// part of the rows and of the columns.
  package subscript(shape: Shape) -> Int { self[shape.rows] * (shape.columns.map { self[$0] / heads } ?? 1) }
}
