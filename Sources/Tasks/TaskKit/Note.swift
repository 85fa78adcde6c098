package import Console
package import Support

/// What a task says while it reads its data and chooses what a recipe leaves open.
package enum Note: Sendable, Hashable {
  /// What the data are.
  case finding(Sentence)
  /// What was done about the data or chosen for them, and why.
  case reason(Sentence)

  /// A line for people, which is set off as an item of a list if it is a reason, with each setting written as `name` has it.
  package func line(naming name: (Setting) -> String) -> String {
    switch self {
    case .finding(let sentence): sentence.text(naming: name)
    case .reason(let sentence): "- " + sentence.text(naming: name)
    }
  }
}

extension [Note] {
  /// Those that say what was chosen, and why.
  package var reasons: [Sentence] {
    compactMap { note in if case .reason(let sentence) = note { sentence } else { nil } }
  }
}

extension Terminal {
  /// Writes a note as a message.
  package func say(_ note: Note) { say(note.line(naming: naming)) }
}
