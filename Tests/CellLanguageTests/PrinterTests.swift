import CellLanguage
import Testing

struct PrinterTests {
  @Test func aPrintedCellReadsWell() throws {
    let cell = try Cell(
      parsing: """
        # A cell.
        cell mine-2
        scalar α
        state h(P), c, m(16)
        init b = 1
        input x
        size P = units * 3 / 2
        c' = ((c)) + (α * (W [h, [x, m]] + b)) # memory
        h' = U c' - (V x - (W_m m - -d)) / 1e-5
        m' = m ; # not read
        zoneout m = 0.5
        zoneout h, c = 0.25
        init d = 1
        """.replacing(" ; #", with: " #"))
    #expect(
      cell.description == """
        # A cell.
        cell mine-2
        input x
        size P = units * 3 / 2
        state h(P), c, m(16)
        scalar α
        c' = c + α * (W [h, x, m] + b)              # memory
        h' = U c' - (V x - (W_m m - -d)) / 1e-5
        m' = m                                      # not read
        zoneout h, c = 0.25
        zoneout m = 0.5
        init b, d = 1

        """)
    #expect(try Cell(parsing: cell.description) == cell)
  }

  @Test func constantsFixedParametersAndProductsReadWell() throws {
    let text = """
      # A cell.
      cell mine
      input x
      size P = heads * d * d
      size Q = d * inputs * 3 / 2
      size heads = 4
      size d = units / 4
      state h(P), c(Q)
      constant ε = 1e-5
      constant low = -2
      h' = max(U h + W x, low) + ε
      c' = A c + B x
      init A = orthogonal(0.9)
      fixed W, A

      """
    let cell = try Cell(parsing: text)
    #expect(cell.description == text)
    #expect(try Cell(parsing: cell.description) == cell)
    #expect(cell.parameters.filter(\.isFixed).map(\.name) == ["W", "A"])
    #expect(cell.languageVersion == 2)
    let sizes = try cell.dimensions(inputs: 3, units: 8).values
    #expect(sizes == ["units": 8, "inputs": 3, "heads": 4, "d": 2, "P": 16, "Q": 9])
    #expect(try cell.dimensions(inputs: 3, units: 8, sizes: ["d": 3]).values["P"] == 36)
  }

  @Test(arguments: [
    "z[0..units]", "z[units..units + 3]", "z[2*d..2 * units]", "z[units - 1 .. units]",
    "W z_2[0..d] + h", "W [z_2[0..d], h]",
  ])
  func partsOfVectors(written: String) throws {
    let cell = try Cell(
      parsing:
        "cell a\ninput x\nsize d = 2\nstate h, k\nz = V z_2[0..d]\nz_2 = U x\nh' = A z[0..4 * units] + x[d..inputs]\nk' = B (\(written))"
    )
    #expect(try Cell(parsing: cell.description) == cell)
    #expect(cell.languageVersion == 2)
    #expect(
      cell.equations[0].size.rows == Size(terms: ["units": 4])
        && cell.equations[1].size.rows == Size(terms: ["d": 1]))
  }

  @Test func severalInputsReadWell() throws {
    let text = "cell a\ninput x, dt(1), m(inputs), s(S)\nsize S = 3\nstate h\nh' = W [x, m, dt] + U s * dt\n"
    let cell = try Cell(parsing: text)
    #expect(cell.description == text)
    #expect(try Cell(parsing: text.replacing("x, dt(1)", with: "x\ninput dt(1)")) == cell)
    #expect(cell.inputs.map(\.name) == ["x", "dt", "m", "s"] && cell.input == "x")
    #expect(cell.languageVersion == 2)
    #expect(cell.inputColumns(try cell.dimensions(inputs: 2, units: 4)) == [0..<2, 2..<3, 3..<5, 5..<8])
  }

  /// An input of one number is as long as what it meets, and one long before a matrix.
  @Test func anInputOfOneNumberFitsAnyLength() throws {
    let cell = try Cell(parsing: "cell a\ninput x, dt(1)\nstate h(P)\na = x * dt\nb = W log(dt)\nh' = b + dt * (V a)\n")
    #expect(cell.equations.map(\.size.description) == ["inputs", "P", "P"])
    #expect(cell.parameters[0].kind == .matrix(rows: Size(terms: ["P": 1]), columns: [Size(constant: 1)]))
  }

  /// A place of a part is another one of its vector, and so the vector's numbers are not shown there.
  @Test func partsOfVectorsDoNotStandApart() throws {
    let cell = try Cell(parsing: "cell a\ninput x\nstate h\nz = W x\nh' = z[units..2 * units] * h")
    let pieces = cell.equations[1].expression.pieces { if case .name = $0 { true } else { false } }
    #expect(pieces == [.text("z[units..2 * units] * "), .part(.name("h"))])
  }

  /// What older programs can read, they are to read.
  @Test func whatOlderProgramsReadIsOfTheFirstVersion() throws {
    #expect(Cell.lstm.languageVersion == 1)
    let old = ["size P = units / 2", "size P = 3 * units / 4", "size P = 16", "size P = units"]
    for line in old {
      #expect(try Cell(parsing: "cell a\ninput x\n\(line)\nstate h(P)\nh' = W x").languageVersion == 1)
    }
    for line in ["size P = 16 / 3", "size P = inputs", "size P = units * units"] {
      #expect(try Cell(parsing: "cell a\ninput x\n\(line)\nstate h(P)\nh' = W x").languageVersion == 2)
    }
  }

  @Test func constantsCanBeOtherNumbers() throws {
    let cell = try Cell(parsing: "cell a\ninput x\nstate h\nconstant k = 2\nconstant l = -0.5\nh' = tanh(k * (W x) + l)\n")
    #expect(cell.setting(["l": 3]).constants.map(\.value) == [2, 3])
    #expect(try cell.setting("k", as: "-1e-3").constants.map(\.value) == [-1e-3, -0.5])
    #expect(cell.withoutConstants.description == "cell a\ninput x\nstate h\nh' = tanh(2 * W x + -0.5)\n")
    let error = #expect(throws: Diagnostic.self) { try cell.setting("k", as: "orthogonal") }
    #expect(error?.message == "the constant `k` is no number")
  }

  /// Parentheses stay where leaving them out would group otherwise, and only there.
  @Test(arguments: [
    ("a - (b - d)", "a - (b - d)"), ("(a - b) - d", "a - b - d"), ("a / (b * d)", "a / (b * d)"), ("a * (b / d)", "a * (b / d)"),
    ("(a * b) + d", "a * b + d"), ("-(a + b)", "-(a + b)"), ("(-a) * b", "-a * b"), ("-(a * b)", "-(a * b)"),
    ("a - -b", "a - -b"),
    ("--a", "--a"), ("W (a)", "W a"), ("W (a + b)", "W (a + b)"), ("-W a", "-W a"), ("W (-a)", "W (-a)"), ("W U a", "W U a"),
    ("W (U a)", "W U a"), ("W (h')", "W h'"), ("sigmoid (a)", "σ(a)"), ("swish(a)", "silu(a)"), ("W σ(a)", "W σ(a)"),
    ("0.1 * a", "0.1 * a"), ("1E3 * a", "1000 * a"), ("1e+300 * a", "1e300 * a"), ("1e-7 * a", "1e-7 * a"),
  ])
  func expressions(written: String, printed: String) throws {
    let text = "cell mine\ninput x\nstate h, k\nh' = x\nk' = \(written)"
    let cell = try Cell(parsing: text)
    #expect(cell.equations[1].expression.description == printed)
    #expect(try Cell(parsing: cell.description) == cell)
  }

  @Test(arguments: [
    (Size.units, "units"), (.units + .inputs, "units + inputs"), (.units + .units + Size(constant: 3), "2 * units + 3"),
    (Size(constant: 16), "16"), (Size(), "0"), (Size(terms: ["P": 1, "A": 2]), "2 * A + P"),
  ])
  func sizes(size: Size, printed: String) {
    #expect(size.description == printed)
  }
}
