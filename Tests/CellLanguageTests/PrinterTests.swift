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
