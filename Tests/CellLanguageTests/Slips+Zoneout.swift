extension Slip {
  /// Slips of what states keep of themselves.
  static let zoneouts: [Slip] = [
    zoneout(
      "zoneout of nothing", "zoneout s = 0.1",
      """
      mine.cell:5:9: `s` is not a state, and only a state has a value to keep
          zoneout s = 0.1
                  ^
      name one of the cell's states
      """),
    zoneout(
      "zoneout of a misspelt state", "zoneout hiden = 0.1",
      """
      mine.cell:5:9: `hiden` is not a state, and only a state has a value to keep
          zoneout hiden = 0.1
                  ^^^^^
      did you mean `hidden`?
      """),
    zoneout(
      "zoneout of the input", "zoneout hidden, x = 0.1",
      """
      mine.cell:5:17: `x` is the input, and only a state has a value to keep
          zoneout hidden, x = 0.1
                          ^
      name one of the cell's states
      """),
    zoneout(
      "zoneout of all", "zoneout hidden = 1",
      """
      mine.cell:5:18: `hidden` can't keep such a fraction of its units
          zoneout hidden = 1
                           ^
      write a number of at least 0 and below 1 at the end of the line, as in `zoneout hidden = 0.1`
      """),
    zoneout(
      "zoneout with two numbers", "zoneout hidden = 0.1 0.2",
      """
      mine.cell:5:22: `hidden` can't keep such a fraction of its units
          zoneout hidden = 0.1 0.2
                               ^^^
      write a number of at least 0 and below 1 at the end of the line, as in `zoneout hidden = 0.1`
      """),
    zoneout(
      "zoneout twice", "zoneout hidden = 0.1\nzoneout hidden = 0.2",
      """
      mine.cell:6:9: the state `hidden` is zoned out a second time
          zoneout hidden = 0.2
                  ^^^^^^
      line 5 says it already: keep one of the two
      """),
  ]

  private static func zoneout(_ what: String, _ lines: String, _ message: String) -> Slip {
    Slip(what, "cell mine\ninput x\nstate hidden\nhidden' = tanh(W x + U hidden)\n\(lines)", message)
  }
}
