import CellAnalysis
import CellLanguage
import Testing

/// What a cell's text allows but probably does not mean.
struct WarningTests {
  @Test(arguments: Cell.library)
  func noneIsRaisedByTheLibrary(cell: Cell) {
    #expect(cell.warnings == [])
  }

  @Test(
    arguments: [
      (
        ["keep = σ(W_k x + b_k)", "c' = keep * c + (1 - keep) * (V x)", "h' = tanh(kep * c')"],
        ["`kep` is a parameter, since no line defines it; was the local vector `keep` meant?"]
      ),
      (
        ["c' = W x + 0.5 * C", "h' = tanh(c')"],
        ["`C` is a parameter, since no line defines it; was the state `c` meant?"]
      ),
      (
        ["c' = W x + 0.5 * c", "h' = tanh(c' + xx)"],
        ["`xx` is a parameter, since no line defines it; was the input `x` meant?"]
      ),
      (
        ["c' = W x + 0.5 * c", "u = σ(V x)", "h' = tanh(c')"],
        ["nothing reads the local vector `u`; it is computed only to be watched"]
      ),
      (
        ["c' = W x + U * c", "h' = tanh(c')"],
        ["`U` is a vector, since `U * c` multiplies number by number; a matrix times `c` is written `U c`"]
      ),
      (
        ["c' = W x + U * tanh(c)", "h' = tanh(c' + q)"],
        [
          "`U` is a vector, since `U * v` multiplies number by number; a matrix times `v` is written `U v`",
          "`q` is a learned vector, the same at each step, since no line defines it; a gate needs a line of its own, such as `q = σ(W_q x)`",
        ]
      ),
      (
        ["c' = z * c + (1 - z) * (W x + b)", "h' = tanh(c')"],
        [
          "`z` is a learned vector, the same at each step, since no line defines it; a gate needs a line of its own, such as `z = σ(W_z x)`"
        ]
      ),
      // Peepholes and biases, and what a line speaks of.
      (["init U = 0.5", "init g = 1", "c' = W x + U * c + g + b_c", "h' = p_c * tanh(c')"], []),
      // A matrix of a misspelt name would not be read as a vector, and families of names differ in their first letters.
      (["z_f = σ(W_f x + b_f)", "c' = z_f * c + C x", "h' = tanh(c')"], []),
    ] as [([String], [String])])
  func slipsAreWarnedOf(equations: [String], warnings: [String]) throws {
    let text = (["cell mine", "input x", "state h, c"] + equations).joined(separator: "\n")
    #expect(try Cell(parsing: text).warnings == warnings)
  }
}
