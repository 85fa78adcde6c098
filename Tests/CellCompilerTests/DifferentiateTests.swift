import CellCompiler
import CellLanguage
import Testing

/// The pass `differentiate`
@Suite struct DifferentiateTests {
  private func differentiated(_ equations: String, states: String = "h", drawing: Plan.Drawing = .init()) throws -> Plan {
    try plan(of: equations, states: states, through: .differentiate, drawing: drawing)
  }

  @Test func theGradientOfTheOutputIsAddedToThatOfTheFirstStateOnly() throws {
    let plan = try differentiated("h' = W x\nc' = U x", states: "h, c")
    #expect(try plan.backwardValues == ["%8 = add(gradient of h', gradient of the output)"])
    #expect(try plan.lines(under: "gradients") == ["of h': %8", "of c': gradient of c'"])
  }

  @Test func adjointsComeFromTheTableOfPrimitives() throws {
    let plan = try differentiated("h' = tanh(W x)")
    #expect(
      try plan.backwardValues == [
        "%6 = add(gradient of h', gradient of the output)", "%8 = multiply(h', h')", "%9 = subtract(1.0, %8)",
        "%10 = multiply(%6, %9)",
      ])
    #expect(try plan.lines(under: "gradients") == ["of %2: %10"])
  }

  @Test func theForwardStepStaysAsItWas() throws {
    let equations = "f = σ(W x + U h)\nh' = f * h"
    let lowered = try plan(of: equations, through: .lowerEquations)
    let plan = try differentiated(equations)
    #expect(plan.forwardCount == lowered.forwardCount)
    #expect(Array(plan.graph.nodes[..<plan.forwardCount]) == lowered.graph.nodes)
  }

  @Test func vectorsAndScalarsHaveGradientsAndBiasesOfSumsDoNot() throws {
    let plan = try differentiated("scalar α\nh' = α * tanh(W x + p * h + b)")
    let parameters = Set(plan.gradients.parameters.map { plan.cell.parameters[$0.parameter].name })
    #expect(parameters == ["α", "p"])
  }

  @Test func whatDoesNotChangeTheResultHasAGradientOfZero() throws {
    let plan = try differentiated("h' = step(W x) * h")
    let gradient = try #require(plan.gradients.affines[try plan.value("h'.pre")])
    #expect(plan.graph[gradient].operation == .constant(0))
  }

  @Test func statesAndInputsHaveGradientsBesideThoseOfProducts() throws {
    let through = try differentiated("h' = tanh(W x + U h)")
    #expect(through.gradients.states == [nil])
    #expect(through.gradients.input == nil)
    let beside = try differentiated("h' = tanh(W x + U h) + h * x")
    #expect(beside.gradients.states != [nil])
    #expect(beside.gradients.input != nil)
  }

  @Test func aComputedVectorGetsItsGradientThroughAllItsProducts() throws {
    let plan = try differentiated("r = σ(V x)\na = σ(W (r * h))\nc = tanh(U (r * h))\nh' = a * c")
    let returns = plan.graph.nodes.compactMap { node -> [Graph.Value]? in
      if case .backpropagated(_, let affines, _) = node.operation { affines } else { nil }
    }
    #expect(returns == [[try plan.value("a.pre"), try plan.value("c.pre")]])
  }

  @Test func whatNoStateDependsOnHasNone() throws {
    let plan = try differentiated("seen = σ(W x)\nh' = tanh(U h)")
    #expect(plan.gradients.affines.keys.sorted() == [try plan.value("h'.pre")])
  }

  @Test func masksHaveNone() throws {
    let plan = try differentiated("h' = tanh(U h + W x)", drawing: .init(masks: true))
    #expect(plan.gradients.parameters.isEmpty)
    let product = try #require(plan.backwardValues.last)
    #expect(product.hasSuffix(", mask of h)"), "\(product)")
    #expect(try plan.lines(under: "gradients").last == "of h: \(product.prefix { $0 != " " })")
  }
}
