import CellLanguage
import Testing

/// The cells that come with the package.
struct LibraryTests {
  @Test(arguments: Cell.library)
  func aPrintedCellIsTheSameCell(cell: Cell) throws {
    #expect(try Cell(parsing: cell.description) == cell)
  }

  @Test func namesAreUniqueAndSorted() {
    let names = Cell.library.map(\.name)
    #expect(names == Set(names).sorted())
  }

  @Test func theUsualOnesHaveNames() throws {
    #expect([Cell.lstm.name, Cell.gru.name, Cell.rnn.name] == ["lstm", "gru", "rnn"])
    #expect(try Cell.named("lstm") == .lstm)
  }

  @Test func aMisspeltNameIsUnderstood() {
    let error = #expect(throws: UnknownCell.self) { try Cell.named("lsmt") }
    #expect(error?.description == "no cell of the library is called `lsmt`; did you mean `lstm`?")
  }

  /// What a cell is must be said where it is listed, and every vector where it is shown.
  @Test(arguments: Cell.library)
  func everyCellHasASummaryAndEveryEquationALabel(cell: Cell) {
    #expect(!cell.summary.isEmpty)
    for equation in cell.equations { #expect(equation.label != nil, "\(cell.name): \(equation.target)") }
  }
}
