extension Slip {
  /// Slips of `diag(f) C` and `C diag(f)`.
  static let diagonals: [Slip] = [
    Slip(
      "diagonal alone",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C + diag(W x)
      h' = C' (Q x)
      """,
      """
      mine.cell:4:10: `diag(W x)` multiplies nothing
          C' = C + diag(W x)
                   ^^^^^^^^^
      write it before a matrix whose rows it scales, as in `diag(W x) C`, or after one whose columns it scales, as in `C diag(W x)`
      """),
    Slip(
      "diagonal of two",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = diag(W x, h) C
      h' = C' (Q x)
      """,
      """
      mine.cell:4:6: `diag` takes 1 argument, not 2
          C' = diag(W x, h) C
               ^^^^^^^^^^^^
      write `diag(a)`
      """),
    Slip(
      "diagonal of a matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = diag(C) C
      h' = C (Q x)
      """,
      """
      mine.cell:4:6: `diag(C)` is made of the matrix `C`
          C' = diag(C) C
               ^^^^^^^
      write a vector between the parentheses
      """),
    Slip(
      "diagonal times a diagonal",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = diag(h) diag(x)
      h' = C (Q x)
      """,
      """
      mine.cell:4:14: `diag(x)` multiplies nothing
          C' = diag(h) diag(x)
                       ^^^^^^^
      write it before a matrix whose rows it scales, as in `diag(x) C`, or after one whose columns it scales, as in `C diag(x)`
      """),
    Slip(
      "transposed diagonal",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = diag(h)^T C
      h' = C (Q x)
      """,
      """
      mine.cell:4:6: `diag(h)` is its own transpose
          C' = diag(h)^T C
               ^^^^^^^
      write `diag(h)`
      """),
    Slip(
      "transposed matrix times a diagonal",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C^T diag(h)
      h' = C (Q x)
      """,
      """
      mine.cell:4:10: `C^T` multiplies vectors, and `diag(h)` is none
          C' = C^T diag(h)
                   ^^^^^^^
      scale the matrix before it is transposed, as in `(diag(h) C)^T v`
      """),
    Slip(
      "parameter times a diagonal",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C
      h' = W diag(x) + C (Q x)
      """,
      """
      mine.cell:5:8: `W diag(x)` scales a parameter, and `diag` scales only matrices that each sequence has
          h' = W diag(x) + C (Q x)
                 ^^^^^^^
      scale what the parameter multiplies, as in `W (f * x)`
      """),
    Slip(
      "diagonal before a concatenation",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C
      h' = diag(h) [h, x]
      """,
      """
      mine.cell:5:14: a concatenation can only follow a matrix
          h' = diag(h) [h, x]
                       ^^^^^^
      write `W [h, x]`, or use the vectors one by one
      """),
  ]
}
