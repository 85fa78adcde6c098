import CommandKit
import CommandLine
import Console
import Foundation
import Synchronization
import Testing

/// A terminal that keeps what is written to it.
final class CapturedTerminal: Sendable {
  private let texts = Mutex((output: "", messages: ""))

  var output: String { texts.withLock { $0.output } }
  var messages: String { texts.withLock { $0.messages } }

  func terminal(isTerminal: Bool = false, hasColours: Bool = false, hasUnicode: Bool = true, width: Int = 80) -> Terminal {
    let abilities = Abilities(isTerminal: isTerminal, hasColours: hasColours, hasUnicode: hasUnicode)
    return Terminal(
      output: Channel(abilities: abilities, columns: { width }) { text in self.texts.withLock { $0.output += text } },
      messages: Channel(abilities: abilities, columns: { width }) { text in self.texts.withLock { $0.messages += text } })
  }

  /// A terminal whose results can't be written.
  func terminal(failing error: OutputError) -> Terminal {
    let works = terminal()
    return Terminal(
      output: Channel(abilities: works.output.abilities, columns: { 80 }) { _ throws(OutputError) in throw error },
      messages: works.messages)
  }
}

/// What `recurrent` writes, called with `arguments`.
func run(
  _ arguments: [String], exits code: Int32 = 0, on terminal: (CapturedTerminal) -> Terminal = { $0.terminal() },
  sourceLocation: SourceLocation = #_sourceLocation
) -> CapturedTerminal {
  let captured = CapturedTerminal()
  #expect(recurrent.run(arguments, on: terminal(captured)) == code, sourceLocation: sourceLocation)
  return captured
}

/// The same, read as JSON.
func json(_ arguments: [String], exits code: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation) throws -> Any {
  let output = run(arguments + ["--json"], exits: code, sourceLocation: sourceLocation).output
  return try JSONSerialization.jsonObject(with: Data(output.utf8))
}
