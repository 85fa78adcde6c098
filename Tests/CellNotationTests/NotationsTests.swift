import CellAnalysis
import CellLanguage
import CellNotation
import Testing

/// Cells as LaTeX and Mermaid write them.
struct NotationsTests {
  @Test func lstmInLaTeX() throws {
    #expect(
      try Cell.named("lstm").latex == #"""
        % Long short-term memory: a cell state that gates write, keep and read.
        % Hochreiter & Schmidhuber 1997, Long short-term memory; forget gate: Gers, Schmidhuber & Cummins 2000, Learning to forget.
        \begin{aligned}
          f_t &= \sigma(W_f [h_{t-1}, x_t] + b_f) \\ % forget gate: how much of the long-term memory stays
          i_t &= \sigma(W_i [h_{t-1}, x_t] + b_i) \\ % input gate: how much of the candidate enters
          g_t &= \tanh(W_g [h_{t-1}, x_t] + b_g) \\ % candidate memory
          c_t &= f_t \odot c_{t-1} + i_t \odot g_t \\ % long-term memory (cell state)
          o_t &= \sigma(W_o [h_{t-1}, x_t] + b_o) \\ % output gate: how much of the memory shows
          h_t &= o_t \odot \tanh(c_t) % short-term memory (hidden state), the output
        \end{aligned}

        """#)
  }

  @Test func aMemoryInLaTeXAndMermaid() throws {
    let cell = try Cell(
      parsing: """
        cell mine
        input x
        memory M(K)
        state h
        a  = softmax(tanh(M U^T + W_a h) v)
        h' = tanh(W [h, x] + C (M^T a))
        """)
    #expect(
      cell.latex.split(separator: "\n")[1...2] == [
        #"  a_t &= \operatorname{softmax}(\tanh(M U^{\top} + \mathbf{1} (W_a h_{t-1})^{\top}) v) \\"#,
        #"  h_t &= \tanh(W [h_{t-1}, x_t] + C M^{\top} a_t)"#,
      ])
    let flow = DataFlow(cell)
    #expect(flow.nodes.contains { $0.kind == .memory })
    #expect(flow.mermaid.contains(#"["tanh(M U^T + W_a h)"]"#))
  }

  @Test func gruInLaTeX() throws {
    let text = try Cell.named("gru").latex
    #expect(
      text.drop { $0 != "\\" } == #"""
        \begin{aligned}
          r_t &= \sigma(W_r x_t + U_r h_{t-1} + b_r) \\ % reset gate: how much of the past the candidate sees
          z_t &= \sigma(W_z x_t + U_z h_{t-1} + b_z) \\ % update gate: how much of the past stays
          n_t &= \tanh(W_n x_t + b_n + r_t \odot (U_n h_{t-1} + b_{hn})) \\ % candidate hidden state, reset after the product
          h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1} % hidden state, the output
        \end{aligned}

        """#)
  }

  @Test(arguments: [
    ("W^T x", #"W^{\top} x_t"#), ("W_f^T x", #"W_f^{\top} x_t"#), ("W (x * h)", #"W (x_t \odot h_{t-1})"#),
    ("W [x, h']", #"W [x_t, h_t]"#), ("σ(x)", #"\sigma(x_t)"#), ("layer_norm(x)", #"\operatorname{layer\_norm}(x_t)"#),
    ("x / (h + 1)", #"\frac{x_t}{h_{t-1} + 1}"#), ("0.5 * x", #"0.5 \, x_t"#), ("1e-7 * x", #"1 \cdot 10^{-7} \, x_t"#),
    ("x - (h - x)", "x_t - (h_{t-1} - x_t)"), ("-(x + h)", "-(x_t + h_{t-1})"), ("x - -h", "x_t - (-h_{t-1})"),
    ("α_fx * x", #"\alpha_{fx} \odot x_t"#), ("β * x", #"\beta \, x_t"#), ("gain * x", #"\mathrm{gain} \odot x_t"#),
    ("p_gain * x", #"p_{\mathrm{gain}} \odot x_t"#), ("W_12 x", "W_{12} x_t"), ("(x * h) * x", #"x_t \odot h_{t-1} \odot x_t"#),
    ("x * (h * x)", #"x_t \odot (h_{t-1} \odot x_t)"#), ("W U x", "W U x_t"), ("W σ(x)", #"W \sigma(x_t)"#),
  ])
  func latex(expression: String, expected: String) throws {
    let scalar = expression.contains("β") ? "\nscalar β" : ""
    let cell = try Cell(parsing: "cell mine\ninput x\nstate h(4), k(4)\(scalar)\nk' = \(expression)\nh' = x + h")
    #expect(cell.latex == "\\begin{aligned}\n  k_t &= \(expected) \\\\\n  h_t &= x_t + h_{t-1}\n\\end{aligned}\n")
  }

  @Test func lstmInMermaid() throws {
    #expect(
      try DataFlow(Cell.named("lstm")).mermaid == """
        %% lstm
        flowchart LR
          n0(["x"])
          n1(["h"])
          n2(["c"])
          n3["f = σ(W_f [h, x] + b_f)"]
          n4["i = σ(W_i [h, x] + b_i)"]
          n5["g = tanh(W_g [h, x] + b_g)"]
          n6(("×"))
          n7(("×"))
          n8(("c' = +"))
          n9["o = σ(W_o [h, x] + b_o)"]
          n10(("tanh"))
          n11(("h' = ×"))
          n12(["h'"])
          n13(["c'"])
          n1 --> n3
          n0 --> n3
          n1 --> n4
          n0 --> n4
          n1 --> n5
          n0 --> n5
          n3 --> n6
          n2 --> n6
          n4 --> n7
          n5 --> n7
          n6 --> n8
          n7 --> n8
          n1 --> n9
          n0 --> n9
          n8 --> n10
          n9 --> n11
          n10 --> n11
          n11 --> n12
          n8 --> n13

