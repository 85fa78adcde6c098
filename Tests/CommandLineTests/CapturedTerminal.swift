import CommandLine
import Synchronization

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
