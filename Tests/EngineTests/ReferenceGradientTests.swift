import CellLanguage
import EngineLaws
import Testing

@Suite struct ReferenceGradientTests {
  /// A cell around each primitive, since the library, which the laws are checked on, does not use all.
  @Test(arguments: Primitive.all.filter { $0.matrixProduct == nil }.map(\.name))
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
      case .product: ""
      }
    let cell = try Cell(parsing: "cell one\ninput x\nstate h\nh' = 0.5 * h + \(value)\n")
    #expect(try ReferenceCell(cell, dimensions: cell.dimensions(inputs: 3, units: 4)).gradientFault() == nil)
  }
}
