import CellCompiler
import CellLanguage
import Testing

/// The pass `arrange-slots`
@Suite struct ArrangeSlotsTests {
  private func slots(of equations: String, states: String = "h") throws -> [String] {
    try plan(of: equations, states: states, through: .arrangeSlots).lines(under: "pre-activations")
  }

  @Test func preactivationsOfTheSameVectorsLieSideBySide() throws {
    #expect(
      try slots(of: "a = σ(A x + B h)\nc = σ(C x)\nd = σ(D x + E h)\nh' = a * c * d") == [
        "[0..<4]  A x + B h", "[4..<8]  D x + E h", "[8..<12]  C x",
      ])
  }

  @Test func thoseOfTheSameFunctionLieSideBySide() throws {
    #expect(
      try slots(of: "a = tanh(A x)\nc = σ(C x)\nd = tanh(D x)\ne = E x\nh' = a * c * d * e") == [
        "[0..<4]  E x", "[4..<8]  C x", "[8..<12]  A x", "[12..<16]  D x",
      ])
  }

  /// Two products of `r * h` and of `h` for three pre-activations: the one that reads both stands between the others.
  @Test func classesAreOrderedForTheFewestProducts() throws {
    let plan = try plan(
      of: "r = σ(V x)\na = σ(A h)\nc = σ(C (r * h))\nd = σ(D h + E (r * h))\nh' = a * c * d", through: .stackProducts)
    #expect(try plan.lines(under: "pre-activations").firstIndex { $0.contains("D h + E") } != 0)
    #expect(plan.products.count == 4)
  }

  @Test func whatNoStateDependsOnHasASlotOnlyIfAllIsComputed() throws {
    let equations = "seen = σ(W x)\nh' = tanh(U h)"
    #expect(try plan(of: equations, through: .arrangeSlots).slots.count == 1)
    #expect(try plan(of: equations, through: .arrangeSlots, computesAll: true).slots.count == 2)
  }
}
