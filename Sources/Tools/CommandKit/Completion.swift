/// What a shell offers for the value of an option or for an argument.
package struct Completion: Sendable, Hashable {
  package enum Paths: Sendable { case none, files, folders }

  /// The values to offer, which have only letters, digits and hyphens.
  package var words: [String]
  package var paths: Paths

  package init(words: [String] = [], paths: Paths = .none) {
    self.words = words
    self.paths = paths
  }
}

package enum Shell: String, CaseIterable, Sendable { case bash, zsh, fish }

extension Command {
  /// A script that makes a shell complete this command, its commands, their options and the values of these.
  ///
  /// The script is written from the declarations, holds all that it needs, and never runs the command.
  ///
  /// - Parameter values: what is offered where the declarations do not say it. A key is the words that lead to a command and an
  ///   argument of it (`train problem NAME`), an option (`--cell`), or what stands for a value in the help (`CELL`), looked up in
  ///   this order. Options that list their values offer these, `FILE` means files and `FOLDER` folders.
  package func completionScript(for shell: Shell, values: [String: Completion] = [:]) -> String {
    let commands = CompletedCommand.all(in: self, values)
    return switch shell {
    case .bash: bashCompletions(name, commands)
    case .zsh: zshCompletions(name, commands)
    case .fish: fishCompletions(name, commands)
    }
  }
}

/// A command with everything that can come after its name.
struct CompletedCommand {
  struct Option {
    let names: [String]
    let help: String
    /// What stands for the value in the help; nil for a flag.
    let placeholder: String?
    let value: Completion
  }

  struct Argument {
    let name: String
    let repeats: Bool
    let value: Completion
  }

  /// The words that lead to the command, the program's name first.
  let path: [String]
  let summary: String
  /// The commands of a group.
  let commands: [Command]
  let options: [Option]
  let arguments: [Argument]

  /// A command and all commands below it.
  static func all(in command: Command, _ values: [String: Completion], below path: [String] = []) -> [CompletedCommand] {
    let path = path + [command.name]
    return [CompletedCommand(command, path, values)] + command.commands.flatMap { all(in: $0, values, below: path) }
  }

  private init(_ command: Command, _ path: [String], _ values: [String: Completion]) {
    self.path = path
    summary = command.summary
    commands = command.commands
    let common = command.commonOptions(isOutermost: path.count == 1).map {
      Option(names: $0.names, help: $0.help, placeholder: nil, value: Completion())
    }
    // A group offers the options that may stand in place of one of its commands.
    let own = command.alternative?.options ?? command.options
    options =
      own.map { option in
        let listed = option.choices.isEmpty ? nil : Completion(words: option.choices)
        let value = listed ?? values[option.name] ?? option.placeholder.flatMap { values[$0] ?? Self.usual[$0] }
        return Option(names: [option.name], help: option.help, placeholder: option.placeholder, value: value ?? Completion())
      } + common
    guard case .action(let declaration, _) = command.kind else {
      arguments = []
      return
    }
    let words = path.dropFirst().joined(separator: " ")
    arguments = declaration.arguments.map { argument in
      let value = values["\(words) \(argument.name)"] ?? values[argument.name] ?? Self.usual[argument.name]
      return Argument(name: argument.name, repeats: argument.repeats, value: value ?? Completion())
    }
  }

  private static let usual = ["FILE": Completion(paths: .files), "FOLDER": Completion(paths: .folders)]
}
