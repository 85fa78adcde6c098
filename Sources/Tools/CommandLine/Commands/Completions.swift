import CellLanguage
import CommandKit
import Console
import Models
import Problems
import Support
import TaskKit

extension Command {
  /// `recurrent completions`
  static func completions(_ tasks: TaskRegistry) -> Command {
    Command("completions", "Prints a script that makes a shell complete this command.") { declare in
      let shell = declare.argument("SHELL", "bash, zsh or fish")
      declare.example("completions bash > recurrent.bash", "writes the script for bash, which `source recurrent.bash` reads")
      declare.example("completions fish > ~/.config/fish/completions/recurrent.fish", "completes in fish from the next one on")
      return { invocation in
        let word = invocation[shell]
        guard let shell = Shell(rawValue: word) else {
          throw RecurrentError(
            .usage,
            "there are no completions for \(word.debugDescription), only for bash, zsh and fish\(suggestion(word, Shell.allNames))"
          )
        }
        try invocation.terminal.write(recurrentCommand(tasks).completionScript(for: shell, values: completedValues))
      }
    }
  }

  /// `recurrent man`
  static func manual(_ tasks: TaskRegistry) -> Command {
    Command("man", "Prints the manual page of this command, for man.") { declare in
      declare.example("man | man -l -", "shows the page")
      return { invocation in
        let page = Manual(
          of: recurrentCommand(tasks), version: Release.version, date: Release.date,
          environment: [
            (
              "RECURRENT_CPU",
              "the instruction set whose kernels run, such as avx2, in place of the fastest that the processor has. "
                + "`recurrent doctor` lists them."
            )
          ])
        try invocation.terminal.write(page.text)
      }
    }
  }
}

extension Shell {
  fileprivate static var allNames: [String] { allCases.map(\.rawValue) }
}

/// What shells offer where the declarations do not say it.
private let completedValues: [String: Completion] = {
  let cells = Cell.library.map(\.name)
  let files = Completion(paths: .files)
  return [
    "CELL": Completion(words: cells, paths: .files),
    "CELLS": Completion(words: cells, paths: .files),
    "--cells": Completion(words: cells, paths: .files),
    "MODEL": files,
    "IN": files,
    "OUT": files,
    "INPUT": files,
    "OUTPUT": files,
    "train problem NAME": Completion(words: BuiltInProblem.allCases.map(\.rawValue)),
    "compare problem NAME": Completion(words: BuiltInProblem.allCases.map(\.rawValue)),
    "tune problem NAME": Completion(words: BuiltInProblem.allCases.map(\.rawValue)),
    "SHELL": Completion(words: Shell.allNames),
  ]
}()
