extension Slip {
  /// Slips of constants, fixed parameters and sizes that are products.
  static let constants: [Slip] = [
    Slip(
      "constant without number",
      """
      cell mine
      input x
      state h
      constant ε = units
      h' = tanh(W x) * ε
      """,
      """
      mine.cell:4:14: the constant `ε` is no number
          constant ε = units
                       ^^^^^
      write one at the end of the line, as in `constant ε = 1e-5`
      """),
    Slip(
      "constant without value",
      """
      cell mine
      input x
      state h
      constant ε
      h' = tanh(W x) * ε
      """,
      """
      mine.cell:4:11: the constant `ε` is no number
          constant ε
                    ^
      write one at the end of the line, as in `constant ε = 1e-5`
      """),
    Slip(
      "constant of two numbers",
      """
      cell mine
      input x
      state h
      constant ε = 1 / 3
      h' = tanh(W x) * ε
      """,
      """
      mine.cell:4:16: the constant `ε` is no number
          constant ε = 1 / 3
                         ^
      write one at the end of the line, as in `constant ε = 1e-5`
      """),
    Slip(
      "unused constant",
      """
      cell mine
      input x
      state h
      constant ε = 1e-5
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:4:10: the constant `ε` is never used
          constant ε = 1e-5
                   ^
      use it in an equation, or remove the line
      """),
    Slip(
      "constant defined again",
      """
      cell mine
      input x
      state h
      constant f = 1
      f = σ(W x)
      h' = f * h
      """,
      """
      mine.cell:5:1: `f` is already a constant (line 4)
          f = σ(W x)
          ^
      choose another name
      """),
    Slip(
      "constant as a matrix",
      """
      cell mine
      input x
      state h
      constant ε = 1e-5
      h' = tanh(ε x + U h)
      """,
      """
      mine.cell:5:11: `ε x` means a matrix product, but `ε` is a constant
          h' = tanh(ε x + U h)
                    ^
      write `ε * x` for the pointwise product
      """),
    Slip(
      "matrix times a constant",
      """
      cell mine
      input x
      state h
      constant ε = 1e-5
      h' = tanh(W x + U ε)
      """,
      """
      mine.cell:5:19: `ε` is a number, and a vector is needed here
          h' = tanh(W x + U ε)
                            ^
      a number has no length of its own; write it beside a vector, as in `2 * x`
      """),
    Slip(
      "start of a constant",
      """
      cell mine
      input x
      state h
      constant ε = 1e-5
      h' = tanh(W x) * ε
      init ε = 2
      """,
      """
      mine.cell:6:6: `ε` is a constant, not a parameter
          init ε = 2
               ^
      `init` says how parameters start; states start at zero, or as the caller says
      """),
    Slip(
      "fixed name that is none",
      """
      cell mine
      input x
      state h
      h' = tanh(W_h [h, x])
      fixed W_g
      """,
      """
      mine.cell:5:7: no parameter is called `W_g`
          fixed W_g
                ^^^
      did you mean `W_h`?
      """),
    Slip(
      "fixed state",
      """
      cell mine
      input x
      state h
      h' = tanh(W [h, x])
      fixed h
      """,
      """
      mine.cell:5:7: `h` is a state, not a parameter
          fixed h
                ^
      `fixed` is for parameters, which training would change otherwise
      """),
    Slip(
      "fixed twice",
      """
      cell mine
      input x
      state h
      h' = tanh(W [h, x])
      fixed W
      fixed W
      """,
      """
      mine.cell:6:7: `W` is fixed a second time
          fixed W
                ^
      line 5 says it already: keep one of the two
      """),
    Slip(
      "product of an unknown size",
      """
      cell mine
      input x
      size D = unit * 2
      state h(D)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:10: no size is called `unit`
          size D = unit * 2
                   ^^^^
      did you mean `units`?
      """),
    Slip(
      "product of a size that nothing gives",
      """
      cell mine
      input x
      size D = heads * 2
      state h(D)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:10: no size is called `heads`
          size D = heads * 2
                   ^^^^^
      add a line that says how large it is, as in `size heads = 16`
      """),
    Slip(
      "product of a vector",
      """
      cell mine
      input x
      size D = x * 2
      state h(D)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:10: `x` is the input, and a size is needed here
          size D = x * 2
                   ^
      write `units`, `inputs`, a whole number or a size of the cell's own
      """),
    Slip(
      "size of itself",
      """
      cell mine
      input x
      size D = d * 2
      size d = D / 2
      state h(D)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:6: the size `D` depends on itself: `D` → `d` → `D`
          size D = d * 2
               ^
      make one of them a whole number, or a product of sizes that do not depend on it
      """),
    Slip(
      "too large a product",
      """
      cell mine
      input x
      size D = 65536 * 65536 * units
      state h(D)
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:3:18: a size grows too large here
          size D = 65536 * 65536 * units
                           ^^^^^
      no vector may hold more than 16777216 numbers or 16777216 times the units
      """),
    Slip(
      "sum of a number",
      """
      cell mine
      input x
      state h
      h' = W x / sum(2)
      """,
      """
      mine.cell:4:16: `2` is a number, and a vector is needed here
          h' = W x / sum(2)
                         ^
      a number has no length of its own; write it beside a vector, as in `2 * x`
      """),
  ]
}
