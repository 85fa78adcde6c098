extension Slip {
  /// Slips of lines that say how long local vectors are.
  static let locals: [Slip] = [
    locals(
      "a local vector without its length", "local z",
      """
      mine.cell:4:8: a local vector's size is a name or a whole number
          local z
                 ^
      write `local z(P)` or `local z(16)`
      """),
    locals(
      "a local vector with two lengths", "local z(4, 4)",
      """
      mine.cell:4:12: a local vector's size is a name or a whole number
          local z(4, 4)
                     ^
      write `local z(P)` or `local z(16)`
      """),
    locals(
      "the length of a state", "local h(4)",
      """
      mine.cell:4:7: `h` is a state, and `local` says how long local vectors are
          local h(4)
                ^
      name a vector that an equation `z = …` defines
      """),
    locals(
      "the length of a misspelt vector", "local zz(4)",
      """
      mine.cell:4:7: no equation defines `zz`
          local zz(4)
                ^^
      did you mean `z`?
      """),
    locals(
      "the length of what is not there", "local quite(4)",
      """
      mine.cell:4:7: no equation defines `quite`
          local quite(4)
                ^^^^^
      add an equation `quite = …`, or remove its length
      """),
    locals(
      "a length that is given twice", "local z(4), z(4)",
      """
      mine.cell:4:13: the length of `z` was given before, in line 4
          local z(4), z(4)
                      ^
      remove one of the two
      """),
  ]

  private static func locals(_ what: String, _ line: String, _ message: String) -> Slip {
    Slip(what, "cell mine\ninput x\nstate h\n\(line)\nz  = tanh(W x)\nh' = U z\n", message)
  }
}
