import CellLanguage
import Support
import Testing

struct RepeatTests {
  private static let text = """
    cell often
    input x
    size n = 3
    state h, m
    a    = V m
    repeat 4
      f  = σ(W x + U h + a)     # gate
      h' = f * h
    repeat n
      m' = tanh(R m + h')

    """

  @Test func repeatedEquationsReadWell() throws {
    let cell = try Cell(parsing: Self.text)
    #expect(cell.description == Self.text)
    #expect(try Cell(parsing: cell.description) == cell)
    #expect(cell.languageVersion == 2)
    #expect(cell.repeats.map(\.equations) == [1..<3, 3..<4])
    // However far they are indented, and whatever comments and empty lines stand between.
    let loose = Self.text.replacing("  f  =", with: "      f =").replacing("  h' =", with: "\n# more\n   h'=")
    #expect(try Cell(parsing: loose) == cell)
  }

  @Test func repeatedEquationsStandTogether() throws {
    let cell = try Cell(
      parsing: "cell a\ninput x\nstate h\nrepeat 2\n  h' = tanh(g + d + U h)\n  g = σ(b + h)\nb = W x\nc = h'\nd = V x\n")
    #expect(cell.evaluationOrder == [2, 4, 1, 0, 3])
    let dimensions = try cell.dimensions(inputs: 2, units: 3)
    let names = cell.stages(dimensions).map { stage in
      switch stage {
      case .equation(let equation): equation.name
      case .repeated(let count, let equations): "\(count) times \(equations.map(\.name).joined(separator: ", "))"
      }
    }
    #expect(names == ["b", "d", "2 times g, h'", "c"])
    #expect(cell.isRepeated("h"))
  }

  @Test func aSizeSaysHowOften() throws {
    let cell = try Cell(parsing: Self.text)
    #expect(try cell.dimensions(inputs: 2, units: 3, sizes: ["n": 64]).values["n"] == 64)
    let error = #expect(throws: RecurrentError.self) { try cell.dimensions(inputs: 2, units: 3, sizes: ["n": 65]) }
    #expect(error?.description == "cell often repeats equations n times, which is 65 here; it can be at most 64")
  }

  /// What a short text makes of a step is bounded.
  @Test func aStepHasNoMoreThanSoManyParts() throws {
    func cell(_ equations: Int) throws -> Cell {
      let sums = (0..<equations).map { "  a\($0) = R h + \($0)\n" }.joined()
      return try Cell(parsing: "cell large\ninput x\nheads 64\nstate h\nblock R\nrepeat 64\n\(sums)  h' = tanh(W x + a0)\n")
    }
    #expect(throws: Never.self) { try cell(1).dimensions(inputs: 1, units: 64) }
    let error = #expect(throws: RecurrentError.self) { try cell(2).dimensions(inputs: 1, units: 64) }
    #expect(
      error?.description
        == "the heads and repeats of cell large make 8384 products and equations of a step; there can be at most 8192")
  }
}
