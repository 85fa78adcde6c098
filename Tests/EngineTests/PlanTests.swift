import CellCompiler
import CellLanguage
import Testing

@Suite struct PlanTests {
  /// A matrix's gradient is made after all steps: a gate that the matrix multiplied must still be there then.
  @Test(arguments: [("lstm", true), ("gru", true), ("gru-reset-before", true), ("mut3", true), ("minimal-rnn", false)])
  func gradientsReplaceSlotsThatNothingReadsAnyMore(name: String, replaces: Bool) throws {
    let cell = try Cell.named(name)
    #expect(Plan(compiling: cell, dimensions: try cell.dimensions(inputs: 3, units: 4)).gradientsReplaceSlots == replaces)
  }
}
