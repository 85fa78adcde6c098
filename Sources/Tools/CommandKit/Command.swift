/// A command: either a group of commands, or options and arguments with what is to be done with them.
package struct Command: Sendable {
  package let name: String
  /// What it does, in one plain sentence.
  package let summary: String
  /// What `--version` prints after the name; nil for all but the outermost command.
  package let version: String?
  package let kind: Kind
  /// What is said of a word that names none of a group's commands; nil where there is nothing better to say than that.
  package let unknown: @Sendable (String) -> String?

  /// What a command does. If it can't, it throws a ``RecurrentError``, or another error whose description is one clear sentence.
  package typealias Action = @Sendable (Invocation) throws -> Void

  package enum Kind: Sendable {
    /// Commands, and what is done where the words name none of them.
    case group([Command], otherwise: [Command])
    case action(Declaration, Action)
  }

  /// A command that does something. `declare` names its options and arguments and returns what is to be done with them:
  ///
  ///     Command("text", "Trains a language model on a text.") { declare in
  ///       let file = declare.argument("FILE", "the text, in UTF-8")
  ///       let units = declare.integer("--units", in: 1...65_536, default: 128, "units in each layer")
  ///       return { invocation in
  ///         try train(on: invocation[file], units: invocation[units])
  ///       }
  ///     }
  package init(_ name: String, _ summary: String, _ declare: (inout Declaration) -> Action) {
    var declaration = Declaration()
    let action = declare(&declaration)
    self.name = name
    self.summary = summary
    version = nil
    kind = .action(declaration, action)
    unknown = { _ in nil }
  }

  /// A command whose first argument names another.
  ///
  /// - Parameters:
  ///   - version: the version of the program, if this is its outermost command.
  ///   - other: what is done where options stand in place of a command; nil for nothing. Its options are the group's own, and the
  ///     first of them is the one that the help names.
  ///   - unknown: what is said of a word that names none of the commands; nil where there is nothing better to say than that.
  package init(
    _ name: String, _ summary: String, version: String? = nil, commands: [Command], otherwise other: Command? = nil,
    unknown: @escaping @Sendable (String) -> String? = { _ in nil }
  ) {
    self.name = name
    self.summary = summary
    self.version = version
    kind = .group(commands, otherwise: other.map { [$0] } ?? [])
    self.unknown = unknown
  }
}

extension Command {
  /// The commands of a group; none if this is not one.
  package var commands: [Command] {
    switch kind {
    case .group(let commands, _): commands
    case .action: []
    }
  }

  /// What is done where options stand in place of one of a group's commands; nil for nothing.
  package var alternative: Command? {
    switch kind {
    case .group(_, let other): other.first
    case .action: nil
    }
  }
}