        """)
  }

  @Test func gruInMermaid() throws {
    #expect(
      try DataFlow(Cell.named("gru")).mermaid == """
        %% gru
        flowchart LR
          n0(["x"])
          n1(["h"])
          n2["r = σ(W_r x + U_r h + b_r)"]
          n3["z = σ(W_z x + U_z h + b_z)"]
          n4["U_n h + b_hn"]
          n5(("×"))
          n6["n = tanh(W_n x + b_n + …)"]
          n7(("1 −"))
          n8(("×"))
          n9(("×"))
          n10(("h' = +"))
          n11(["h'"])
          n0 --> n2
          n1 --> n2
          n0 --> n3
          n1 --> n3
          n1 --> n4
          n2 --> n5
          n4 --> n5
          n0 --> n6
          n5 --> n6
          n3 --> n7
          n7 --> n8
          n6 --> n8
          n3 --> n9
          n1 --> n9
          n8 --> n10
          n9 --> n10
          n10 --> n11

        """)
  }

  @Test func partsOfVectorsAndConstants() throws {
    let cell = try Cell(
      parsing: "cell mine\ninput x\nstate h(4)\nconstant k = 0.5\nh' = tanh(k * x[0..4])")
    #expect(
      DataFlow(cell).mermaid == """
        %% mine
        flowchart LR
          n0(["x"])
          n1(["h"])
          n2(("[0..4]"))
          n3(("k ×"))
          n4(("h' = tanh"))
          n5(["h'"])
          n0 --> n2
          n2 --> n3
          n3 --> n4
          n4 --> n5

        """)
    #expect(
      cell.latex == #"""
        % constant k: 0.5
        \begin{aligned}
          h_t &= \tanh(k \, \left[x_t\right]_{0..4})
        \end{aligned}

        """#)
  }

  @Test func headsAndRepeatedEquationsInLaTeX() throws {
    let cell = try Cell(
      parsing: "cell mine\ninput x\nheads 2\nstate h\nblock R_f\nrepeat 3\n  f = R_f h\n  h' = f + W x")
    #expect(
      cell.latex == #"""
        % functions of whole vectors act on each head by itself; block-diagonal: R_f
        % 3 times, each time from the states that the time before has left: f_t, h_t
        \begin{aligned}
          f_t &= R_f h_{t-1} \\
          h_t &= f_t + W x_t
        \end{aligned}

        """#)
    #expect(DataFlow(cell).mermaid.hasPrefix("%% mine\n%% 3 times: f, h'\nflowchart LR\n"))
  }

  @Test func marksOfEdgesInMermaid() throws {
    let cell = try Cell(parsing: "cell mine\ninput x\nstate h(4)\nh' = clip(x - h, -1, 1)")
    #expect(
      DataFlow(cell).mermaid == """
        %% mine
        flowchart LR
          n0(["x"])
          n1(["h"])
          n2(("+"))
          n3(("h' = clip(·, -1, 1)"))
          n4(["h'"])
          n0 --> n2
          n1 -->|"−"| n2
          n2 --> n3
          n3 --> n4

        """)
  }
}
