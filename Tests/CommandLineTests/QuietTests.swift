import CommandKit
import Console
import Support
import Testing

struct QuietTests {
  private let command = Command(
    "talk", "Talks.",
    commands: [
      Command("now", "Says something, prints its words and fails at a question.") { declare in
        let words = declare.repeatedArgument("WORD", "what is printed")
        return { invocation in
          invocation.terminal.say("working")
          try invocation.terminal.print(invocation[words].joined(separator: " "))
          if invocation[words].contains("?") { throw RecurrentError(.unsuitable, "there is no answer") }
        }
      }
    ])

  @Test(arguments: ["now a b", "--quiet now a b", "now --quiet a b", "now a b --quiet", "now --quiet a --quiet b"])
  func onlyTheMessagesGo(line: String) {
    let captured = run(line, exits: 0)
    #expect(captured.output == "a b\n")
    #expect(captured.messages == (line.contains("--quiet") ? "" : "working\n"))
  }

  @Test func errorsAreSaidAllTheSame() {
    #expect(run("now ? --quiet", exits: 1).messages == "error: there is no answer\n")
    #expect(run("--quiet now", exits: 2).messages.hasPrefix("error: WORD is missing: what is printed\n"))
    #expect(run("--quiet", exits: 2).messages.contains("\nUsage: talk COMMAND\n"))
  }

  @Test func afterTwoHyphensItIsAnArgument() {
    let captured = run("now a -- --quiet", exits: 0)
    #expect(captured.output == "a --quiet\n")
    #expect(captured.messages == "working\n")
  }

  @Test(arguments: ["--quite", "now a --quite"])
  func itIsSuggested(line: String) {
    #expect(run(line, exits: 2).messages.hasPrefix("error: there is no option --quite; did you mean --quiet?\n"))
  }

  private func run(_ line: String, exits code: Int32) -> CapturedTerminal {
    let captured = CapturedTerminal()
    #expect(command.run(line.split(separator: " ").map(String.init), on: captured.terminal()) == code)
    return captured
  }
}
