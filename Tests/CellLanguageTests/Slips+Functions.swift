extension Slip {
  /// Slips of functions, transposes and primes.
  static let functions: [Slip] = [
    Slip(
      "unknown function",
      """
      cell mine
      input x
      state h
      h' = tnah(W x + U h)
      """,
      """
      mine.cell:4:6: unknown function `tnah`
          h' = tnah(W x + U h)
               ^^^^
      did you mean `tanh`? For a matrix times a parenthesis write a space: `tnah (…)`
      """),
    Slip(
      "unknown function unlike any",
      """
      cell mine
      input x
      state h
      h' = U(x + h)
      """,
      """
      mine.cell:4:6: unknown function `U`
          h' = U(x + h)
               ^
      for a matrix times a parenthesis write a space: `U (…)`; functions: sigmoid, σ, tanh, exp, log, softplus, softsign, sqrt, sin, cos, erf, relu, abs, sign, step, floor, identity, max, min, multiply_add, subtract_product, clip, mean, sum, softmax, cumsum, reverse_cumsum, layer_norm, layer_norm_gradient, hard_sigmoid, hard_tanh, log_sigmoid, silu, swish, elu, leaky_relu, gelu, dot, outer
      """),
    Slip(
      "too few arguments",
      """
      cell mine
      input x
      state h
      h' = max(W x + U h)
      """,
      """
      mine.cell:4:6: `max` takes 2 arguments, not 1
          h' = max(W x + U h)
               ^^^^^^^^^^^^^^
      write `max(a, b)`
      """),
    Slip(
      "too many arguments",
      """
      cell mine
      input x
      state h
      h' = tanh(W x, U h)
      """,
      """
      mine.cell:4:6: `tanh` takes 1 argument, not 2
          h' = tanh(W x, U h)
               ^^^^^^^^^^^^^^
      write `tanh(a)`
      """),
    Slip(
      "no arguments",
      """
      cell mine
      input x
      state h
      h' = tanh() + W x
      """,
      """
      mine.cell:4:6: `tanh` takes 1 argument, not 0
          h' = tanh() + W x
               ^^^^^^
      write `tanh(a)`
      """),
    Slip(
      "function as a vector",
      """
      cell mine
      input x
      state h
      h' = tanh * W x
      """,
      """
      mine.cell:4:6: `tanh` is a function
          h' = tanh * W x
               ^^^^
      write what it applies to in parentheses: `tanh(…)`
      """),
    Slip(
      "function before a name",
      """
      cell mine
      input x
      state h
      h' = tanh x + h
      """,
      """
      mine.cell:4:6: `tanh` is a function
          h' = tanh x + h
               ^^^^
      write what it applies to in parentheses: `tanh(…)`
      """),
    Slip(
      "function defined",
      """
      cell mine
      input x
      state h
      tanh = W x
      h' = tanh(W x + U h)
      """,
      """
      mine.cell:4:1: `tanh` is a function and can't be defined
          tanh = W x
          ^^^^
      choose another name
      """),
    Slip(
      "function as a state",
      """
      cell mine
      input x
      state max
      max' = W x
      """,
      """
      mine.cell:3:7: `max` is a function and can't be defined
          state max
                ^^^
      choose another name
      """),
    Slip(
      "transpose without a vector",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U^T)
      """,
      """
      mine.cell:4:18: the matrix `U` multiplies nothing
          h' = tanh(W x + U^T)
                           ^^
      write the vector after it, as in `U^T x`
      """),
    Slip(
      "transposed vector",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + h^T x)
      """,
      """
      mine.cell:4:17: `h` is a state: only a matrix can be transposed
          h' = tanh(W x + h^T x)
                          ^
      write `h`
      """),
    Slip(
      "stray transpose",
      """
      cell mine
      input x
      state h
      h' = tanh(W x)^T
      """,
      """
      mine.cell:4:15: a transpose follows no matrix
          h' = tanh(W x)^T
                        ^^
      write it right after a matrix's name, as in `W^T x`
      """),
    Slip(
      "stray prime",
      """
      cell mine
      input x
      state h
      h' = tanh(W x + U h)'
      """,
      """
      mine.cell:4:21: a prime follows no name
          h' = tanh(W x + U h)'
                              ^
      write it right after a state's name, as in `c'`
      """),
  ]
}
