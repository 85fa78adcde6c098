import CellAnalysis
import CellLanguage
import Testing

struct RoleTests {
  @Test(arguments: [
    ("lstm", "f gate, i gate, g candidate, c' state, o gate, h' state"),
    ("lstm-sigmoid-candidate", "i gate, f gate, o gate, g candidate, c' state, h' state"),
    ("lstm-coupled", "f gate, i gate, g candidate, c' state, o gate, h' state"),
    ("lstm-learn-forget", "N candidate, i gate, learned local, f gate, kept local, LTM' state, U candidate, V gate, STM' state"),
    ("lstm-fgr", "z candidate, i' gate, f' gate, c' state, o' gate, h' state"),
    ("gru", "r gate, z gate, n candidate, h' state"),
    ("light-gru", "z gate, n candidate, h' state"),
    ("janet", "s local, f gate, i gate, g candidate, h' state"),
    ("slstm", "z candidate, i local, f local, o gate, m' state, I gate, F gate, c' state, n' state, h' state"),
    ("minlstm", "f gate, i gate, g candidate, F gate, I gate, h' state"),
    ("rnn", "h' state"),
  ])
  func rolesAreReadOffTheEquations(name: String, roles: String) throws {
    #expect(try described(Cell.named(name)) == roles)
  }

  @Test func namesPlayNoPart() throws {
    let cell = try Cell(
      parsing: """
        cell renamed
        input u
        state a, f
        c  = σ(W_c [a, u] + b_c)
        h  = tanh(W_h [a, u] + b_h)
        f' = c * f + (1 - c) * h
        a' = tanh(f')
        """, file: "renamed.cell")
    #expect(described(cell) == "c gate, h candidate, f' state, a' state")
    #expect(cell.forgetFactor(ofState: "f")?.description == "c")
  }

  @Test(arguments: [
    ("lstm", "c", "f"), ("lstm-peephole", "c", "f"), ("lstm-coupled", "c", "f"), ("lstm-cifg", "c", "f"),
    ("lstm-nfg", "c", "1"), ("lstm-fgr", "c", "f'"), ("lstm-learn-forget", "LTM", "f"), ("gru", "h", "z"),
    ("mgu", "h", "1 - f"), ("lem", "y", "1 - t"), ("slstm", "c", "F"), ("scrn", "s", "0.95"), ("antisymmetric-rnn", "h", "1"),
    ("lstm", "h", nil), ("rnn", "h", nil), ("cfn", "h", nil), ("indrnn", "h", nil),
  ])
  func theForgetFactorIsWhatTheStateIsMultipliedBy(name: String, state: String, factor: String?) throws {
    #expect(try Cell.named(name).forgetFactor(ofState: state)?.description == factor)
  }

  @Test func aFactorInSeveralTermsIsAddedUp() throws {
    let cell = try Cell(
      parsing: """
        cell leaky
        input x
        state h
        z  = σ(W_z x + b_z)
        n  = tanh(W x + U h + b)
        h' = h + z * (n - h)
        """, file: "leaky.cell")
    #expect(cell.forgetFactor(ofState: "h")?.description == "1 - z")
  }

  @Test(arguments: [
    ("lstm", "f", 0, 1), ("lstm", "g", -1, 1), ("lstm-coupled", "i", 0, 1), ("lstm", "h'", -1, 1),
    ("lstm", "c'", -Double.infinity, Double.infinity), ("slstm", "F", 0, Double.infinity), ("janet", "i", 0, 1),
    ("irnn", "h'", 0, Double.infinity), ("on-lstm", "F", 0, Double.infinity), ("on-lstm", "I", -Double.infinity, 1),
  ])
  func rangesFollowFromTheEquations(name: String, quantity: String, low: Double, high: Double) throws {
    let cell = try Cell.named(name)
    let equation = try #require(cell.equations.first { $0.name == quantity })
    #expect(cell.range(of: equation) == low...high)
  }

  @Test func preactivationsHaveTheNameOfWhatIsMadeOfThem() throws {
    let cell = try Cell(
      parsing: """
        cell gates
        input x
        state a, c
        γ  = tanh(W_i [a, x] + b_i) · σ(W_2 [a, x] + b_2)
        c' = σ(W_1 [a, x] + b_1) · c + γ
        s  = W_s x
        a' = tanh(c') · s
        """, file: "gates.cell")
    let found = cell.equations.flatMap { $0.preactivations.map { "\($0.name) = \($0.expression)" } }
    #expect(found == ["γ.pre1 = W_i [a, x] + b_i", "γ.pre2 = W_2 [a, x] + b_2", "c'.pre = W_1 [a, x] + b_1"])
    #expect(cell.equations.map { $0.activation?.sign } == [nil, nil, nil, nil])
  }

  private func described(_ cell: Cell) -> String {
    zip(cell.equations, cell.roles).map { "\($0.name) \($1)" }.joined(separator: ", ")
  }
}
