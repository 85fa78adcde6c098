import CellCompiler
import CellLanguage
import Testing

/// The pass `fuse-products`
@Suite struct FuseProductsTests {
  private func fused(_ equations: String, states: String = "h") throws -> Int {
    try plan(of: equations, states: states, through: .fuseProducts).fused.count
  }

  @Test func theFirstProductOfASum() throws {
    #expect(try fused("f = σ(W x)\nc' = f * c + (1 - f) * tanh(V x)\nh' = c'", states: "h, c") == 1)
  }

  @Test func whatIsSubtractedAndNotWhatIsSubtractedFrom() throws {
    #expect(try fused("h' = tanh(W x) - 0.5 * h") == 1)
    #expect(try fused("h' = 0.5 * h - tanh(W x)") == 0)
  }

  @Test func notWhatHasANameOrIsReadTwice() throws {
    #expect(try fused("p = 0.5 * h\nh' = p + tanh(W x)") == 0)
    #expect(try fused("h' = σ(0.5 * h) * (0.5 * h + tanh(W x))") == 0)
  }

  @Test func notWhatAMatrixMultiplies() throws {
    #expect(try fused("r = σ(W x)\nh' = tanh(U (r * h))") == 0)
  }

  /// What a run keeps for the step back is rounded in runs that keep nothing, too.
  @Test func notWhatIsKept() throws {
    let plan = try plan(of: "e = exp(h)\nh' = e * e * (W x) + h", through: .fuseProducts)
    #expect(Set(plan.fused.keys).isDisjoint(with: plan.kept.map(\.value)))
  }
}
