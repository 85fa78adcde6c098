extension Slip {
  /// Slips of the shapes of matrices that each sequence has, and of single numbers.
  static let shapes: [Slip] = [
    Slip(
      "three sizes of a state",
      """
      cell mine
      input x
      state h, C(units, P, 2)
      """,
      """
      mine.cell:3:22: a state's size is a name or a whole number, or two of them for a matrix
          state h, C(units, P, 2)
                               ^
      write `h(P)`, `h(16)` or `C(units, P)`; without it a state is `units` long
      """),
    Slip(
      "rows that differ",
      """
      cell mine
      input x
      state h, C(3, 4), D(5, 4)
      C' = C + D
      D' = D
      h' = A (C' (Q x))
      """,
      """
      mine.cell:4:6: `C` has 3 rows, and `D` has 5
          C' = C + D
               ^^^^^
      matrices are added up and multiplied element by element only if their rows and columns agree
      """),
    Slip(
      "columns that differ",
      """
      cell mine
      input x
      state h, C(3, 4), D(3, 5)
      C' = tanh(C * D)
      D' = D
      h' = A (C' (Q x))
      """,
      """
      mine.cell:4:11: `C` has 4 columns, and `D` has 5
          C' = tanh(C * D)
                    ^^^^^
      matrices are added up and multiplied element by element only if their rows and columns agree
      """),
    Slip(
      "vector for a matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = W x
      h' = C (Q x)
      """,
      """
      mine.cell:4:6: `C'` is a matrix, but the right-hand side is a vector
          C' = W x
               ^^^
      `outer(v, k)` makes a matrix of two vectors
      """),
    Slip(
      "matrix for a vector",
      """
      cell mine
      input x, dt(1)
      state h, C(units, P)
      C' = C
      k = W x
      h' = C + dt
      """,
      """
      mine.cell:6:6: `h'` is a vector, but the right-hand side is a matrix
          h' = C + dt
               ^^^^^^
      multiply it by a vector, as in `C q`, or declare a matrix, as in `state C(units, units)`
      """),
    Slip(
      "matrix for a number",
      """
      cell mine
      input x
      state h, C(units, P)
      scalar f
      f = 2 * C
      C' = f * C
      h' = C (Q x)
      """,
      """
      mine.cell:5:5: `f` is a number, but the right-hand side is a matrix
          f = 2 * C
              ^^^^^
      multiply it by a vector, as in `C q`, or declare a matrix, as in `state C(units, units)`
      """),
    Slip(
      "vector of another length",
      """
      cell mine
      input x
      state h, C(3, 4), n(5)
      C' = C
      n' = n
      k = W x
      h' = A (C n) + k
      """,
      """
      mine.cell:7:11: `C` has 4 columns, but `n` has the size 5
          h' = A (C n) + k
                    ^
      use a vector with an element for each of the columns
      """),
    Slip(
      "rows scaled by another length",
      """
      cell mine
      input x
      state h, C(3, 4), n(5)
      C' = diag(n) C
      n' = n
      h' = A (C (Q x))
      """,
      """
      mine.cell:4:11: `C` has 3 rows, but `n` has the size 5
          C' = diag(n) C
                    ^
      use a vector with an element for each of the rows
      """),
    Slip(
      "columns scaled by another length",
      """
      cell mine
      input x
      state h, C(3, 4), n(5)
      C' = C diag(n)
      n' = n
      h' = A (C (Q x))
      """,
      """
      mine.cell:4:13: `C` has 4 columns, but `n` has the size 5
          C' = C diag(n)
                      ^
      use a vector with an element for each of the columns
      """),
    Slip(
      "scalar with a size",
      """
      cell mine
      input x
      state h, m(2)
      scalar m
      m' = m
      h' = W x
      """,
      """
      mine.cell:4:8: `m` is a scalar here, and a state of another size
          scalar m
                 ^
      write `state m` for a number
      """),
    Slip(
      "scalar that is a vector",
      """
      cell mine
      input x
      state h, C(units, P)
      scalar f
      f = W x + h
      C' = f * C
      h' = C (Q x)
      """,
      """
      mine.cell:5:5: `f` has the size 1, but the right-hand side has units
          f = W x + h
              ^^^^^^^
      put a matrix before the right-hand side, as in `f = W (…)`
      """),
    Slip(
      "scalar before a vector",
      """
      cell mine
      input x
      state h, C(units, P)
      scalar f
      f = sum(h)
      C' = C
      h' = f x
      """,
      """
      mine.cell:7:6: `f x` means a matrix product, but `f` is a scalar
          h' = f x
               ^
      write `f * x`
      """),
  ]
}
