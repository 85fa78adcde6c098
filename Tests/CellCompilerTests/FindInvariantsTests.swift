import CellCompiler
import CellLanguage
import Testing

/// The pass `find-invariants`
@Suite struct FindInvariantsTests {
  private func invariants(of equations: String) throws -> [String] {
    let plan = try plan(of: equations, through: .findInvariants)
    return plan.invariants.isEmpty ? [] : try plan.lines(under: "once for each change of the parameters")
  }

  @Test func functionsOfParametersAndNumbersAreTakenOut() throws {
    #expect(try invariants(of: "h' = tanh(W x) * σ(p + 1)").contains("sigmoid(add(p, 1.0))"))
  }

  @Test func soAreTheirDerivatives() throws {
    #expect(
      try invariants(of: "h' = W x * exp(-p)") == ["negate(p)", "exp(negate(p))"])
    #expect(try invariants(of: "h' = W x * σ(p)").count == 3)
  }

  @Test func whatStepsChangeStays() throws {
    #expect(try invariants(of: "h' = tanh(W x + p * h)") == [])
  }

  /// Its gradient wants a row of it for each step.
  @Test func whatAMatrixMultipliesStays() throws {
    let plan = try plan(of: "h' = tanh(W x) * (U σ(p))", through: .findInvariants)
    let squashed = plan.graph.nodes.firstIndex { node in
      if case .apply(let primitive, _) = node.operation { primitive.name == "sigmoid" } else { false }
    }
    #expect(!plan.invariants.contains(try #require(squashed)))
  }
}
