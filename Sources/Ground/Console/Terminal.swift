package import Support

/// Where a command writes: results to one channel, messages and progress to another.
package struct Terminal: Sendable {
  /// Standard output: what was asked for and nothing else, so that it can be piped on.
  package let output: Channel
  /// Standard error: messages, progress, errors.
  package private(set) var messages: Channel
  /// How settings are written in messages: as a caller of the library writes them, unless a command says otherwise.
  package var naming: @Sendable (Setting) -> String = { $0.inSwift }

  package init(output: Channel, messages: Channel) {
    self.output = output
    self.messages = messages
  }

  /// The same without its messages.
  package var withoutMessages: Terminal {
    var silent = self
    silent.messages = messages.silent
    return silent
  }

  /// One that writes nothing at all.
  package var inSilence: Terminal { Terminal(output: output.silent, messages: messages.silent) }

  /// Writes a line of the result.
  package func print(_ line: String = "") throws(OutputError) { try output.send(line + "\n") }

  /// Writes a part of the result as it is, at once.
  package func write(_ text: String) throws(OutputError) { try output.send(text) }

  /// Writes a message. Nothing is done if that fails: there is no one left to tell, and long work must not end for it.
  package func say(_ line: String) { try? messages.send(line + "\n") }

  /// Writes a message that may name settings.
  package func say(naming sentence: Sentence) { say(sentence.text(naming: naming)) }
}

/// One of a terminal's two ways out.
package struct Channel: Sendable {
  package let abilities: Abilities
  package let send: @Sendable (String) throws(OutputError) -> Void
  private let columns: @Sendable () -> Int

  package init(
    abilities: Abilities, columns: @escaping @Sendable () -> Int,
    send: @escaping @Sendable (String) throws(OutputError) -> Void
  ) {
    self.abilities = abilities
    self.columns = columns
    self.send = send
  }

  /// A page of so many columns, on which tables are laid out and nothing is written.
  package static func page(columns: Int) -> Channel {
    Channel(
      abilities: Abilities(isTerminal: false, hasColours: false, hasUnicode: true), columns: { columns },
      send: { _ throws(OutputError) in })
  }

  /// The same without anything being written.
  fileprivate var silent: Channel { Channel(abilities: abilities, columns: { 80 }, send: { _ throws(OutputError) in }) }

  /// Characters in a line just now: a window may change.
  package var width: Int { columns() }

  /// `text` in `style` where the channel shows colours, or else as it is.
  package func styled(_ text: String, _ style: Style) -> String {
    abilities.hasColours ? "\u{1B}[\(style.code)m\(text)\u{1B}[0m" : text
  }
}

/// How text can stand out, by the terminal's own codes.
package struct Style: Sendable {
  package let code: String

  package static let bold = Style(code: "1")
  package static let red = Style(code: "31")

  /// Text in one of the 256 colours of xterm.
  package static func colour(_ colour: Int) -> Style { Style(code: "38;5;\(colour)") }

  /// Text in one such colour on another.
  package static func colour(_ colour: Int, on background: Int) -> Style { Style(code: "38;5;\(colour);48;5;\(background)") }
}

/// Results that could not be written.
package enum OutputError: Error, Hashable, CustomStringConvertible {
  /// The reader has gone, as `head` does when it has seen enough.
  case closed
  /// The system's reason.
  case failed(String)

  package var description: String {
    switch self {
    case .closed: "can't write the results: their reader has gone"
    case .failed(let cause): "can't write the results: \(cause)"
    }
  }
}
