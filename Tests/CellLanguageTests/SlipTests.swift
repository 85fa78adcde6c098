import CellLanguage
import Support
import Testing

/// What someone may get wrong, and all that they are told.
struct Slip: Sendable, CustomTestStringConvertible {
  let what: String
  let text: String
  let message: String

  init(_ what: String, _ text: String, _ message: String) { (self.what, self.text, self.message) = (what, text, message) }

  var testDescription: String { what }

  static let all =
    lines + declarations + characters + operands + products + functions + names + sizes + zoneouts
    + constants + slices + locals + folds + inputs + heads + repeats + matrices + matrixOperands + diagonals + shapes + memories
}

struct SlipTests {
  @Test(arguments: Slip.all)
  func aSlipIsExplained(slip: Slip) throws {
    let diagnostic = try #require(throws: Diagnostic.self) { try Cell(parsing: slip.text, file: "mine.cell") }
    #expect(diagnostic.description == slip.message)
  }

  @Test func deepNestingIsRefused() throws {
    let text = "cell mine\ninput x\nstate h\nh' = " + String(repeating: "(", count: 100_000)
    let diagnostic = try #require(throws: Diagnostic.self) { try Cell(parsing: text, file: "mine.cell") }
    #expect((diagnostic.line, diagnostic.column) == (4, 70))
    #expect(diagnostic.message == "the expression is nested too deeply")
    #expect(diagnostic.help == "give its parts names of their own: at most 64 may stand inside one another")
  }

  @Test(arguments: [" + x", " * -x", "', x"])
  func longChainsAreRefused(link: String) throws {
    let text = "cell mine\ninput x\nstate h\nh' = x" + String(repeating: link, count: 100_000)
    #expect(throws: Diagnostic.self) { try Cell(parsing: text) }
  }

  /// Each matrix doubles the length of the vector before.
  @Test func sizesThatGrowWithoutBoundAreRefused() throws {
    let doublings = (1...40).map { "a\($0) = W\($0)^T h\nb\($0) = W\($0) [a\($0 - 1), a\($0 - 1)]\n" }.joined()
    let text = "cell mine\ninput x\nstate h\na0 = W x\n" + doublings + "h' = a40"
    let diagnostic = try #require(throws: Diagnostic.self) { try Cell(parsing: text, file: "mine.cell") }
    #expect(
      diagnostic.description == """
        mine.cell:54:11: a size grows too large here
            b25 = W25 [a24, a24]
                      ^^^^^^^^^^
        no vector may hold more than 16777216 numbers or 16777216 times the units
        """)
  }

  @Test func aDiagnosticHasItsPartsApart() throws {
    let text = "cell mine\r\ninput x\r\nstate h\r\nh' = tnah(W x)\r\n"
    let diagnostic = try #require(throws: Diagnostic.self) { try Cell(parsing: text, file: "a/mine.cell") }
    #expect(diagnostic.file == "a/mine.cell")
    #expect((diagnostic.line, diagnostic.column, diagnostic.length) == (4, 6, 4))
    #expect(diagnostic.source == "h' = tnah(W x)")
    #expect(diagnostic.message == "unknown function `tnah`")
  }
}

struct ClosestTests {
  @Test(arguments: [
    ("tnah", "tanh"), ("TANH", "tanh"), ("sigmiod", "sigmoid"), ("lstmm", "lstm"), ("relo", "relu"), ("gru2", "gru"),
  ])
  func aNearNameIsFound(word: String, expected: String) {
    #expect(closest(to: word, in: ["sigmoid", "relu", "tanh", "lstm", "gru"]) == expected)
  }

  @Test(arguments: ["x", "convolution", "", "tangent"])
  func aFarNameIsNot(word: String) {
    #expect(closest(to: word, in: ["sigmoid", "relu", "tanh", "f"]) == nil)
  }

  @Test func ofEquallyNearOnesTheFirstIsTaken() {
    #expect(closest(to: "ab", in: ["ac", "ad", "abcdef"]) == "ac")
  }
}
