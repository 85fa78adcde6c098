import CellLanguage
import Engine
import Testing

@Suite struct ReferenceGradientTests {
  /// Reverse mode against differences, for each input, initial state and parameter.
  ///
  /// The difference is right to a fifteenth of 1e-6 of itself, plus rounding below 1e-10, which matters only for
  /// gradients below 1e-4.
  @Test(arguments: Cell.library)
  func gradientsAreThoseOfDifferences(cell: Cell) throws {
    let reference = try ReferenceCell(cell, dimensions: cell.smallDimensions())
    // A point next to a kink has no differences; the next seed has another point.
    for seed in UInt64(1)...20 {
      let point = Point(reference, steps: 4, seed: seed)
      let gradients = try point.gradients(reference)
      let coordinates = point.coordinates
      let differences = try coordinates.map { try point.difference(reference, along: $0) }
      guard !differences.contains(nil) else { continue }
      for (coordinate, difference) in zip(coordinates, differences.compactMap(\.self)) {
        let error = abs(gradients[coordinate] - difference)
        #expect(error <= 1e-6 * abs(difference) + 1e-10, "\(coordinate) from seed \(seed): \(gradients[coordinate])")
      }
      #expect(coordinates.contains { gradients[$0] != 0 })
      return
    }
    Issue.record("\(cell.name) has a kink next to each point")
  }
}

extension Cell {
  /// Four units and three inputs, or four where the cell demands as many as units.
  func smallDimensions() throws -> Dimensions {
    let apart = try? dimensions(inputs: 3, units: 4)
    return try apart ?? dimensions(inputs: 4, units: 4)
  }
}
