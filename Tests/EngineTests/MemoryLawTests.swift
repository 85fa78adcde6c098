import CellLanguage
import EngineLaws
import Testing

/// The laws for cells that read memories in ways in which the library's don't.
@Suite struct MemoryLawTests {
  /// Rows times parameters, vectors added and subtracted, the same matrix summed over its rows and over its columns.
  @Test(
    arguments: [
      "E = tanh(M U^T - W_a h)\na = softmax(E v + M (V h))\nm' = 0.5 * m + C (E^T a)\nh' = tanh(W [h, x, m] + D (M^T (a * a)))",
      "a = softmax((M U^T + (W_a [h, x] + b) + p) v / 2)\nb_2 = cumsum(a) - layer_norm(M (V m))\nm' = C (M^T b_2)\nh' = tanh(W [h, x] + D (M^T a))",
    ], Law.allCases)
  func holdsForRowsAndVectors(equations: String, law: Law) throws {
    let cell = try Cell(parsing: "cell reading\ninput x\nmemory M(K)\nstate h, m\n\(equations)\n")
    #expect(try law.fault(of: cell) == nil)
  }

  /// Numbers that meet rows, and numbers that are made of them: parameters, sums and means.
  @Test(arguments: Law.allCases)
  func holdsForNumbers(law: Law) throws {
    let cell = try Cell(
      parsing: """
        cell numbers
        input x, dt(1)
        memory M(K)
        state h, n
        scalar α, n, d
        a  = softmax(α * (M (V h)) * dt + 0.5)
        d  = dot(a, M (Q x))
        n' = 0.5 * n + mean(a) * d
        h' = tanh(W [h, x] + C ((n * M)^T a) + d)
        """)
    #expect(try law.fault(of: cell) == nil)
  }

  /// Rows and columns scaled, outer products, matrices of a sequence beside them, equations that are repeated.
  @Test(
    arguments: [
      "a = softmax(M (V h))\nN = diag(a) M\nh' = tanh(W [h, x] + C (N^T (N (Q x))))\nS' = 0.5 * S + outer(C (M^T a), x)",
      "repeat 2\n  a = softmax((M diag(K_1 x)) (V h))\n  h' = tanh(W [h, x] + C (outer(a, S^T h)^T (M (V h))))\nS' = 0.5 * S + outer(h, x)",
    ], Law.allCases)
  func holdsForMatrices(equations: String, law: Law) throws {
    let cell = try Cell(parsing: "cell matrices\ninput x\nmemory M(K)\nstate h, S(units, inputs)\n\(equations)\n")
    #expect(try law.fault(of: cell) == nil)
  }

  /// Memories whose rows have another length than states.
  @Test(arguments: ["gru-attention", "lstm-luong"], Law.allCases)
  func holdsForRowsOfAnyLength(name: String, law: Law) throws {
    #expect(try law.fault(of: Cell.named(name), sizes: ["K": 9]) == nil)
  }
}
