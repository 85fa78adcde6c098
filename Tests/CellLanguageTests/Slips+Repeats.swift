extension Slip {
  /// Slips of repeated equations.
  static let repeats: [Slip] = [
    repeats(
      "repeat without a number", "repeat\n  h' = tanh(W x + U h)",
      """
      mine.cell:4:7: `repeat` does not say how often
          repeat
                ^
      write a whole number or a size, as in `repeat 6`, and indent the equations below it
      """),
    repeats(
      "repeat never", "repeat 0\n  h' = tanh(W x + U h)",
      """
      mine.cell:4:8: `0` is not a whole number from 1 to 16777216
          repeat 0
                 ^
      lengths, and what they are multiplied or divided by, are such numbers
      """),
    repeats(
      "repeat for ever", "repeat 65\n  h' = tanh(W x + U h)",
      """
      mine.cell:4:1: equations are repeated too often
          repeat 65
          ^^^^^^
      a step can go through them at most 64 times
      """),
    repeats(
      "repeat an unknown number of times", "repeat n\n  h' = tanh(W x + U h)",
      """
      mine.cell:4:8: no size is called `n`
          repeat n
                 ^
      add a line that says how large it is, as in `size n = 16`
      """),
    repeats(
      "repeat with its equation beside it", "repeat 3 h' = tanh(W x + U h)",
      """
      mine.cell:4:10: `h` is not expected after `3`
          repeat 3 h' = tanh(W x + U h)
                   ^
      end the line here; a comment begins with `#`
      """),
    repeats(
      "repeat nothing", "repeat 3\nh' = tanh(W x + U h)",
      """
      mine.cell:4:1: `repeat` repeats nothing
          repeat 3
          ^^^^^^
      indent the equations that it is to repeat, and write them below it
      """),
    repeats(
      "repeat nothing at the end", "h' = tanh(W x + U h)\nrepeat 3",
      """
      mine.cell:5:1: `repeat` repeats nothing
          repeat 3
          ^^^^^^
      indent the equations that it is to repeat, and write them below it
      """),
    repeats(
      "repeat what stays the same", "repeat 3\n  a = W x\nh' = tanh(a + U h)",
      """
      mine.cell:4:1: no repeated equation gives a state's next value
          repeat 3
          ^^^^^^
      without one each time computes the same: repeat an equation `h' = …`
      """),
    repeats(
      "repeat within a repeat", "repeat 3\n  repeat 2\n    h' = tanh(W x + U h)",
      """
      mine.cell:5:3: a `repeat` stands among repeated equations
            repeat 2
            ^^^^^^
      write it beside the other one, not indented below it
      """),
    repeats(
      "a declaration among repeated equations", "repeat 3\n  h' = tanh(W x + U h)\n  init U = orthogonal",
      """
      mine.cell:6:3: `init` stands among repeated equations
            init U = orthogonal
            ^^^^
      only equations are repeated: write the line elsewhere, without indenting it
      """),
    repeats(
      "a repeat that waits for what waits for it", "a = tanh(h')\nrepeat 3\n  b  = W x\n  h' = tanh(b + U a)",
      """
      mine.cell:4:1: `a` depends on itself: `a` → `h'` → `b` → `a`
          a = tanh(h')
          ^
      read a state's old value instead, which is written without the prime
      """),
  ]

  private static func repeats(_ what: String, _ lines: String, _ message: String) -> Slip {
    Slip(what, "cell mine\ninput x\nstate h\n\(lines)\n", message)
  }
}
