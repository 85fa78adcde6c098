import CellCompiler
import CellLanguage
import Testing

/// The pass `place-gradients`
@Suite struct PlaceGradientsTests {
  /// A matrix's gradient is made after all steps: a gate that the matrix multiplied must still be there then.
  @Test(arguments: [("lstm", true), ("gru", true), ("gru-reset-before", true), ("mut3", true), ("minimal-rnn", false)])
  func gradientsReplaceSlotsThatNothingReadsAnyMore(name: String, replaces: Bool) throws {
    let cell = try Cell.named(name)
    #expect(Plan(compiling: cell, dimensions: try cell.dimensions(inputs: 3, units: 4)).gradientsReplaceSlots == replaces)
  }

  @Test func aPlanWithoutAStepBackReplacesNothing() throws {
    #expect(try plan(of: "h' = tanh(W x)", computesAll: true).gradientsReplaceSlots == false)
    #expect(try plan(of: "h' = tanh(W x)").gradientsReplaceSlots == true)
  }

  @Test func memoryOfTheirOwnIsCounted() throws {
    let apart = try plan(of: "z = σ(W x)\nh' = U z")
    #expect(!apart.gradientsReplaceSlots)
    #expect(apart.trainingBytes == 4 * (2 * apart.slotWidth + apart.keptWidth + 4))
  }
}
