public import TaskKit

/// A cell that is compared with others.
public struct ComparedCell: Sendable, Hashable {
  /// What reports call the cell.
  package let name: String
  package let cell: CellText
  /// Units in each layer; nil for those of the recipe.
  package let units: Int?

  /// - Parameter name: what reports call the cell; nil for its own name.
  public init(_ cell: CellText, name: String? = nil, units: Int? = nil) {
    self.name = name ?? cell.name
    self.cell = cell
    self.units = units
  }

  /// The built-in cell of that name, such as `lstm`.
  ///
  /// - Throws: ``UnknownCell`` if the library has none of that name.
  public static func named(_ name: String, units: Int? = nil) throws -> ComparedCell {
    ComparedCell(try CellText.named(name), units: units)
  }
}
