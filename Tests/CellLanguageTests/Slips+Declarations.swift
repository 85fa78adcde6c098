extension Slip {
  /// Slips of states, sizes and scalars.
  static let declarations: [Slip] = [
    Slip(
      "bad state size",
      """
      cell mine
      input x
      state h(2 * P)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:11: a state's size is a name or a whole number, or two of them for a matrix
          state h(2 * P)
                    ^
      write `h(P)`, `h(16)` or `C(units, P)`; without it a state is `units` long
      """),
    Slip(
      "empty state size",
      """
      cell mine
      input x
      state h()
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:9: a state's size is a name or a whole number, or two of them for a matrix
          state h()
                  ^
      write `h(P)`, `h(16)` or `C(units, P)`; without it a state is `units` long
      """),
    Slip(
      "state of half a unit",
      """
      cell mine
      input x
      state h(0.5)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:9: `0.5` is not a whole number from 1 to 16777216
          state h(0.5)
                  ^^^
      lengths, and what they are multiplied or divided by, are such numbers
      """),
    Slip(
      "huge state",
      """
      cell mine
      input x
      state h(99999999999)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:9: `99999999999` is not a whole number from 1 to 16777216
          state h(99999999999)
                  ^^^^^^^^^^^
      lengths, and what they are multiplied or divided by, are such numbers
      """),
    Slip(
      "bad size line",
      """
      cell mine
      input x
      size P = inputs + 1
      state h(P)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:17: the size `P` gets no value that can be computed
          size P = inputs + 1
                          ^
      write a product of sizes and whole numbers, as in `size P = units / 2`, `size P = heads * 16` or `size P = 64`
      """),
    Slip(
      "size divided by zero",
      """
      cell mine
      input x
      size P = units / 0
      state h(P)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:18: `0` is not a whole number from 1 to 16777216
          size P = units / 0
                           ^
      lengths, and what they are multiplied or divided by, are such numbers
      """),
    Slip(
      "size without value",
      """
      cell mine
      input x
      size P
      state h(P)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:7: the size `P` gets no value that can be computed
          size P
                ^
      write a product of sizes and whole numbers, as in `size P = units / 2`, `size P = heads * 16` or `size P = 64`
      """),
    Slip(
      "misspelt size",
      """
      cell mine
      input x
      state h(unit)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:9: no size is called `unit`
          state h(unit)
                  ^^^^
      did you mean `units`? For a size of that name add `size unit = units / 2`
      """),
    Slip(
      "size that no state has",
      """
      cell mine
      input x
      size P = 16
      state h
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:6: no state has the size `P`
          size P = 16
               ^
      write `state h(P)`, or remove the line
      """),
    Slip(
      "units as a size of one's own",
      """
      cell mine
      input x
      size units = 16
      state h
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:6: the size `units` belongs to every layer
          size units = 16
               ^^^^^
      choose another name; `units` and `inputs` are given where the cell is used
      """),
    Slip(
      "size as a vector",
      """
      cell mine
      input x
      size P = 16
      state h(P)
      h' = tanh(W x + P * h)
      """,
      """
      mine.cell:5:17: `P` is a size, not a vector
          h' = tanh(W x + P * h)
                          ^
      sizes stand only in `state` and `size` lines and in slices; choose another name for a parameter
      """),
    Slip(
      "layer's size as a vector",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + h / units)
      """,
      """
      mine.cell:4:21: `units` is a size, not a vector
          h' = tanh(W x + h / units)
                              ^^^^^
      sizes stand only in `state` and `size` lines and in slices; choose another name for a parameter
      """),
    Slip(
      "size as a matrix",
      """
      cell mine
      input x
      size P = 16
      state h(P)
      h' = tanh(W x + P h)
      """,
      """
      mine.cell:5:17: `P` is a size, not a vector
          h' = tanh(W x + P h)
                          ^
      sizes stand only in `state` and `size` lines and in slices; choose another name for a parameter
      """),
    Slip(
      "unused scalar",
      """
      cell mine
      input x
      state h
      scalar α, β
      h' = α * tanh(W x + U h)
      """,
      """
      mine.cell:4:11: the scalar `β` is never used
          scalar α, β
                    ^
      use it in an equation, or remove it here
      """),
  ]
}
