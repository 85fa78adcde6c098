import CellCompiler
import CellLanguage
import Testing

/// What the passes make of memories.
@Suite struct MemoryPlanTests {
  private func attending(_ pass: Plan.Pass? = nil) throws -> Plan { try Mutation.Base.attending.plan(through: pass) }

  /// All vectors that are added to rows are added to each other first, with the biases as one pre-activation.
  @Test func vectorsThatAreAddedToRowsAreOnePreactivation() throws {
    let plan = try plan(
      of: "memory M(K)\nh' = tanh(W [h, x] + C (M^T softmax(tanh(M U^T + W_a h + b) v)))", through: .arrangeSlots)
    let sums = try plan.lines(under: "pre-activations")
    #expect(sums.contains { $0.hasSuffix("W_a h + b") })
  }

  @Test func theRowsTimesAParameterAreThereBeforeTheSteps() throws {
    let plan = try attending()
    #expect(plan.memories.count == 2 && plan.memoryWidth == 4)
    #expect(plan.products.allSatisfy { !$0.blocks.contains { plan.cell.parameters[$0.matrix].name == "U" } })
  }

  /// Of what has an element or a row for each row of the memory vectors alone are kept.
  @Test func matricesOfRowsAreComputedAgain() throws {
    let plan = try attending()
    #expect(plan.keptOfMemory.map { plan.graph[$0].shape } == [.rowsOfMemory])
    let tanhs = plan.backward.phases.flatMap { phase -> [Plan.Instruction] in
      if case .program(let program) = phase, program.followsMemory { program.instructions } else { [] }
    }.filter { $0.primitive.name == "tanh" }
    #expect(tanhs.count == 1)
  }

  @Test func thePlanSaysWhatBelongsToTheMemory() throws {
    let text = try attending().description
    #expect(text.contains("program, rows of the memory's"))
    #expect(text.contains("M Uᵀ"))
  }
}
