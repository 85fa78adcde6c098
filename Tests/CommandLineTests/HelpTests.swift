import CommandKit
import CommandLine
import Support
import Testing

struct HelpTests {
  @Test(arguments: [["--help"], ["-h"], ["--units", "no", "--what", "-h"]])
  func anActionExplainsItself(arguments: [String]) {
    expect(
      ["train", "text"] + arguments,
      """
      Trains a language model on a text and keeps what is best in a folder of its own.

      Usage: sample train text FILE [MODEL] [options]

      Arguments:
        FILE   the text, in UTF-8
        MODEL  a model to go on with

      Options:
        --units N          units in each layer (default: 128)
        --seed N           where randomness begins; another one each time if not given
        --learning-rate X  how far a step goes (default: 0.002)
        --dropout X        which part of the units is left out between layers
        --optimizer NAME   how weights follow the gradient: adam, sgd or rmsprop
                           (default: adam)
        --cell NAME        the cell (default: lstm)
        --output FOLDER    where the model goes
        --json             print the results for machines
        --quiet            write nothing but errors to standard error
        -h, --help         show this help

      Examples:
        sample train text shakespeare.txt --units 256
            trains a larger model than usual

      """)
  }

  @Test func aGroupListsItsCommands() {
    expect(
      ["--help"],
      """
      Shows what commands can declare.

      Usage: sample COMMAND

      Commands:
        train  Trains a model.
        check  Checks cells.

      Options:
        --version   show the version
        --quiet     write nothing but errors to standard error
        -h, --help  show this help, or that of a command after its name

      """)
  }

  /// What may stand in place of a command is shown where the commands are.
  @Test func aGroupListsItsOwnOptions() {
    let door = Command("door", "Opens a door.") { _ in { _ in } }
    let plan = Command("plan", "Opens as a plan says.") { declare in
      let plan = declare.text("--plan", "FILE", "what to open")
      let json = declare.flag("--json", "print the result for machines")
      declare.example("--plan all.json", "opens all that the plan names")
      return { _ = ($0[plan], $0[json]) }
    }
    let captured = CapturedTerminal()
    let command = Command("open", "Opens things.", commands: [door], otherwise: plan)
    #expect(command.run(["--help"], on: captured.terminal()) == 0)
    #expect(
      captured.output == """
        Opens things.

        Usage: open COMMAND
               open --plan FILE [options]

        Commands:
          door  Opens a door.

        Options:
          --plan FILE  what to open
          --json       print the result for machines
          --version    show the version
          --quiet      write nothing but errors to standard error
          -h, --help   show this help, or that of a command after its name

        Examples:
          open --plan all.json
              opens all that the plan names

        """)
    let mistaken = CapturedTerminal()
    #expect(command.run(["--plam", "all.json"], on: mistaken.terminal()) == 2)
    #expect(mistaken.messages.hasPrefix("error: there is no option --plam; did you mean --plan?\n"))
  }

  @Test func aRepeatedArgumentIsMarked() {
    expect(
      ["check", "--help"],
      """
      Checks cells.

      Usage: sample check CELL ... [options]

      Arguments:
        CELL  a name or a file

      Options:
        --quiet     write nothing but errors to standard error
        -h, --help  show this help

      """)
  }

  /// Of every command that there is: one plain sentence, no name twice, and help that fits a usual terminal.
  @Test(arguments: [sample, recurrent].flatMap { commands(in: $0) })
  func everyCommandIsDeclaredSoundly(path: [String], command: Command) {
    #expect(command.summary.hasSuffix(".") && command.summary.first?.isUppercase == true)
    #expect(Set(command.commands.map(\.name)).count == command.commands.count)
    let captured = CapturedTerminal()
    let outermost = path.first == sample.name ? sample : recurrent
    #expect(outermost.run(path.dropFirst() + ["--help"], on: captured.terminal()) == 0)
    let lines = captured.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
    let options = lines.filter { $0.hasPrefix("  -") }.compactMap { $0.split(separator: " ").first }
    #expect(Set(options).count == options.count)
  }

  @Test(arguments: 45...110)
  func linesFitTheTerminal(width: Int) {
    let captured = CapturedTerminal()
    #expect(sample.run(["train", "text", "--help"], on: captured.terminal(width: width)) == 0)
    // What can't be broken, the usage and an example, may be longer.
    let lines = captured.output.split(separator: "\n").filter { !$0.contains("sample train text") }
    #expect(lines.allSatisfy { $0.count <= width })
    // The longest text would be 99 characters, and no word is longer than 9.
    #expect(lines.contains { $0.count > min(width, 99) - 10 })
  }

  @Test func headingsStandOutWhereThereAreColours() {
    let captured = CapturedTerminal()
    #expect(sample.run(["check", "--help"], on: captured.terminal(hasColours: true)) == 0)
    #expect(captured.output.contains("\n\u{1B}[1mOptions:\u{1B}[0m\n"))
  }

  @Test(arguments: [([], "sample"), (["train"], "sample train")] as [([String], String)])
  func aGroupWithoutACommandShowsItsHelpAsAMessage(arguments: [String], called: String) {
    let captured = CapturedTerminal()
    #expect(sample.run(arguments, on: captured.terminal()) == 2)
    #expect(captured.messages.contains("\nUsage: \(called) COMMAND\n"))
    #expect(captured.output == "")
  }

  @Test func theVersionIsPrinted() {
    let captured = CapturedTerminal()
    #expect(recurrent.run(["--version"], on: captured.terminal()) == 0)
    #expect(captured.output == "recurrent \(Release.version)\n")
    #expect(captured.messages == "")
  }

  private func expect(_ arguments: [String], _ help: String) {
    let captured = CapturedTerminal()
    #expect(sample.run(arguments, on: captured.terminal()) == 0)
    #expect(captured.output == help)
    #expect(captured.messages == "")
  }
}

/// The command and all below it, each with the words that lead to it.
private func commands(in command: Command, below path: [String] = []) -> [([String], Command)] {
  let path = path + [command.name]
  return [(path, command)] + command.commands.flatMap { commands(in: $0, below: path) }
}
