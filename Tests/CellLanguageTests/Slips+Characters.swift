extension Slip {
  /// Slips of characters, numbers and brackets.
  static let characters: [Slip] = [
    Slip(
      "stray character",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h) & x
      """,
      """
      mine.cell:4:22: `&` means nothing in a cell
          h' = tanh(W x + U h) & x
                               ^
      operators are + - * /; names hold letters, digits and _
      """),
    Slip(
      "invisible character",
      """
      cell mine
      input x
      state h
      h' = tanh(W x +\u{200B} U h)
      """,
      """
      mine.cell:4:16: the character U+200B means nothing in a cell
          h' = tanh(W x +\u{200B} U h)
                         ^
      operators are + - * /; names hold letters, digits and _
      """),
    Slip(
      "power",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + h^2)
      """,
      """
      mine.cell:4:18: there are no powers
          h' = tanh(W x + h^2)
                           ^
      write a square as `x * x`, and a transposed matrix as `W^T x`
      """),
    Slip(
      "raised digit",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + h²)
      """,
      """
      mine.cell:4:18: there are no powers
          h' = tanh(W x + h²)
                           ^
      write a square as `x * x`, and a transposed matrix as `W^T x`
      """),
    Slip(
      "a number that ends in a point",
      """
      cell mine
      input x
      state h
      h' = 1. * tanh(W x + U h)
      """,
      """
      mine.cell:4:6: `1.` is not a number
          h' = 1. * tanh(W x + U h)
               ^^
      write `1.0`
      """),
    Slip(
      "too large a number",
      """
      cell mine
      input x
      state h
      h' = 1e999 * tanh(W x + U h)
      """,
      """
      mine.cell:4:6: the number `1e999` is too large
          h' = 1e999 * tanh(W x + U h)
               ^^^^^
      the largest is about 1.8e308
      """),
    Slip(
      "parenthesis never closed",
      """
      cell mine
      input x
      state h, c
      g = tanh(W x + U h
      c' = c + g
      h' = tanh(c')
      """,
      """
      mine.cell:4:9: `(` is never closed
          g = tanh(W x + U h
                  ^
      add the `)` that belongs to it
      """),
    Slip(
      "parenthesis never closed at the end",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U (h * h)
      """,
      """
      mine.cell:4:10: `(` is never closed
          h' = tanh(W x + U (h * h)
                   ^
      add the `)` that belongs to it
      """),
    Slip(
      "bracket never closed",
      """
      cell mine
      input x
      state h
      h' = tanh(W [h, x + b)
      """,
      """
      mine.cell:4:22: `)` closes a `[`
          h' = tanh(W [h, x + b)
                               ^
      write `]` here, or close what is open before
      """),
    Slip(
      "one closing parenthesis too many",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h))
      """,
      """
      mine.cell:4:21: `)` closes nothing
          h' = tanh(W x + U h))
                              ^
      remove it, or add the `(` that belongs to it
      """),
    Slip(
      "wrong closing bracket",
      """
      cell mine
      input x
      state h
      h' = tanh(W [h, x) + b)
      """,
      """
      mine.cell:4:18: `)` closes a `[`
          h' = tanh(W [h, x) + b)
                           ^
      write `]` here, or close what is open before
      """),
  ]
}
