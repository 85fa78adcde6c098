extension Slip {
  /// Slips of heads and block-diagonal matrices.
  static let heads: [Slip] = [
    heads(
      "heads without a number", "heads", "h' = layer_norm(W x + R h)",
      """
      mine.cell:4:6: `heads` gets no number that can be computed
          heads
               ^
      write a whole number or a product of sizes, as in `heads 4` or `heads units / 64`
      """),
    heads(
      "half a head", "heads 0.5", "h' = layer_norm(W x + R h)",
      """
      mine.cell:4:7: `0.5` is not a whole number from 1 to 16777216
          heads 0.5
                ^^^
      lengths, and what they are multiplied or divided by, are such numbers
      """),
    heads(
      "heads of something unknown", "heads unts / 4", "h' = layer_norm(W x + R h)",
      """
      mine.cell:4:7: no size is called `unts`
          heads unts / 4
                ^^^^
      did you mean `units`?
      """),
    heads(
      "heads twice", "heads 4\nheads 2", "h' = layer_norm(W x + R h)",
      """
      mine.cell:5:1: `heads` is already a size (line 4)
          heads 2
          ^^^^^
      choose another name
      """),
    heads(
      "heads for nothing", "heads 4", "h' = tanh(W x + R h)",
      """
      mine.cell:4:1: the cell has heads, and nothing in it acts on one head by itself
          heads 4
          ^^^^^
      declare block-diagonal matrices, as in `block R`, use a function of whole vectors such as `layer_norm`, or remove the line
      """),
    heads(
      "a part of a vector with heads", "heads 4\nblock R", "z = W x + R h\nh' = tanh(z[0..units])",
      """
      mine.cell:7:11: `z[0..units]` is a part of a vector, and the vectors of a cell with heads have no other parts
          h' = tanh(z[0..units])
                    ^^^^^^^^^^^
      give each part a name and a matrix of its own
      """),
    heads(
      "blocks without heads", "block R", "h' = tanh(W x + R h)",
      """
      mine.cell:4:7: `R` is to be block-diagonal, and the cell has no heads
          block R
                ^
      add a line such as `heads 4`: each head has a block
      """),
    heads(
      "blocks of a misspelt matrix", "heads 4\nblock R_gaet", "h' = tanh(W x + R_gate h)",
      """
      mine.cell:5:7: no parameter is called `R_gaet`
          block R_gaet
                ^^^^^^
      did you mean `R_gate`?
      """),
    heads(
      "blocks of no matrix at all", "heads 4\nblock Recurrent", "h' = tanh(W x + R h)",
      """
      mine.cell:5:7: no parameter is called `Recurrent`
          block Recurrent
                ^^^^^^^^^
      only names that equations use and no line defines are parameters
      """),
    heads(
      "blocks of a state", "heads 4\nblock h", "h' = tanh(W x + R h)",
      """
      mine.cell:5:7: `h` is a state, not a matrix
          block h
                ^
      `block` is for matrices, which an equation writes before a vector
      """),
    heads(
      "blocks of a bias", "heads 4\nblock b", "h' = tanh(W x + R h + b)",
      """
      mine.cell:5:7: `b` is a bias, and only a matrix can be block-diagonal
          block b
                ^
      `block` is for what an equation writes before a vector
      """),
    heads(
      "blocks twice", "heads 4\nblock R\nblock W, R", "h' = tanh(W x + R h)",
      """
      mine.cell:6:10: `R` is block-diagonal already
          block W, R
                   ^
      line 5 says so: keep one of the two
      """),
    heads(
      "blocks without a name", "heads 4\nblock", "h' = tanh(W x + R h)",
      """
      mine.cell:5:6: a name is missing after `block`
          block
               ^
      write `block R`
      """),
  ]

  private static func heads(_ what: String, _ lines: String, _ equations: String, _ message: String) -> Slip {
    Slip(what, "cell mine\ninput x\nstate h\n\(lines)\n\(equations)", message)
  }
}
