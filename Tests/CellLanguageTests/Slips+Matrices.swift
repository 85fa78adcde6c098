extension Slip {
  /// Slips of matrices that each sequence has: what stands beside them.
  static let matrices: [Slip] = [
    Slip(
      "matrix as the output",
      """
      cell mine
      input x
      state C(units, units)
      C' = outer(x, x)
      """,
      """
      mine.cell:3:7: the first state is the output, and `C` is a matrix
          state C(units, units)
                ^
      declare a vector before it, as in `state h, C(units, units)`
      """),
    Slip(
      "misspelt matrix",
      """
      cell mine
      input x
      state h, Cell(units, P)
      Cell' = Cell + outer(V x, K x)
      h' = Cel (Q x)
      """,
      """
      mine.cell:5:6: `Cel` is no matrix that a line declares or an equation defines
          h' = Cel (Q x)
               ^^^
      did you mean `Cell`? A parameter needs a name that is less like it
      """),
    Slip(
      "matrix in another case",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C + outer(V x, K x)
      h' = c (Q x)
      """,
      """
      mine.cell:5:6: `c` is no matrix that a line declares or an equation defines
          h' = c (Q x)
               ^
      did you mean `C`? A parameter needs a name that is less like it
      """),
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
      "update of other rows",
      """
      cell mine
      input x
      state h, C(3, 4), D(5, 4)
      C' = D
      D' = D
      h' = A (C' (Q x))
      """,
      """
      mine.cell:4:6: `C'` has 3 rows, but the right-hand side has 5
          C' = D
               ^
      let the sizes of what it is made of agree with those of `C'`
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
    Slip(
      "old value of a matrix",
      """
      cell mine
      input x
      state h, C(units, P)
      C = outer(h, x)
      C' = C
      h' = C (Q x)
      """,
      """
      mine.cell:4:1: `C` is a state, whose old value can't be defined
          C = outer(h, x)
          ^
      write `C' = …` for its next value
      """),
    Slip(
      "init of a matrix state",
      """
      cell mine
      input x
      state h, C(units, P)
      C' = C
      h' = C (Q x)
      init C = 1
      """,
      """
      mine.cell:6:6: `C` is a state, and a matrix, not a parameter
          init C = 1
               ^
      `init` says how parameters start; states start at zero, or as the caller says
      """),
  ]
}
