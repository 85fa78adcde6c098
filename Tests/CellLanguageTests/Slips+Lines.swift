extension Slip {
  /// Slips of whole lines: what is missing, misspelt or in the wrong place.
  static let lines: [Slip] = [
    Slip(
      "the text is empty", "",
      "mine.cell:1:1: the text holds no cell\n    \n    ^\nbegin with `cell NAME`, `input x` and `state h`, then write the equations"
    ),
    Slip(
      "only comments", "# nothing here",
      """
      mine.cell:1:1: the text holds no cell
          # nothing here
          ^
      begin with `cell NAME`, `input x` and `state h`, then write the equations
      """),
    Slip(
      "no cell line",
      """
      input x
      state h
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:1:1: a cell begins with its name
          input x
          ^^^^^
      write `cell NAME` above this line; only comments may stand before it
      """),
    Slip(
      "cell misspelt",
      """
      cel mine
      input x
      """,
      """
      mine.cell:1:1: no line begins with `cel`
          cel mine
          ^^^
      did you mean `cell`?
      """),
    Slip(
      "cell without a name",
      """
      cell
      input x
      """,
      """
      mine.cell:1:5: a name is missing after `cell`
          cell
              ^
      write `cell lstm`
      """),
    Slip(
      "text after the name",
      """
      cell my net
      input x
      """,
      """
      mine.cell:1:9: `net` is not expected after `my`
          cell my net
                  ^^^
      end the line here; a comment begins with `#`
      """),
    Slip(
      "two cells",
      """
      cell a
      input x
      state h
      h' = tanh(W x + U h)
      cell b
      """,
      """
      mine.cell:5:1: a second cell begins here
          cell b
          ^^^^
      a text holds one cell: put the other one into a file of its own
      """),
    Slip(
      "no input",
      """
      cell mine
      state h
      h' = tanh(U h)
      """,
      """
      mine.cell:1:6: the cell has no input
          cell mine
               ^^^^
      add a line such as `input x`
      """),
    Slip(
      "input without a name",
      """
      cell mine
      input
      """,
      """
      mine.cell:2:6: a name is missing after `input`
          input
               ^
      write `input x`
      """),
    Slip(
      "no state",
      """
      cell mine
      input x
      y = tanh(W x)
      """,
      """
      mine.cell:1:6: the cell has no state
          cell mine
               ^^^^
      add a line such as `state h, c`; the first state is the output
      """),
    Slip(
      "state after a comma missing",
      """
      cell mine
      input x
      state h,
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:9: a name is missing after `state`
          state h,
                  ^
      write `state h, c`
      """),
    Slip(
      "misspelt keyword",
      """
      cell mine
      inptu x
      state h
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:2:1: no line begins with `inptu`
          inptu x
          ^^^^^
      did you mean `input`?
      """),
    Slip(
      "misspelt size keyword",
      """
      cell mine
      input x
      szie P = units / 2
      state h(P)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:1: no line begins with `szie`
          szie P = units / 2
          ^^^^
      did you mean `size`?
      """),
    Slip(
      "neither declaration nor equation",
      """
      cell mine
      input x
      state h
      tanh(W x + U h)
      """,
      """
      mine.cell:4:1: this line is neither a declaration nor an equation
          tanh(W x + U h)
          ^^^^
      write `name = …`, or begin with `cell`, `input`, `memory`, `state`, `local`, `size`, `heads`, `block`, `constant`, `scalar`, `fixed`, `zoneout`, `repeat` or `init`
      """),
    Slip(
      "forgotten equals sign",
      """
      cell mine
      input x
      state h
      h' tanh(W x + U h)
      """,
      """
      mine.cell:4:4: `=` is missing after `h'`
          h' tanh(W x + U h)
             ^^^^
      write `h' = …`
      """),
    Slip(
      "expression on the left",
      """
      cell mine
      input x
      state h
      W x = h
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:4:1: an equation begins with the name that it defines
          W x = h
          ^
      write `name = …` for a local vector or `name' = …` for a state's next value
      """),
    Slip(
      "an equation begins with a number",
      """
      cell mine
      input x
      state h
      2 = h
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:4:1: an equation begins with the name that it defines
          2 = h
          ^
      write `name = …` for a local vector or `name' = …` for a state's next value
      """),
    Slip(
      "text after a declaration",
      """
      cell mine
      input x is the event
      state h
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:2:9: `is` is not expected after `x`
          input x is the event
                  ^^
      end the line here; a comment begins with `#`
      """),
  ]
}
