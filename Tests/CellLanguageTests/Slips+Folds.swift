extension Slip {
  /// Slips of vectors that are read as matrices.
  static let folds: [Slip] = [
    folds(
      "a matrix of a vector without a length", "size P = 4\nstate h, C(units, P)\nC' = a[units by P] * C\nh' = C' W x",
      """
      mine.cell:5:6: nothing says how long the vector of `a[units by P]` is
          C' = a[units by P] * C
               ^^^^^^^^^^^^^
      add a line that names that length, `size D = units * P`
      """),
    folds(
      "a matrix of rows that are no number", "size D = units * units\nstate h\nh' = a[0.5 by units] tanh(W x)",
      """
      mine.cell:5:8: the rows and columns of the matrix that `a` is read as are names of sizes or whole numbers
          h' = a[0.5 by units] tanh(W x)
                 ^^^
      write `a[units by N]` or `a[8 by 4]`
      """),
    folds(
      "a matrix of a size that is not there", "size D = units * units\nstate h\nh' = a[units by Q] tanh(W x)",
      """
      mine.cell:5:6: no size is called `Q`
          h' = a[units by Q] tanh(W x)
               ^^^^^^^^^^^^^
      add a line that says how large it is, as in `size Q = 16`
      """),
    folds(
      "a matrix of a matrix", "size D = units * units\nstate h, C(units, units)\nC' = C[units by units]\nh' = C' W x",
      """
      mine.cell:5:6: `C` is a state, and a matrix, and only a vector's elements can be read as a matrix
          C' = C[units by units]
               ^
      give the vector an equation `z = …` first
      """),
    folds(
      "a matrix of a vector in a cell with heads",
      "size D = units * units\nheads 2\nstate h, C(units, units)\nC' = a[units by units] * C\nh' = C' W x",
      """
      mine.cell:6:6: `a[units by units]` stands in a cell with heads
          C' = a[units by units] * C
               ^^^^^^^^^^^^^^^^^
      no head has a matrix of its own there: write the cell without the `heads` line
      """),
  ]

  private static func folds(_ what: String, _ lines: String, _ message: String) -> Slip {
    Slip(what, "cell mine\ninput x\n\(lines)\n", message)
  }
}
