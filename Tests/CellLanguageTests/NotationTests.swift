import CellLanguage
import Testing

/// Cells as their authors write them: each notation in use must be read as it stands.
struct NotationTests {
  @Test func plainNetwork() throws {
    let cell = try Cell(
      parsing: """
        cell plain
        input x
        state h
        h' = tanh(W_x x + W_h h + b)
        """)
    #expect(cell.parameters.map(\.name) == ["W_x", "W_h", "b"])
    #expect(cell.parameters.map(\.kind) == [.matrix(.inputs), .matrix(.units), .bias(.units)])
    let body = Expression.apply(
      try primitive("add"),
      [
        .apply(
          try primitive("add"),
          [
            .product(matrix: "W_x", transposed: false, .name("x")), .product(matrix: "W_h", transposed: false, .name("h")),
          ]), .name("b"),
      ])
    #expect(cell.equations.map(\.expression) == [.apply(try primitive("tanh"), [body])])
  }

  /// Concatenations, and a candidate that is written with a tilde.
  @Test func concatenation() throws {
    let cell = try Cell(
      parsing: """
        cell concatenation
        input x
        state h, C
        f  = σ(W_f [h, x] + b_f)
        i  = σ(W_i [h, x] + b_i)
        C~ = tanh(W_C [h, x] + b_C)
        C' = f * C + i * C~
        o  = σ(W_o [h, x] + b_o)
        h' = o * tanh(C')
        """)
    #expect(cell.equations.map(\.target) == ["f", "i", "C~", "C", "o", "h"])
    #expect(cell.parameters.map(\.name) == ["W_f", "b_f", "W_i", "b_i", "W_C", "b_C", "W_o", "b_o"])
    #expect(cell.parameters.first?.kind == .matrix(.units, .inputs))
  }

  /// Separate, transposed matrices and ⊗ for the pointwise product.
  @Test func separateMatrices() throws {
    let cell = try Cell(
      parsing: """
        cell separate
        input x
        state h, c
        i = σ(W_xi^T x + W_hi h + b_i)      # recognises an important input
        f = σ(W_xf^T x + W_hf h + b_f)
        o = σ(W_xo^T x + W_ho h + b_o)
        g = σ(W_xg^T x + W_hg h + b_g)
        c′ = f ⊗ c + i ⊗ g
        h′ = o ⊗ tanh(c′)
        """)
    #expect(cell.parameters.first?.kind == .matrix(rows: .inputs, columns: [.units]))
    #expect(cell.equations.first?.label == "recognises an important input")
    #expect(cell.equations.last?.expression.description == "o * tanh(c')")
  }

  /// Greek gates; a is the hidden state and reads the new c through a full matrix.
  @Test func greekGates() throws {
    let cell = try Cell(
      parsing: """
        cell greek
        input x
        state a, c
        γ_f1 = σ(W_f1 [a, x] + b_f1)
        γ_i  = tanh(W_i [a, x] + b_i) · σ(W_f2 [a, x] + b_f2)
        c'   = γ_f1 · c + γ_i
        γ_o  = tanh(W_o c' + b_o) · σ(W_f3 [a, x] + b_f3)
        a'   = γ_o
        """)
    #expect(cell.states.map(\.name) == ["a", "c"])
    #expect(cell.equations.map(\.target) == ["γ_f1", "γ_i", "c", "γ_o", "a"])
    #expect(cell.parameters.first { $0.name == "W_o" }?.kind == .matrix(.units))
  }

  /// Learn, forget, remember and use gates; the use gate reads what the forget gate left.
  @Test func learnForgetRememberUse() throws {
    let cell = try Cell(
      parsing: """
        cell learn-forget
        input E
        state STM, LTM
        N = tanh(W_n [STM, E] + b_n)
        i = σ(W_i [STM, E] + b_i)
        f = σ(W_f [STM, E] + b_f)
        LTM' = LTM * f + N * i
        U = tanh(W_u (LTM * f) + b_u)
        V = σ(W_v [STM, E] + b_v)
        STM' = U * V
        """)
    #expect(cell.name == "learn-forget")
    #expect(cell.input == "E")
    #expect(
      cell.equations[4].expression.description == "tanh(W_u (LTM * f) + b_u)")
  }

  @Test func fullPeepholesCoupledGatesAndResetBeforeTheProduct() throws {
    let cell = try Cell(
      parsing: """
        cell variants
        input E
        state STM, LTM
        f = σ(W_f [LTM, STM, E] + b_f)
        g = tanh(W_g [STM, E] + b_g)
        LTM' = f * LTM + (1 - f) * g
        r = σ(W_r [STM, E])
        h~ = tanh(W [r * STM, E])
        STM' = (1 - f) * STM + f * h~ ∘ tanh(LTM') ⊙ r
        """)
    #expect(cell.parameters[0].kind == .matrix(.units, .units, .inputs))
    #expect(cell.parameters.map(\.name) == ["W_f", "b_f", "W_g", "b_g", "W_r", "W"])
  }

  /// Marks that look alike mean the same.
  @Test(arguments: ["*", "⊙", "∘", "⊗", "·", "⋅", "×"])
  func pointwiseProducts(sign: String) throws {
    let cell = try Cell(parsing: "cell a\ninput x\nstate h\nh' = p \(sign) h + W x")
    #expect(cell.description.contains("h' = p * h + W x"))
  }

  @Test(arguments: ["'", "′", "’"])
  func primes(sign: String) throws {
    let cell = try Cell(parsing: "cell a\ninput x\nstate h\nh\(sign) = h − W x")
    #expect(cell.description.contains("h' = h - W x"))
  }

  @Test(arguments: ["W^T x", "W^⊤ x", "Wᵀ x", "W⊤ x"])
  func transposes(product: String) throws {
    let cell = try Cell(parsing: "cell a\ninput x\nstate h\nh' = \(product) + h")
    #expect(cell.parameters[0].kind == .matrix(rows: .inputs, columns: [.units]))
  }

  /// Lines end in any way, a mark may stand at the head, and brackets join lines.
  @Test func linesOfAnyKind() throws {
    let cell = try Cell(
      parsing:
        "\u{FEFF}# One\r\n#\r\n# Two\r\n\r\ncell a # Three\r\ninput x\r\n# aside\r\nstate h\r\nh' = tanh(W x +   # the\r\n\tU h) # output\r\n"
    )
    #expect(cell.summary == ["One", "", "Two", "Three"])
    #expect(cell.equations[0].label == "the output")
    #expect(try Cell(parsing: cell.description) == cell)
  }
}

private func primitive(_ name: String) throws -> Primitive { try #require(Primitive.named(name)) }

extension Cell.Parameter.Kind {
  /// A matrix as long as the units.
  static func matrix(_ columns: Size...) -> Self { .matrix(rows: .units, columns: columns) }
}
