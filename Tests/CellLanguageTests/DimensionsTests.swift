import CellLanguage
import Support
import Testing

struct DimensionsTests {
  private let projected = Result {
    try Cell(parsing: "cell p\ninput x\nsize P = units / 3\nstate h(P), c\nc' = W [h, x]\nh' = U c'")
  }

  @Test func aNamedSizeHasItsStandard() throws {
    let cell = try projected.get()
    #expect(try cell.dimensions(inputs: 5, units: 12).values == ["inputs": 5, "units": 12, "P": 4])
    #expect(try cell.dimensions(inputs: 5, units: 12, sizes: ["P": 7]).values["P"] == 7)
    #expect(try cell.dimensions(inputs: 5, units: 2).values["P"] == 1)
  }

  @Test func whatTheEquationsDemandMustHold() throws {
    let cell = try Cell(parsing: "cell residual\ninput x\nstate h\nh' = x + h")
    #expect(try cell.dimensions(inputs: 4, units: 4).units == 4)
    let error = #expect(throws: RecurrentError.self) { try cell.dimensions(inputs: 3, units: 4) }
    #expect(error?.description == "cell residual needs inputs = units, but here that is 3 and 4")
  }

  @Test(arguments: [
    (0, 4, [:], "inputs of cell p is 0; it must be at least 1"), (4, -1, [:], "units of cell p is -1; it must be at least 1"),
    (4, .max, [:], "units of cell p is 9223372036854775807; it must be at most 16777216"),
    (4, 4, ["P": 0], "P of cell p is 0; it must be at least 1"), (4, 4, ["Q": 3], "cell p has no size Q; it has P"),
  ])
  func wrongSizesAreExplained(inputs: Int, units: Int, sizes: [String: Int], message: String) throws {
    let cell = try projected.get()
    let error = #expect(throws: RecurrentError.self) { try cell.dimensions(inputs: inputs, units: units, sizes: sizes) }
    #expect(error?.description == message)
  }

  @Test func aProductThatIsTooLargeIsRefused() throws {
    let cell = try Cell(parsing: "cell q\ninput x\nsize P = units * units * units\nstate h(P)\nh' = W x")
    #expect(try cell.dimensions(inputs: 2, units: 4).values["P"] == 64)
    for units in [1000, 16_777_216] {
      let error = #expect(throws: RecurrentError.self) { try cell.dimensions(inputs: 2, units: units) }
      #expect(
        error?.description == "P of cell q is units * units * units, more than 16777216: give it a smaller value")
    }
  }

  @Test func aPartMustLieWithinItsVector() throws {
    let cell = try Cell(
      parsing: "cell q\ninput x\nsize d = 4\nstate h\nh' = tanh(W x[1..inputs] + U h[0..d])")
    #expect(try cell.dimensions(inputs: 2, units: 4).units == 4)
    let short = #expect(throws: RecurrentError.self) { try cell.dimensions(inputs: 2, units: 3) }
    #expect(short?.description == "cell q reads h[0..d], but here that is 0..4 of 3 numbers")
    let empty = #expect(throws: RecurrentError.self) { try cell.dimensions(inputs: 1, units: 4) }
    #expect(empty?.description == "cell q reads x[1..inputs], but here that is 1..1 of 1 number")
  }

  @Test func aSizeWithoutValueIsAskedFor() throws {
    let cell = try Cell(parsing: "cell q\ninput x\nstate h(P)\nh' = W x")
    #expect(try cell.dimensions(inputs: 2, units: 3, sizes: ["P": 2]).values["P"] == 2)
    let error = #expect(throws: RecurrentError.self) { try cell.dimensions(inputs: 2, units: 3) }
    #expect(error?.description == "cell q needs a value for the size P: give one, or write `size P = units / 2` in its text")
  }
}
