import CellCompiler
import CellLanguage
import Testing

/// The pass `choose-kept`
@Suite struct ChooseKeptTests {
  private func kept(of equations: String, states: String = "h") throws -> [String] {
    try plan(of: equations, states: states, through: .chooseKept).lines(under: "kept for the backward run")
  }

  @Test func whatIsDearToComputeIsKept() throws {
    #expect(try kept(of: "f = σ(W x)\nc' = f * c\nh' = f * tanh(c')", states: "h, c") == ["[0..<4]  tanh(c')"])
  }

  @Test func whatIsCheapIsComputedAgain() throws {
    #expect(try kept(of: "z = σ(W x + U h)\nn = tanh(V x)\nh' = (1 - z) * n + z * h") == [])
  }

  @Test func whatAMatrixMultipliesIsKeptHoweverCheap() throws {
    #expect(try kept(of: "r = σ(W x)\nh' = tanh(U (r * h))") == ["[0..<4]  multiply(r, h)"])
  }

  @Test func whatIsInMemoryForAllStepsIsNot() throws {
    #expect(try kept(of: "c' = tanh(W x) + c\nh' = σ(V x) * (U c')", states: "h, c") == [])
  }

  @Test func dearOnesShareWhatIsKeptAlready() throws {
    #expect(try kept(of: "e = exp(h + 1)\nh' = e * e * (W x)") == ["[0..<4]  e"])
  }
}
