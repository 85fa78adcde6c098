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
    try check(cell)
  }

  /// The same for a cell around each primitive, since the library does not use all.
  @Test(arguments: Primitive.all.map(\.name))
  func primitivesHaveTheGradientsOfDifferences(name: String) throws {
    let primitive = try #require(Primitive.named(name))
    // Logarithm and root need a positive argument; the second is below 0 and the third above, as bounds should be.
    let first = ["log", "sqrt"].contains(name) ? "exp(W x + h)" : "(W x + h)"
    let arguments = [first, "(tanh(V x) - 1)", "(tanh(U x) + 1)"].prefix(primitive.arity)
    let value =
      switch primitive.notation {
      case .function: "\(name)(\(arguments.joined(separator: ", ")))"
      case .infix(let symbol, _): arguments.joined(separator: " \(symbol) ")
      case .prefix(let symbol): symbol + first
      }
    try check(Cell(parsing: "cell one\ninput x\nstate h\nh' = 0.5 * h + \(value)\n"))
  }

  private func check(_ cell: Cell) throws {
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
