import CellCompiler
import CellLanguage
import Testing

/// The pass `stack-products`
@Suite struct StackProductsTests {
  private func products(of equations: String, states: String = "h") throws -> [String] {
    try plan(of: equations, states: states, through: .stackProducts).lines(under: "products")
  }

  @Test func matricesOfTheSameVectorBecomeOne() throws {
    #expect(
      try products(of: "f = σ(W_f x + U_f h + b_f)\ng = tanh(W_g x + U_g h + b_g)\nh' = f * h + g") == [
        "z[0..<8] = biases + [W_f; W_g] · x   8 × 3   all steps at once",
        "z[0..<8] += [U_f; U_g] · h   8 × 4   before program 1",
      ])
  }

  @Test func aProductOfAComputedVectorWaitsForIt() throws {
    #expect(
      try products(of: "r = σ(W x)\nh' = tanh(V x + U (r * h))") == [
        "z[0..<8] = [W; V] · x   8 × 3   all steps at once", "z[4..<8] += [U] · multiply(r, h)   4 × 4   before program 2",
      ])
  }

  @Test func withoutAnInputAStatesProductStartsTheSlot() throws {
    #expect(
      try products(of: "h' = tanh(U h + b) + W x") == [
        "z[0..<4] = [W] · x   4 × 3   all steps at once", "z[4..<8] = biases + [U] · h   4 × 4   before program 1",
      ])
  }

  @Test func twoMatricesOfOneVectorInOneSumAreTwoProducts() throws {
    let plan = try plan(of: "h' = tanh(U h + V^T h + b) + W x", through: .stackProducts)
    let products = plan.products.filter { $0.stage != nil }
    #expect(products.map(\.accumulates) == [false, true])
    #expect(products.map { $0.blocks.map(\.isTransposed) } == [[false], [true]])
    #expect(products.map { $0.blocks.map(\.biases.count) } == [[1], [0]])
  }

  @Test func aSlotThatDoesNotReadTheVectorParts() throws {
    #expect(
      try products(of: "a = σ(A x + B h)\nc = σ(C h)\nh' = a * c").filter { $0.contains("· h") } == [
        "z[0..<4] += [B] · h   4 × 4   before program 1", "z[4..<8] = [C] · h   4 × 4   before program 1",
      ])
  }
}
