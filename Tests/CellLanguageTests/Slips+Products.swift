extension Slip {
  /// Slips of products: what stands side by side.
  static let products: [Slip] = [
    Slip(
      "number in a concatenation",
      """
      cell mine
      input x
      state h
      h' = tanh(W [h, x, 1])
      """,
      """
      mine.cell:4:20: `1` is a number, and a vector is needed here
          h' = tanh(W [h, x, 1])
                             ^
      a number has no length of its own; write it beside a vector, as in `2 * x`
      """),
    Slip(
      "matrix times a number",
      """
      cell mine
      input x
      state h
      h' = tanh(W (1 + 1) + U x)
      """,
      """
      mine.cell:4:13: `(1 + 1)` is a number, and a vector is needed here
          h' = tanh(W (1 + 1) + U x)
                      ^^^^^^^
      a number has no length of its own; write it beside a vector, as in `2 * x`
      """),
    Slip(
      "number beside a name",
      """
      cell mine
      input x
      state h
      h' = 2 tanh(W x + U h)
      """,
      """
      mine.cell:4:6: `2` and `tanh(W x + U h)` stand side by side, which means a matrix product
          h' = 2 tanh(W x + U h)
               ^
      write `2 * tanh(W x + U h)`
      """),
    Slip(
      "number after a name",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + h 2)
      """,
      """
      mine.cell:4:19: `2` and `h` stand side by side, which means a matrix product
          h' = tanh(W x + h 2)
                            ^
      write `2 * h`
      """),
    Slip(
      "two states side by side",
      """
      cell mine
      input x
      state h, c
      f = σ(W [h, x])
      c' = f c + x
      h' = tanh(c')
      """,
      """
      mine.cell:5:6: `f c` means a matrix product, but `f` is a local vector
          c' = f c + x
               ^
      write `f * c` for the pointwise product
      """),
    Slip(
      "input beside a vector",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + x h)
      """,
      """
      mine.cell:4:17: `x h` means a matrix product, but `x` is the input
          h' = tanh(W x + x h)
                          ^
      write `x * h` for the pointwise product
      """),
    Slip(
      "parenthesis beside a vector",
      """
      cell mine
      input x
      state h
      h' = (1 - h) x + h
      """,
      """
      mine.cell:4:6: `(1 - h) x` means a matrix product, but `(1 - h)` is not a matrix's name
          h' = (1 - h) x + h
               ^^^^^^^
      write `(1 - h) * x` for the pointwise product
      """),
    Slip(
      "next value beside a vector",
      """
      cell mine
      input x
      state h, c
      c' = W x + U h
      h' = c' h
      """,
      """
      mine.cell:5:6: `c' h` means a matrix product, but `c'` is not a matrix's name
          h' = c' h
               ^^
      write `c' * h` for the pointwise product
      """),
    Slip(
      "scalar as a matrix",
      """
      cell mine
      input x
      state h
      scalar α
      h' = α tanh(W x + U h)
      """,
      """
      mine.cell:5:6: `α tanh(W x + U h)` means a matrix product, but `α` is a scalar
          h' = α tanh(W x + U h)
               ^
      write `α * tanh(W x + U h)`
      """),
  ]
}
