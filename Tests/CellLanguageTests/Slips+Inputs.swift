extension Slip {
  /// Slips of several inputs.
  static let inputs: [Slip] = [
    Slip(
      "further input without a length",
      """
      cell mine
      input x, dt
      state h
      h' = tanh(W x + U dt)
      """,
      """
      mine.cell:2:10: nothing says how long the input `dt` is
          input x, dt
                   ^^
      write `dt(1)` for one number, or `dt(inputs)` if it is as long as `x`
      """),
    Slip(
      "length of the first input",
      """
      cell mine
      input x(3)
      state h
      h' = tanh(W x)
      """,
      """
      mine.cell:2:7: the first input, `x`, is as long as what the layer reads, whatever that is
          input x(3)
                ^
      write `input x`; `inputs` is its length
      """),
    Slip(
      "length that is a sum",
      """
      cell mine
      input x, m(inputs + 1)
      state h
      h' = tanh(W x + U m)
      """,
      """
      mine.cell:2:19: an input's size is a name or a whole number
          input x, m(inputs + 1)
                            ^
      write `dt(1)` or `m(inputs)`
      """),
    Slip(
      "length that is missing",
      """
      cell mine
      input x, m()
      state h
      h' = tanh(W x + U m)
      """,
      """
      mine.cell:2:12: an input's size is a name or a whole number
          input x, m()
                     ^
      write `dt(1)` or `m(inputs)`
      """),
    Slip(
      "misspelt length",
      """
      cell mine
      input x, m(input)
      state h
      h' = tanh(W x + U m)
      """,
      """
      mine.cell:2:12: no size is called `input`
          input x, m(input)
                     ^^^^^
      did you mean `inputs`? For a size of that name add `size input = units / 2`
      """),
    Slip(
      "two inputs of one name",
      """
      cell mine
      input x, x(1)
      state h
      h' = tanh(W x)
      """,
      """
      mine.cell:2:10: `x` is already an input (line 2)
          input x, x(1)
                   ^
      choose another name
      """),
    Slip(
      "input that nothing reads",
      """
      cell mine
      input x, dt(1)
      state h
      h' = tanh(W x)
      """,
      """
      mine.cell:2:10: no equation reads the input `dt`
          input x, dt(1)
                   ^^
      use `dt` in an equation, as in `W dt`
      """),
    Slip(
      "input as a target",
      """
      cell mine
      input x, dt(1)
      state h
      dt = 1
      h' = tanh(W x + U dt)
      """,
      """
      mine.cell:4:1: `dt` is an input and can't be defined
          dt = 1
          ^^
      choose another name, or declare it as a state: `state dt`
      """),
    Slip(
      "input as a matrix",
      """
      cell mine
      input x, dt(1)
      state h
      h' = tanh(dt x)
      """,
      """
      mine.cell:4:11: `dt x` means a matrix product, but `dt` is an input
          h' = tanh(dt x)
                    ^^
      write `dt * x` for the pointwise product
      """),
    Slip(
      "sums over a number",
      """
      cell mine
      input x, dt(1)
      state h
      h' = tanh(W x + sum(dt))
      """,
      """
      mine.cell:4:21: `dt` is a number, and a vector is needed here
          h' = tanh(W x + sum(dt))
                              ^^
      a number has no length of its own; write it beside a vector, as in `2 * x`
      """),
  ]
}
