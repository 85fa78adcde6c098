import CellLanguage
import EngineLaws
import Testing

/// Every law for cells that have a matrix for each sequence.
@Suite struct MatrixLawTests {
  /// Each product alone and within others, on matrices that are longer than wide and wider than long; sums and functions of matrices;
  /// numbers that a step computes, carries, learns or reads; matrices that a step makes and forgets.
  static let equations = [
    // A state that is written and read, with rows and columns scaled.
    "C' = diag(σ(F x)) C diag(σ(G x)) + outer(V x, K x)\nh' = A (C' (Q x))",
    // What stands there is read before it is written, both ways round.
    "k = K x\nv = C k\nC' = C + outer(V x - v, k)\nr = C'^T (R x)\nh' = tanh(D r + B v)",
    // Numbers of all kinds times matrices.
    "f = σ(F [h, x])\nC' = f * C + exp(i) * outer(V x, K x) - α * C * 0.5\ni = I x + b\nm' = max(m - 1, i)\nn' = f * n + exp(i - m') * (K x)\nd = dot(n', Q x)\nh' = A (C' (Q x)) / (abs(d) + exp(-m'))\nscalar f, i, d, m, α",
    // Functions of matrices element by element, and matrices that are no states.
    "M = outer(tanh(V x), K x)\nC' = 0.9 * tanh(C + M) - 0.1 * C * M\nh' = tanh(A (C' (Q x)) + B (M^T (A^T h)))",
    // Products of products, and vectors that are parameters or parts of others.
    "z = Z x\nC' = 0.5 * C + outer(p * (V x), z[0..wide])\nh' = A (C' (C'^T (C' z[wide..2 * wide])))",
    // A state that no product reads but through its transpose, and one that nothing writes.
    "C' = C\nk = K x\nn' = n\nh' = A (C (C^T (V x)) + v) + 0.1 * h + E n\nm' = m",
  ]

  @Test(arguments: equations, Law.allCases)
  func holds(equations: String, law: Law) throws {
    let extra = equations.contains("n'") ? ", n(wide)" : ""
    let number = equations.contains("m'") ? ", m" : ""
    let scalar = equations.contains("m'") && !equations.contains("scalar") ? "\nscalar m" : ""
    for (rows, columns) in [(3, 5), (5, 2)] {
      let cell = try Cell(
        parsing:
          "cell matrices\ninput x\nstate h, C(high, wide)\(extra)\(number)\nsize high = \(rows)\nsize wide = \(columns)\n\(equations)\(scalar)\n"
      )
      #expect(try law.fault(of: cell) == nil)
    }
  }

  /// Matrices that are larger than what the registers hold at a time, in rows and in columns, and have a rest of both.
  @Test(arguments: equations, [Law.engine, .stream, .rebuilt, .traced, .threads])
  func holdsOfLargeMatrices(equations: String, law: Law) throws {
    let extra = equations.contains("n'") ? ", n(wide)" : ""
    let number = equations.contains("m'") ? ", m" : ""
    let scalar = equations.contains("m'") && !equations.contains("scalar") ? "\nscalar m" : ""
    let cell = try Cell(
      parsing:
        "cell matrices\ninput x\nstate h, C(high, wide)\(extra)\(number)\nsize high = 23\nsize wide = 85\n\(equations)\(scalar)\n"
    )
    #expect(try law.fault(of: cell) == nil)
  }

  /// With heads: matrices side by side, and a number for each.
  static let headed = [
    "C' = diag(σ(F x)) C diag(σ(G x)) + outer(V x, K x)\nh' = A (C' (Q x))",
    "k = K x\nv = C k\nC' = C + outer(V x - v, k)\nr = C'^T (R x)\nh' = tanh(D r + B v)",
    "f = σ(F [h, x])\nC' = f * C + exp(i) * outer(V x, K x) - α * C * 0.5\ni = I x + b\nm' = max(m - 1, i)\nn' = f * n + exp(i - m') * (K x)\nd = dot(n', Q x)\nh' = A (C' (Q x)) / (2 + tanh(B [d, m'] + A (C' (n' * exp(-m')))))\nscalar f, i, d, m, α",
    "f = 1 / (1 + exp(F x))\nd = mean(h * h) + f\nC' = 0.5 * f * C + d * outer(V x, K x)\nh' = 0.5 * tanh(layer_norm(A (C' (Q x))) + d * dot(h, h))\nscalar f, d",
  ]

  @Test(arguments: headed, Law.allCases)
  func holdsWithHeads(equations: String, law: Law) throws {
    let states = equations.contains("n'") ? ", n(wide), m" : ""
    for (heads, rows, columns) in [(2, 6, 4), (3, 3, 9)] {
      let cell = try Cell(
        parsing: """
          cell matrices
          input x
          heads \(heads)
          state h, C(high, wide)\(states)
          size high = \(rows)
          size wide = \(columns)
          \(equations)
          """)
      #expect(try law.fault(of: cell) == nil)
    }
  }
}
