import CellCompiler
import CellLanguage
import Testing

/// The pass `schedule-steps`
@Suite struct ScheduleStepsTests {
  private func scheduled(_ equations: String, states: String = "h", computesAll: Bool = false) throws -> Plan {
    try plan(of: equations, states: states, through: .scheduleSteps, computesAll: computesAll)
  }

  @Test func productsAndProgramsAlternate() throws {
    let plan = try scheduled("r = σ(W x)\nh' = tanh(V x + U (r * h))")
    #expect(
      try plan.lines(under: "each step") == [
        "program, rows of 4, 0 registers", "z[0...] = sigmoid(z[0...])", "kept[0...] = multiply(z[0...], h)",
        "z[4..<8] += [U] · multiply(r, h)   4 × 4", "program, rows of 4, 0 registers", "h' = tanh(z[4...])",
      ])
  }

  @Test func gatesSideBySideAreOneInstruction() throws {
    let plan = try scheduled("a = σ(W_a x)\nc = σ(W_c x)\nd = tanh(W_d x)\nh' = a * c * d")
    #expect(
      try plan.instructions(under: "each step").prefix(2) == [
        "z[0...] = sigmoid(z[0...])   for 2 gates", "z[8...] = tanh(z[8...])",
      ])
  }

  @Test func aProductThatOnlyASumReadsIsOneInstructionWithIt() throws {
    let plan = try scheduled("h' = p * h + W x")
    #expect(try plan.instructions(under: "each step") == ["h' = multiply_add(p, h, z[0...])"])
    let subtracting = try scheduled("h' = W x - p * h")
    #expect(try subtracting.instructions(under: "each step") == ["h' = subtract_product(p, h, z[0...])"])
  }

  /// A traced run has to give the same bits, and there the product stands by itself.
  @Test func aProductWithANameStaysApart() throws {
    let plan = try scheduled("kept = p * h\nh' = kept + W x")
    #expect(try plan.instructions(under: "each step") == ["r0 = multiply(p, h)", "h' = add(z[0...], r0)"])
  }

  @Test func registersAreUsedAgain() throws {
    let plan = try scheduled("h' = tanh(tanh(tanh(tanh(W x + h))))")
    #expect(try plan.lines(under: "each step").first == "program, rows of 4, 1 registers")
  }

  @Test func whatALaterProgramReadsIsPutAside() throws {
    let plan = try scheduled("a = tanh(h + W x)\nh' = a + V (a * a)")
    #expect(plan.inference.scratch == 8)
    #expect(plan.inference.homes[try plan.value("a")] == .scratch(0))
  }

  @Test func programsOfDifferentWidthsStandSideBySide() throws {
    let plan = try scheduled("c' = c + A x\nh' = B (c' * c')", states: "h(2), c")
    #expect(
      try plan.lines(under: "each step").filter { $0.hasPrefix("program") } == [
        "program, rows of 4, 0 registers", "program, rows of 2, 0 registers",
      ])
  }

  @Test func aGradientOfAPreactivationIsWrittenAfterTheLastReaderOfItsGate() throws {
    let plan = try scheduled("f = σ(W x)\nh' = f * h")
    let steps = try plan.instructions(under: "each step back")
    let readers = steps.indices.filter { steps[$0].split(separator: " = ").last?.contains("z[0...]") == true }
    let written = try #require(steps.firstIndex { $0.hasPrefix("gradients[0...] = ") })
    #expect(readers.count > 1 && readers.allSatisfy { $0 <= written }, "\(steps)")
  }

  @Test func gradientsOfVectorsAreAddedUp() throws {
    let plan = try scheduled("h' = p * h + W x")
    #expect(try plan.instructions(under: "each step back").last?.hasPrefix("gradient of p = add(gradient of p, ") == true)
  }

  @Test func aStateThatNothingReadsHasAGradientOfZero() throws {
    let plan = try scheduled("h' = W x")
    #expect(try plan.instructions(under: "each step back").contains("gradient of h = identity(0.0)"))
  }

  @Test func aPlanThatComputesAllHasNoStepBack() throws {
    let equations = "seen = tanh(W x)\nh' = U h"
    #expect(try scheduled(equations, computesAll: true).backward.phases.isEmpty)
    #expect(!(try scheduled(equations)).backward.phases.isEmpty)
    #expect(try scheduled(equations, computesAll: true).inference.homes.keys.contains(try scheduled(equations).value("h'")))
  }

  @Test func aStepForInferenceKeepsNothing() throws {
    let plan = try scheduled("r = σ(W x)\nh' = tanh(V x + U (r * h))")
    let places = plan.inference.phases.flatMap { phase -> [Plan.Place] in
      if case .program(let program) = phase { program.instructions.map(\.destination) } else { [] }
    }
    #expect(places == [.slot(0), .scratch(0), .next(state: 0)])
  }
}
