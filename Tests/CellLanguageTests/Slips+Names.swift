extension Slip {
  /// Slips of names: states, parameters, what reads what.
  static let names: [Slip] = [
    Slip(
      "update of no state",
      """
      cell mine
      input x
      state h, c
      d' = tanh(W x + U h)
      c' = c
      h' = d
      """,
      """
      mine.cell:4:1: `d` is not a state: only a state has a next value
          d' = tanh(W x + U h)
          ^^
      write `d = …` for a local vector, or declare `state d`
      """),
    Slip(
      "update of a misspelt state",
      """
      cell mine
      input x
      state h, cell_state
      cel_state' = tanh(W x + U h)
      h' = tanh(cell_state')
      """,
      """
      mine.cell:4:1: `cel_state` is not a state: only a state has a next value
          cel_state' = tanh(W x + U h)
          ^^^^^^^^^^
      did you mean `cell_state'`?
      """),
    Slip(
      "update of a local",
      """
      cell mine
      input x
      state h
      g = W x
      g' = tanh(g)
      h' = g
      """,
      """
      mine.cell:5:1: `g` is a local vector: only a state has a next value
          g' = tanh(g)
          ^^
      write `g = …` for a local vector, or declare `state g`
      """),
    Slip(
      "state without prime",
      """
      cell mine
      input x
      state h, c
      c = W x + U h
      h' = tanh(c)
      """,
      """
      mine.cell:4:1: `c` is a state, whose old value can't be defined
          c = W x + U h
          ^
      write `c' = …` for its next value
      """),
    Slip(
      "state never updated",
      """
      cell mine
      input x
      state h, c
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:10: the state `c` never gets a next value
          state h, c
                   ^
      add an equation `c' = …`
      """),
    Slip(
      "state updated twice",
      """
      cell mine
      input x
      state h
      h' = tanh(W x)
      h' = tanh(U h)
      """,
      """
      mine.cell:5:1: the state `h` gets its next value a second time
          h' = tanh(U h)
          ^^
      line 4 gives it already: keep one of the two
      """),
    Slip(
      "local defined twice",
      """
      cell mine
      input x
      state h
      g = W x
      g = U h
      h' = g
      """,
      """
      mine.cell:5:1: `g` is already a local vector (line 4)
          g = U h
          ^
      choose another name
      """),
    Slip(
      "name declared twice",
      """
      cell mine
      input x
      state h, x
      h' = W x
      """,
      """
      mine.cell:3:10: `x` is already the input (line 2)
          state h, x
                   ^
      choose another name
      """),
    Slip(
      "input defined",
      """
      cell mine
      input x
      state h
      x = tanh(h)
      h' = W x
      """,
      """
      mine.cell:4:1: `x` is the input and can't be defined
          x = tanh(h)
          ^
      choose another name, or declare it as a state: `state x`
      """),
    Slip(
      "next value of no state",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U d')
      """,
      """
      mine.cell:4:19: `d'` is no state's next value: `d` is not a state
          h' = tanh(W x + U d')
                            ^^
      declare `state d` and define `d' = …`
      """),
    Slip(
      "next value of a misspelt state",
      """
      cell mine
      input x
      state STM, LTM
      LTM' = W x + LTM
      STM' = tanh(LMT')
      """,
      """
      mine.cell:5:13: `LMT'` is no state's next value: `LMT` is not a state
          STM' = tanh(LMT')
                      ^^^^
      did you mean `LTM'`?
      """),
    Slip(
      "next value of a local",
      """
      cell mine
      input x
      state h
      g = W x
      h' = tanh(g')
      """,
      """
      mine.cell:5:11: `g'` is no state's next value: `g` is a local vector
          h' = tanh(g')
                    ^^
      write `g`
      """),
    Slip(
      "next value of the input",
      """
      cell mine
      input x
      state h
      h' = tanh(W x')
      """,
      """
      mine.cell:4:13: `x'` is no state's next value: `x` is the input
          h' = tanh(W x')
                      ^^
      write `x`
      """),
    Slip(
      "matrix and vector",
      """
      cell mine
      input x
      state h
      g = tanh(W x + b)
      h' = g * W
      """,
      """
      mine.cell:5:10: `W` is a vector here and a matrix in line 4
          h' = g * W
                   ^
      a parameter is one or the other: give one of them another name, or write the vector that the matrix multiplies after it
      """),
    Slip(
      "matrix without its vector",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + W)
      """,
      """
      mine.cell:4:17: `W` is a vector here and a matrix in line 4
          h' = tanh(W x + W)
                          ^
      a parameter is one or the other: give one of them another name, or write the vector that the matrix multiplies after it
      """),
    Slip(
      "matrix of a matrix",
      """
      cell mine
      input x
      state h
      h' = tanh(A x + B A)
      """,
      """
      mine.cell:4:19: `A` is a vector here and a matrix in line 4
          h' = tanh(A x + B A)
                            ^
      a parameter is one or the other: give one of them another name, or write the vector that the matrix multiplies after it
      """),
    Slip(
      "input never read",
      """
      cell mine
      input x
      state h
      h' = tanh(U h)
      """,
      """
      mine.cell:2:7: no equation reads the input `x`
          input x
                ^
      use `x` in an equation, as in `W x`
      """),
    Slip(
      "a name that was misspelt",
      """
      cell mine
      input x
      state h, c
      forget = σ(W_f [h, x] + b_f)
      c' = forgett * c + W x
      h' = tanh(c')
      """,
      """
      mine.cell:4:1: nothing reads `forget`, and nothing defines `forgett` in line 5
          forget = σ(W_f [h, x] + b_f)
          ^^^^^^
      if they are the same vector, write the same name; if `forgett` is a parameter, remove or rename `forget`
      """),
    Slip(
      "cycle",
      """
      cell mine
      input x
      state h
      a = tanh(W x + b)
      b = a * d
      d = b + h
      h' = d
      """,
      """
      mine.cell:4:1: `a` depends on itself: `a` → `b` → `a`
          a = tanh(W x + b)
          ^
      read a state's old value instead, which is written without the prime
      """),
    Slip(
      "equation that reads itself",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h')
      """,
      """
      mine.cell:4:1: `h'` depends on itself
          h' = tanh(W x + U h')
          ^^
      read a state's old value instead, which is written without the prime
      """),
  ]
}
