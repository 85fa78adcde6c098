extension Slip {
  /// Slips of sizes and initial values.
  static let sizes: [Slip] = [
    Slip(
      "literal sizes that differ",
      """
      cell mine
      input x
      state h(3), c(4)
      c' = W x + U h
      h' = V x + h * c
      """,
      """
      mine.cell:5:12: `h` and `c` have different sizes: 3 and 4
          h' = V x + h * c
                     ^^^^^
      put a matrix before one of them, as in `W c`
      """),
    Slip(
      "symbolic sizes that differ",
      """
      cell mine
      input x
      size P = units / 2
      state h(P), c
      g = A^T x
      c' = A [h, c] + V x
      h' = B (g + c)
      """,
      """
      mine.cell:7:9: `g` and `c` have different sizes: units + P and units
          h' = B (g + c)
                  ^^^^^
      put a matrix before one of them, as in `W c`
      """),
    Slip(
      "size of the target",
      """
      cell mine
      input x
      state h(3), c(4)
      c' = W x
      h' = c'
      """,
      """
      mine.cell:5:6: `h'` has the size 3, but the right-hand side has 4
          h' = c'
               ^^
      put a matrix before the right-hand side, as in `h' = W (…)`
      """),
    Slip(
      "columns that differ",
      """
      cell mine
      input x
      state h(3), c(4)
      c' = W h + V x
      h' = W c
      """,
      """
      mine.cell:5:8: `W` multiplies vectors of the size 3 in line 4, but `c` has 4
          h' = W c
                 ^
      use another matrix here, or a vector of the same size
      """),
    Slip(
      "columns of a concatenation",
      """
      cell mine
      input x
      state h
      g = W [h, x]
      h' = tanh(W [h, h, x] + g)
      """,
      """
      mine.cell:5:13: `W` multiplies vectors of the size units + inputs in line 4, but `[h, h, x]` has 2 * units + inputs
          h' = tanh(W [h, h, x] + g)
                      ^^^^^^^^^
      use another matrix here, or a vector of the same size
      """),
    Slip(
      "impossible size",
      """
      cell mine
      input x
      state h, k(3)
      a = V x
      b = U x
      h' = W [a, h] + W [b, x]
      k' = b * k
      """,
      """
      mine.cell:4:1: `a` would have the size inputs + 3 - units
          a = V x
          ^
      use another matrix for it, so that no other product fixes its size
      """),
    Slip(
      "size still open where it can't agree",
      """
      cell mine
      input x
      state h
      a = V x
      h' = tanh(W x + W [a, x])
      """,
      """
      mine.cell:5:19: `W` multiplies vectors of the size inputs in line 5, but `[a, x]` has inputs + ?
          h' = tanh(W x + W [a, x])
                            ^^^^^^
      use another matrix here, or a vector of the same size
      """),
    Slip(
      "init of nothing",
      """
      cell mine
      input x
      state h
      h' = tanh(W_x x + W_h h + b)
      init bias = 1
      """,
      """
      mine.cell:5:6: no parameter is called `bias`
          init bias = 1
               ^^^^
      only names that equations use and no line defines are parameters
      """),
    Slip(
      "init of a misspelt parameter",
      """
      cell mine
      input x
      state h
      h' = tanh(W_x x + W_h h + b_f)
      init b_g = 1
      """,
      """
      mine.cell:5:6: no parameter is called `b_g`
          init b_g = 1
               ^^^
      did you mean `b_f`?
      """),
    Slip(
      "init of a state",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h)
      init h = 1
      """,
      """
      mine.cell:5:6: `h` is a state, not a parameter
          init h = 1
               ^
      `init` says how parameters start; states start at zero, or as the caller says
      """),
    Slip(
      "init twice",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h + b)
      init b = 1
      init b = 2
      """,
      """
      mine.cell:6:6: `b` gets its initial value a second time
          init b = 2
               ^
      line 5 gives it already: keep one of the two
      """),
    Slip(
      "init of the wrong kind",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h + b)
      init b = identity
      """,
      """
      mine.cell:5:10: `b` is a bias, and only a matrix can start as `identity`
          init b = identity
                   ^^^^^^^^
      write a number, `uniform(a, b)` or `normal(s)`
      """),
    Slip(
      "init of a vector as orthogonal",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + u * h)
      init u = orthogonal
      """,
      """
      mine.cell:5:10: `u` is a vector, and only a matrix can start as `orthogonal`
          init u = orthogonal
                   ^^^^^^^^^^
      write a number, `uniform(a, b)` or `normal(s)`
      """),
    Slip(
      "init with a word",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h + b)
      init b = ones
      """,
      """
      mine.cell:5:10: `b` can't start like this
          init b = ones
                   ^^^^
      write a number, `identity`, `identity(0.5)`, `orthogonal`, `glorot`, `groups`, `uniform(a, b)` with a ≤ b, `normal(s)` with s ≥ 0, or `legendre(θ)` with θ > 0
      """),
    Slip(
      "init with too few numbers",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h + b)
      init b = uniform(1)
      """,
      """
      mine.cell:5:10: `b` can't start like this
          init b = uniform(1)
                   ^^^^^^^^^^
      write a number, `identity`, `identity(0.5)`, `orthogonal`, `glorot`, `groups`, `uniform(a, b)` with a ≤ b, `normal(s)` with s ≥ 0, or `legendre(θ)` with θ > 0
      """),
    Slip(
      "init with bounds the wrong way round",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h + b)
      init b = uniform(1, -1)
      """,
      """
      mine.cell:5:10: `b` can't start like this
          init b = uniform(1, -1)
                   ^^^^^^^^^^^^^^
      write a number, `identity`, `identity(0.5)`, `orthogonal`, `glorot`, `groups`, `uniform(a, b)` with a ≤ b, `normal(s)` with s ≥ 0, or `legendre(θ)` with θ > 0
      """),
    Slip(
      "init without a value",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h + b)
      init b
      """,
      """
      mine.cell:5:7: `b` can't start like this
          init b
                ^
      write a number, `identity`, `identity(0.5)`, `orthogonal`, `glorot`, `groups`, `uniform(a, b)` with a ≤ b, `normal(s)` with s ≥ 0, or `legendre(θ)` with θ > 0
      """),
    Slip(
      "a tab before the mistake",
      """
      cell mine
      input x
      state h
      \th' = tnah(W x)
      """,
      """
      mine.cell:4:7: unknown function `tnah`
          \th' = tnah(W x)
          \t     ^^^^
      did you mean `tanh`? For a matrix times a parenthesis write a space: `tnah (…)`
      """),
  ]
}
