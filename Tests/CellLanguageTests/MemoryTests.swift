import CellLanguage
import Support
import Testing

/// What equations may do with a memory, and what comes of it.
struct MemoryTests {
  static let additive = """
    cell mine
    input x
    memory M(K)
    state h
    a  = softmax(tanh(M U^T + W_a h + b_a) v)
    c  = M^T a
    h' = tanh(W [h, x] + C c)

    """

  @Test func aMemoryHasARowForEachStepOfAnotherSequence() throws {
    let cell = try Cell(parsing: Self.additive)
    #expect(cell.memory == Cell.Memory(name: "M", size: Size(terms: ["K": 1])))
    #expect(cell.memory?.shape.description == "rows of M, K")
    let sizes = Dictionary(uniqueKeysWithValues: cell.equations.map { ($0.target, $0.size.description) })
    #expect(sizes == ["a": "rows of M", "c": "K", "h": "units"])
    let kinds = Dictionary(uniqueKeysWithValues: cell.parameters.map { ($0.name, $0.kind) })
    #expect(kinds["U"] == .matrix(rows: .units, columns: [Size(terms: ["K": 1])]))
    #expect(kinds["v"] == .vector(.units))
    #expect(kinds["C"] == .matrix(rows: .units, columns: [Size(terms: ["K": 1])]))
    #expect(cell.languageVersion == 2)
  }

  @Test(arguments: [
    additive,
    additive.replacing("memory M(K)\n", with: "memory M(K)\nsize K = 64\n"),
    additive.replacing("(K)", with: "(16)"),
    additive.replacing("tanh(M U^T + W_a h + b_a) v", with: "(M U^T + (W_a h + b_a)) v"),
    additive.replacing("tanh(M U^T + W_a h + b_a) v", with: "(W_a h - M U^T) v"),
    additive.replacing("tanh(M U^T + W_a h + b_a) v", with: "(M U^T) h / 8"),
    additive.replacing("tanh(M U^T + W_a h + b_a) v", with: "M U^T h"),
  ])
  func printedAndParsedAgainItIsTheSameCell(text: String) throws {
    let cell = try Cell(parsing: text)
    #expect(cell.description == text)
    #expect(try Cell(parsing: cell.description) == cell)
  }

  @Test func whatGivesAMemoryDecidesHowLongItsRowsAre() throws {
    let cell = try Cell(parsing: Self.additive)
    let key = Size(terms: ["K": 1])
    #expect(try cell.dimensions(inputs: 3, units: 5)[key] == 5)
    #expect(try cell.dimensions(inputs: 3, units: 5, memory: 7)[key] == 7)
    let twice = #expect(throws: RecurrentError.self) { try cell.dimensions(inputs: 3, units: 5, sizes: ["K": 8], memory: 7) }
    #expect(twice?.description == "K of cell mine is 8, but the rows of its memory M have 7 numbers: leave it out")
    let literal = try Cell(parsing: Self.additive.replacing("(K)", with: "(16)"))
    let other = #expect(throws: RecurrentError.self) { try literal.dimensions(inputs: 3, units: 5, memory: 7) }
    #expect(other?.description == "cell mine reads a memory whose rows have 16 numbers (16), but here they have 7")
    let plain = try Cell(parsing: "cell plain\ninput x\nstate h\nh' = tanh(W [h, x])")
    let none = #expect(throws: RecurrentError.self) { try plain.dimensions(inputs: 3, units: 5, memory: 7) }
    #expect(none?.description == "cell plain has no memory, and rows of 7 numbers are to be one")
  }
}
