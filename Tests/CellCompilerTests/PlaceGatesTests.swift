import CellCompiler
import CellLanguage
import Testing

/// The pass `place-gates`
@Suite struct PlaceGatesTests {
  private func gates(of equations: String, states: String = "h") throws -> [String] {
    try plan(of: equations, states: states, through: .placeGates).lines(under: "in the place of pre-activations")
  }

  @Test func aFunctionOfAPreactivationTakesItsPlace() throws {
    #expect(try gates(of: "f = σ(W x)\ng = tanh(U h)\nh' = f * g") == ["[0..<4]  f", "[4..<8]  g"])
  }

  @Test func notIfSomethingElseReadsThePreactivation() throws {
    #expect(try gates(of: "a = W x\nf = σ(a)\nh' = f * a") == [])
  }

  /// The derivative of relu asks whether its argument was positive.
  @Test func notIfTheStepBackReadsThePreactivation() throws {
    #expect(try gates(of: "f = relu(W x)\nh' = f * h") == [])
  }

  @Test func notIfTheStateNeedsThePlaceOfItsOwn() throws {
    #expect(try gates(of: "h' = tanh(W x)") == [])
    #expect(try gates(of: "h' = W x\nc' = tanh(W x)", states: "h, c") == [])
  }

  @Test func notIfItReadsOthersToo() throws {
    #expect(try gates(of: "f = max(W x, h)\nh' = 0.5 * f") == [])
    #expect(try gates(of: "f = layer_norm(W x)\nh' = 0.5 * f") == [])
  }
}
