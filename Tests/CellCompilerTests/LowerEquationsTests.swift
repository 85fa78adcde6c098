import CellCompiler
import CellLanguage
import Testing

/// The pass `lower-equations`
@Suite struct LowerEquationsTests {
  private func values(of equations: String, states: String = "h", drawing: Plan.Drawing = .init()) throws -> [String] {
    try plan(of: equations, states: states, through: .lowerEquations, drawing: drawing).forwardValues
  }

  @Test func productsAndBiasesOfASumAreOnePreactivation() throws {
    #expect(try values(of: "h' = tanh(W x + b + U h)") == ["%2 = W x + U h + b", "h' = tanh(%2)"])
  }

  @Test func whatElseTheSumHoldsIsAddedPointByPoint() throws {
    #expect(
      try values(of: "h' = tanh(W x - p * h + 0.5 - b)") == [
        "%2 = W x", "%4 = multiply(p, h)", "%5 = subtract(%2, %4)", "%7 = add(%5, 0.5)", "%9 = subtract(%7, b)", "h' = tanh(%9)",
      ])
  }

  @Test func aSubtractedProductIsNoTermOfTheSum() throws {
    #expect(try values(of: "h' = W x - U h") == ["%2 = W x", "%3 = U h", "h' = subtract(%2, %3)"])
  }

  @Test func aMatrixOfAConcatenationIsCutIntoBlocks() throws {
    let plan = try plan(of: "h' = tanh(W [h, x])", through: .lowerEquations)
    let terms = try plan.sum("h'.pre").terms
    #expect(terms.map(\.offset) == [0, 4])
    #expect(terms.map(\.matrix) == [0, 0])
    #expect(terms.map { plan.graph[$0.vector].operation } == [.previous(state: 0), .input])
  }

  @Test func aTransposedMatrixStaysOne() throws {
    let terms = try plan(of: "h' = tanh(W^T x)", through: .lowerEquations).sum("h'.pre").terms
    #expect(terms.map(\.isTransposed) == [true])
  }

  @Test func equalExpressionsAreOneValue() throws {
    #expect(
      try values(of: "a = σ(W x)\nb = σ(W x)\nh' = a * b") == ["%2 = W x", "b = sigmoid(%2)", "h' = multiply(b, b)"])
  }

  /// The gates of FastGRNN.
  @Test func sumsThatDifferInTheirBiasesShareTheirProducts() throws {
    #expect(
      try values(of: "a = σ(W x + U h + p)\nc = tanh(W x + U h + q)\nh' = a * c") == [
        "%2 = W x + U h", "%4 = add(%2, p)", "a = sigmoid(%4)", "%7 = add(%2, q)", "c = tanh(%7)", "h' = multiply(a, c)",
      ])
  }

  @Test func aPartOfAPartIsOneOfTheWhole() throws {
    #expect(
      try values(of: "z = W x\nf = z[1..6]\nh' = σ(f[1..5]) + z[4..8]") == [
        "z = W x", "f = z[1..<6]", "%4 = z[2..<6]", "%5 = sigmoid(%4)", "%6 = z[4..<8]",
        "h' = add(%5, %6)",
      ])
  }

  @Test func aCompositeFunctionBecomesItsParts() throws {
    #expect(try values(of: "h' = silu(W x)") == ["%2 = W x", "%3 = sigmoid(%2)", "h' = multiply(%2, %3)"])
  }

  @Test func aFusedFunctionStaysOne() throws {
    #expect(try values(of: "h' = layer_norm(W x)") == ["%2 = W x", "h' = layer_norm(%2)"])
  }

  @Test func equationsAreTakenInTheOrderInWhichTheyReadEachOther() throws {
    #expect(
      try values(of: "h' = tanh(c')\nc' = a + c\na = W x", states: "h, c") == ["a = W x", "c' = add(a, c)", "h' = tanh(c')"])
  }

  @Test func aNextStateMayBeAnOldOne() throws {
    #expect(try values(of: "h' = tanh(W x)\nc' = h", states: "h, c") == ["%3 = W x", "h' = tanh(%3)", "c' = h"])
    let plan = try plan(of: "h' = tanh(W x)\nc' = h", states: "h, c", through: .lowerEquations)
    #expect(plan.graph[plan.next[1]].operation == .previous(state: 0))
  }

  @Test func numbersAndScalarsAreAsLongAsWhatTheyMeet() throws {
    let plan = try plan(of: "scalar α\nh' = α * h + W (2 * x)", through: .lowerEquations)
    let widths = plan.graph.nodes.compactMap { node in
      switch node.operation {
      case .constant, .parameter: node.width
      default: nil
      }
    }
    #expect(widths == [3, 4] || widths == [4, 3])
  }

  @Test func productsAloneSeeStatesThroughMasks() throws {
    #expect(
      try values(of: "h' = tanh(W x + U h) * h", drawing: .init(masks: true)) == [
        "%3 = multiply(h, mask of h)", "%4 = W x + U %3", "%5 = tanh(%4)", "h' = multiply(%5, h)",
      ])
  }

  @Test func zoneoutKeepsAFractionOfTheOldValue() throws {
    let equations = "h' = tanh(W x)\nzoneout h = 0.25"
    #expect(
      try values(of: equations) == [
        "%2 = W x", "%3 = tanh(%2)", "%5 = multiply(0.25, %3)", "%6 = subtract(%3, %5)", "%7 = multiply(0.25, h)",
        "h' = add(%6, %7)",
      ])
    #expect(try values(of: equations, drawing: .init(zoneout: true)).contains("%5 = multiply(zoneout of h, %3)"))
  }

  @Test func localVectorsAndPreactivationsAreNoted() throws {
    let plan = try plan(of: "f = σ(W x)  # a gate\nh' = f * tanh(U h) * σ(V h)", through: .lowerEquations)
    #expect(plan.locals.map(\.name) == ["f"])
    #expect(plan.locals.map(\.label) == ["a gate"])
    #expect(plan.preactivations.map(\.name) == ["f.pre", "h'.pre1", "h'.pre2"])
    #expect(plan.forwardCount == plan.graph.nodes.count)
  }
}
