extension Slip {
  /// Slips of operands: one too many or too few.
  static let operands: [Slip] = [
    Slip(
      "nothing after the equals sign",
      """
      cell mine
      input x
      state h
      h' =
      """,
      """
      mine.cell:4:5: `h' =` defines nothing
          h' =
              ^
      write an expression after `=`
      """),
    Slip(
      "operand missing after an operator",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + )
      """,
      """
      mine.cell:4:17: an operand is missing after `+`
          h' = tanh(W x + )
                          ^
      write a name, a number, a function or a parenthesis there
      """),
    Slip(
      "operand missing at the end",
      """
      cell mine
      input x
      state h
      h' = tanh(W x) +
      """,
      """
      mine.cell:4:17: an operand is missing after `+`
          h' = tanh(W x) +
                          ^
      write a name, a number, a function or a parenthesis there
      """),
    Slip(
      "operand missing before an operator",
      """
      cell mine
      input x
      state h
      h' = * tanh(W x + U h)
      """,
      """
      mine.cell:4:6: an operand is missing before `*`
          h' = * tanh(W x + U h)
               ^
      write a name, a number, a function or a parenthesis there
      """),
    Slip(
      "two operators",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + * U h)
      """,
      """
      mine.cell:4:17: an operand is missing after `+`
          h' = tanh(W x + * U h)
                          ^
      write a name, a number, a function or a parenthesis there
      """),
    Slip(
      "empty parentheses",
      """
      cell mine
      input x
      state h
      h' = () * tanh(W x + U h)
      """,
      """
      mine.cell:4:7: an operand is missing after `(`
          h' = () * tanh(W x + U h)
                ^
      write a name, a number, a function or a parenthesis there
      """),
    Slip(
      "second equals sign",
      """
      cell mine
      input x
      state h
      y = h = tanh(W x + U h)
      """,
      """
      mine.cell:4:7: a second `=` in one equation
          y = h = tanh(W x + U h)
                ^
      write one equation a line
      """),
    Slip(
      "stray comma",
      """
      cell mine
      input x
      state h
      h' = tanh(W x), h
      """,
      """
      mine.cell:4:15: a comma separates nothing here
          h' = tanh(W x), h
                        ^
      commas stand between a function's arguments and in `[h, x]`
      """),
    Slip(
      "empty concatenation",
      """
      cell mine
      input x
      state h
      h' = tanh(W [] + U h)
      """,
      """
      mine.cell:4:13: a concatenation needs at least one vector
          h' = tanh(W [] + U h)
                      ^^
      write vectors between the brackets, as in `W [h, x]`
      """),
    Slip(
      "concatenation without a matrix",
      """
      cell mine
      input x
      state h
      h' = tanh([h, x])
      """,
      """
      mine.cell:4:11: a concatenation can only follow a matrix
          h' = tanh([h, x])
                    ^^^^^^
      write `W [h, x]`, or use the vectors one by one
      """),
  ]
}
