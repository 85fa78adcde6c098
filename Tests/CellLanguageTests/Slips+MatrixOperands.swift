extension Slip {
  /// Slips of what stands beside a matrix that each sequence has, and of what reads one.
  static let matrixOperands: [Slip] = [
    Slip(
      "matrix times matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C
      h' = C C
      """,
      """
      mine.cell:5:6: `C` and `C`, which stand side by side, are both matrices
          h' = C C
               ^
      a matrix multiplies a vector, as in `C q`; `outer(v, k)` makes a matrix of two vectors
      """),
    Slip(
      "parameter times a matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = W C
      h' = C x
      """,
      """
      mine.cell:4:6: `W` and `C`, which stand side by side, are both matrices
          C' = W C
               ^
      a matrix multiplies a vector, as in `W q`; `outer(v, k)` makes a matrix of two vectors
      """),
    Slip(
      "matrix before a concatenation",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C
      h' = C [h, x]
      """,
      """
      mine.cell:5:8: `C` multiplies one vector, not several as in `[h, x]`
          h' = C [h, x]
                 ^^^^^^
      put a parameter before them, as in `C (W [h, x])`
      """),
    Slip(
      "vector times a matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      f = σ(F x)
      C' = f * C
      h' = C' (Q x)
      """,
      """
      mine.cell:5:6: `f` is a vector and `C` a matrix, which only a number multiplies by `*`
          C' = f * C
               ^^^^^
      write `diag(f) C` to scale its rows or `C diag(f)` to scale its columns; a line `scalar f` says that `f` is a number
      """),
    Slip(
      "vector plus a matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C + h
      h' = C' (Q x)
      """,
      """
      mine.cell:4:6: `h` is a vector and `C` a matrix
          C' = C + h
               ^^^^^
      operators and functions take matrices of the same rows and columns, or numbers, element by element
      """),
    Slip(
      "function of a matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = softmax(C)
      h' = C' (Q x)
      """,
      """
      mine.cell:4:14: `softmax` takes the elements of a vector together, and `C` is a matrix
          C' = softmax(C)
                       ^
      make a vector of it first, as in `softmax(C q)`
      """),
    Slip(
      "matrix as a vector",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C
      h' = W x + C (outer(h, x))
      """,
      """
      mine.cell:5:12: `C` and `(outer(h, x))`, which stand side by side, are both matrices
          h' = W x + C (outer(h, x))
                     ^
      a matrix multiplies a vector, as in `C q`; `outer(v, k)` makes a matrix of two vectors
      """),
    Slip(
      "outer product of a matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = outer(C, h)
      h' = C' (Q x)
      """,
      """
      mine.cell:4:12: `C` is a matrix, and a vector is needed here
          C' = outer(C, h)
                     ^
      multiply it by a vector, as in `C q`
      """),
    Slip(
      "outer product of a number",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = outer(2, h)
      h' = C' (Q x)
      """,
      """
      mine.cell:4:12: `2` is a number, and a vector is needed here
          C' = outer(2, h)
                     ^
      a number has no length of its own; write it beside a vector, as in `2 * x`
      """),
    Slip(
      "part of a matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C
      h' = C[0..units] * x
      """,
      """
      mine.cell:5:6: `C` is a state, and a matrix, and only inputs, states and local vectors have parts
          h' = C[0..units] * x
               ^
      write `C` alone, or use another name
      """),
    Slip(
      "part of a next matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C
      h' = C'[0..units] * x
      """,
      """
      mine.cell:5:6: `C'` is a state, and a matrix, and only inputs, states and local vectors have parts
          h' = C'[0..units] * x
               ^^
      write `C'` alone, or use another name
      """),
  ]
}
