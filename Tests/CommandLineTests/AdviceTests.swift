import Testing

/// A file where a command or a task belongs.
struct AdviceTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  private static let days = (0..<40).map { "\(2000 + $0),\($0 * $0 % 7 * 3 + 100)" }.joined(separator: "\n")
  private static let files: [(name: String, text: String, command: String)] = [
    ("sales.csv", "year,sold\n" + days + "\n", "`recurrent train forecast $/sales.csv`"),
    (
      "words.tsv", (0..<30).map { "\($0 % 2 == 0 ? "kala" : "kilo")\($0)\t\($0 % 2 == 0 ? "a" : "o")\n" }.joined(),
      "`recurrent train classify $/words.tsv`"
    ),
    ("tags.tsv", (0..<30).map { _ in "dogs\tNOUN\nrun\tVERB\n\n" }.joined(), "`recurrent train tag $/tags.tsv`"),
    (
      "book.txt", (0..<60).map { "It rained \($0 % 7) times" + ($0 % 3 == 0 ? ", and nobody came.\n\n" : ".\n") }.joined(),
      "`recurrent train text $/book.txt`"
    ),
  ]

  @Test(arguments: files)
  func theTaskOfAFileIsNamed(name: String, text: String, command: String) throws {
    try workshop.write(text, name)
    let refused = workshop.run("train $/\(name)")
    #expect(refused.code == 2)
    #expect(
      refused.messages
        == "error: $/\(name) is a file, and what to learn from it comes before it: \(command)\n`recurrent train --help` says what there is.\n"
    )
  }

  @Test func aFileThatMayBeAnythingIsDescribed() throws {
    try workshop.write("a,b\n1,2\n", "good.csv")
    #expect(
      workshop.run("train $/good.csv").messages
        == "error: $/good.csv is a file, and what to learn from it comes before it: text, forecast, classify, label, map, tag, "
        + "transcribe, translate or problem; `recurrent describe $/good.csv` says what it holds\n`recurrent train --help` says what there is.\n"
    )
    let whole = workshop.run("$/good.csv")
    #expect(whole.code == 2)
    #expect(
      whole.messages
        == "error: $/good.csv is a file, and what is to be done with it comes before it: `recurrent describe $/good.csv` says what it holds\n"
        + "`recurrent --help` says what there is.\n")
    #expect(workshop.run("train $/none.csv").messages.hasPrefix("error: there is no command $/none.csv\n"))
  }
}
