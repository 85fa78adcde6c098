/// A command: either a group of commands, or options and arguments with what is to be done with them.
package struct Command: Sendable {
  package let name: String
  /// What it does, in one plain sentence.
  package let summary: String
  /// What `--version` prints behind the name; nil of all but the outermost command.
  package let version: String?
  package let kind: Kind

  /// What a command does. It throws ``Failure`` or any error whose description is one clear sentence if it can't.
  package typealias Action = @Sendable (Invocation) throws -> Void

  package enum Kind: Sendable {
    case group([Command])
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
  }

  /// A command whose first argument names another.
  ///
  /// - Parameter version: of the program, if this is its outermost command.
  package init(_ name: String, _ summary: String, version: String? = nil, commands: [Command]) {
    self.name = name
    self.summary = summary
    self.version = version
    kind = .group(commands)
  }
}

extension Command {
  /// The commands of a group; none if this is not one.
  package var commands: [Command] {
    switch kind {
    case .group(let commands): commands
    case .action: []
    }
  }
}

/// Why a command could not do what it was asked to, in one sentence: `FILE.txt is empty; a model needs some text`.
package struct Failure: Error, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Arguments that a command does not understand, in one sentence.
package struct UsageError: Error, Hashable {
  package let message: String

  package init(_ message: String) { self.message = message }
}
