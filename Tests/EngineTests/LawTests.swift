import CellLanguage
import Engine
import Testing

/// Every law for every cell of the library.
@Suite struct LawTests {
  @Test(arguments: Cell.library, Law.allCases)
  func holds(cell: Cell, law: Law) throws {
    let fault = try law.fault(of: cell)
    #expect(fault == nil, "\(cell.name): \(law.rawValue)")
  }
}
