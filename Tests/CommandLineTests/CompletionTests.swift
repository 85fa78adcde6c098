import CommandKit
import CommandLine
import Testing

/// The scripts of all shells, by what the shells themselves make of them; `script/check-completions` goes on to whole command lines.
struct CompletionTests {
  @Test(arguments: Shell.allCases) func aShellIsNamed(shell: Shell) {
    let captured = run(["completions", shell.rawValue])
    #expect(captured.messages == "")
    #expect(captured.output.hasPrefix(shell == .zsh ? "#compdef recurrent\n" : "# Completes `recurrent` in \(shell)"))
  }

  @Test func anotherShellIsRefused() {
    let captured = run(["completions", "zhs"], exits: 2)
    #expect(
      captured.messages.hasPrefix(
        "error: there are no completions for \"zhs\", only for bash, zsh and fish; did you mean zsh?\n"))
    #expect(captured.output == "")
  }

  /// Skipped for shells that are not installed.
  @Test(arguments: Shell.allCases.filter { InstalledProgram.isThere($0.rawValue) }, [awkward, sample, recurrent])
  func theShellCanReadItsScript(shell: Shell, command: Command) throws {
    let program = try #require(InstalledProgram(shell.rawValue))
    #expect(try program.output(["-n"], input: command.completionScript(for: shell)) == "")
  }

  @Test(
    .enabled("bash is not installed") { InstalledProgram.isThere("bash") },
    arguments: [
      (["sample", ""], ["train", "check"]),
      (["sample", "--"], ["--version", "--quiet", "--help"]),
      (["sample", "--quiet", "train", "t"], ["text"]),
      (["sample", "train", "text", "--o"], ["--optimizer", "--output"]),
      (["sample", "train", "text", "--output", "x", "--o"], ["--optimizer"]),
      (["sample", "train", "text", "--optimizer", ""], ["adam", "sgd", "rmsprop"]),
      (["sample", "train", "text", "--optimizer", "="], ["adam", "sgd", "rmsprop"]),
      (["sample", "train", "text", "--optimizer", "=", "s"], ["sgd"]),
      (["sample", "train", "text", "--optimizer=s"], ["--optimizer=sgd"]),
      (["sample", "train", "text", "--units", ""], []),
      (["sample", "check", ""], ["gru", "lstm"]),
      (["sample", "check", "gru", "--quiet", "l"], ["lstm"]),
      (["sample", "check", "--", "-"], []),
    ] as [([String], [String])])
  func bashOffers(words: [String], offered: [String]) throws {
    let bash = try #require(InstalledProgram("bash"))
    let script =
      sample.completionScript(for: .bash, values: ["CELL": Completion(words: ["gru", "lstm"])]) + """
        COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " ")))
        COMP_CWORD=\(words.count - 1)
        _sample
        printf '%s\\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"}
        """
    #expect(try bash.output(["--norc"], input: script).split(separator: "\n").map(String.init) == offered)
  }

  @Test(
    .enabled("fish is not installed") { InstalledProgram.isThere("fish") },
    arguments: [
      ("sample ", ["train", "check"]),
      ("sample train text --optimizer ", ["adam", "sgd", "rmsprop"]),
      ("sample --quiet train ", ["text"]),
      ("sample train text --units ", []),
      ("awkward it", ["its"]),
    ] as [(String, [String])])
  func fishOffers(line: String, offered: [String]) throws {
    let fish = try #require(InstalledProgram("fish"))
    let script = (line.hasPrefix("awkward") ? awkward : sample).completionScript(for: .fish) + "complete -C '\(line)'\n"
    let words = try fish.output(["--no-config"], input: script).split(separator: "\n").compactMap {
      $0.split(separator: "\t").first
    }
    #expect(Set(words.map(String.init)) == Set(offered))
  }
}

/// A command whose texts hold what means something to shells.
private let awkward = Command("awkward", "It's [a: \"test\"] of `$HOME` \\ and more.", commands: [awkwardAction])

private let awkwardAction = Command("its", "Don't: [do] $(this) \\.") { declare in
  let option = declare.text("--option", "A:B", "[it's] a: \"$b\" `c` \\d")
  let file = declare.argument("FILE", "which: [one]")
  return { invocation in _ = (invocation[option], invocation[file]) }
}
