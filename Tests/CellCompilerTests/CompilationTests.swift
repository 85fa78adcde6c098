import CellCompiler
import CellLanguage
import Testing

/// Every promise of every pass, for every cell of the library, whatever is drawn and whatever a step computes.
@Suite struct CompilationTests {
  @Test(arguments: Cell.library)
  func everyPassKeepsItsPromises(cell: Cell) throws {
    let dimensions = try cell.dimensions(inputs: cell.constraints.isEmpty ? 5 : 6, units: 6)
    let fractions = cell.states.enumerated().map { ($1.name, $0 % 2 == 0 ? 0.25 : 0.5) }
    for cell in [cell, cell.zoningOut(Dictionary(uniqueKeysWithValues: fractions))] {
      for drawing in Plan.Drawing.allCases {
        for computesAll in [false, true] {
          let what = "with \(drawing), \(computesAll ? "all vectors" : "the vectors that something reads") computed"
          for plan in Compilation(of: cell, dimensions: dimensions, drawing: drawing, computesAll: computesAll) {
            #expect(plan.faults == [], "\(what), after \(plan.pass?.rawValue ?? "no pass")")
          }
        }
      }
    }
  }
}
