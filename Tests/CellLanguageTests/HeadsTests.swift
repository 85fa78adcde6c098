import CellLanguage
import Support
import Testing

struct HeadsTests {
  private static let text = """
    cell split
    input x
    heads 2
    state h
    block S, R
    a  = S^T layer_norm(R h + W x)
    h' = tanh(a)

    """

  @Test func cellsWithHeadsReadWell() throws {
    let cell = try Cell(parsing: Self.text)
    #expect(cell.description == Self.text)
    #expect(try Cell(parsing: cell.description) == cell)
    #expect(cell.hasHeads && cell.languageVersion == 2)
    #expect(cell.parameters.map(\.name) == ["S", "R", "W"])
    #expect(cell.parameters[1].kind == .blockDiagonal(rows: .units, columns: [.units]))
    #expect(cell.parameters[2].kind == .matrix(rows: .units, columns: [.inputs]))
  }

  @Test func headsAreASizeLikeOthers() throws {
    let cell = try Cell(parsing: Self.text)
    #expect(cell.heads(try cell.dimensions(inputs: 3, units: 8)) == 2)
    #expect(cell.heads(try cell.dimensions(inputs: 3, units: 8, sizes: ["heads": 8])) == 8)
    let product = try Cell(
      parsing: Self.text.replacing("heads 2", with: "size d = heads * 2\nheads units / 4").replacing(
        "state h", with: "state h, m(d)") + "m' = m")
    #expect(product.description.contains("\nheads units / 4\n"))
    #expect(try product.dimensions(inputs: 3, units: 8).values == ["inputs": 3, "units": 8, "heads": 2, "d": 4])
  }

  /// A size that is only called so splits nothing, as in cells that were written before there were heads.
  @Test func aSizeOfThatNameSplitsNothing() throws {
    let cell = try Cell(parsing: "cell old\ninput x\nsize P = heads * 2\nsize heads = 4\nstate h(P)\nh' = layer_norm(W x)\n")
    #expect(!cell.hasHeads)
    #expect(cell.heads(try cell.dimensions(inputs: 1, units: 3)) == 1)
    #expect(cell.description.contains("size heads = 4"))
  }

  @Test(arguments: [
    (["heads": 4], "cell split has 4 heads, so that units must be a multiple of 4, but here it is 6"),
    (["heads": 65], "cell split has 65 heads; it can have at most 64"),
    (["heads": 0], "heads of cell split is 0; it must be at least 1"),
  ])
  func wrongHeadsAreExplained(sizes: [String: Int], message: String) throws {
    let cell = try Cell(parsing: Self.text)
    let error = #expect(throws: RecurrentError.self) { try cell.dimensions(inputs: 3, units: 6, sizes: sizes) }
    #expect(error?.description == message)
    #expect(try cell.dimensions(inputs: 3, units: 6, sizes: ["heads": 3]).units == 6)
  }

  /// Whatever acts on one head, each vector of it has to have as many equal parts.
  @Test(
    arguments: [
      ("h' = softmax(V x)", "P"), ("h' = tanh(V x) * U sum(A x)", "units"), ("h' = V x + R [h, x]", "inputs"),
      ("h' = mean(1) + V x * dot(h, V x)", "P"),
    ])
  func eachVectorThatIsSplitHasEqualParts(equation: String, size: String) throws {
    let blocks = equation.contains("R") ? "block R\n" : ""
    let cell = try Cell(
      parsing: "cell a\ninput x\nheads 3\n\(blocks)state h(P), c\nc' = W x\n\(equation)\n".replacing("A x", with: "A c"))
    let good = ["units": 6, "inputs": 6, "P": 6]
    #expect(throws: Never.self) { try cell.dimensions(inputs: 6, units: 6, sizes: ["P": 6]) }
    let bad = good.merging([size: 7]) { $1 }
    let error = #expect(throws: RecurrentError.self) {
      try cell.dimensions(inputs: bad["inputs"] ?? 0, units: bad["units"] ?? 0, sizes: ["P": bad["P"] ?? 0])
    }
    #expect(error?.description == "cell a has 3 heads, so that \(size) must be a multiple of 3, but here it is 7")
  }
}
