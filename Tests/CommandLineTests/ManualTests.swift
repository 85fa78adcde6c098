import CommandKit
import CommandLine
import Support
import Testing

struct ManualTests {
  private let page = run(["man"]).output

  @Test func itBeginsAsAPageOfItsRelease() {
    #expect(page.hasPrefix(".\\\" Written by `recurrent man`.\n.Dd "))
    #expect(page.contains("\n.Os recurrent \(Release.version)\n"))
    let manual = Manual(of: sample, version: "1.2", date: "2024-02-09", environment: [("SAMPLE", "what it is.")])
    #expect(manual.text.contains("\n.Dd February 9, 2024\n.Dt SAMPLE 1\n.Os sample 1.2\n"))
    #expect(manual.text.contains("\n.It Ev SAMPLE\nwhat it is.\n"))
  }

  /// All options stand in the page with what they mean, those of the help of each command; groups that have options of their own come before
  /// their commands.
  @Test func everyCommandHasItsSection() {
    let sections = page.split(separator: "\n.Ss ").dropFirst()
    var names: [String] = []
    func visit(_ command: Command, _ path: [String]) {
      if command.commands.isEmpty || command.alternative != nil { names.append(path.joined(separator: " ")) }
      for inner in command.commands { visit(inner, path + [inner.name]) }
    }
    visit(recurrent, [])
    #expect(sections.map { String($0.prefix { $0 != "\n" }).replacing("\\-", with: "-").replacing("\\&", with: "") } == names)
    let text = sections.first { $0.hasPrefix("train text\n") } ?? ""
    #expect(text.contains("\n.It Fl \\-learning\\-rate Ar \\&X\nhow large a step is (default: "))
    #expect(text.contains("\n.Bd -literal -offset indent\nrecurrent train text book.txt\n.Ed\n"))
  }

  @Test func noTextIsTakenForAMacro() {
    let command = Command("odd", "Does .odd things.") { declare in
      let option = declare.text("--no", "No", ".It isn't `.Sh a\\b`. 'It is.")
      return { invocation in _ = invocation[option] }
    }
    let text = Manual(of: command, version: "1", date: "2024-12-31", environment: []).text
    #expect(text.contains("\n.It Fl \\-no Ar \\&No\n\\&.It isn't \\fB.Sh a\\eb\\fP.\n\\&'It is.\n"))
  }

  @Test(.enabled("mandoc is not installed") { InstalledProgram.isThere("mandoc") })
  func mandocFindsNothingWrong() throws {
    let mandoc = try #require(InstalledProgram("mandoc"))
    #expect(try mandoc.output(["-T", "lint", "-W", "warning"], input: page) == "")
  }
}
