extension Slip {
  /// Slips of matrices that each sequence has: where they are declared, named and updated.
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
