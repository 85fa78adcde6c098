import CellAnalysis
import CellLanguage
import CellNotation
import CommandKit
import Console
import Models
import Storage
import Support
import TaskKit

extension Command {
  /// `recurrent cells diagram`
  static let drawCell = Command("diagram", "Draws a cell's data flow, or sets its equations.") { declare in
    let name = declare.argument("CELL", "a name that `recurrent cells list` shows, or a file of equations")
    let format = declare.choice("--format", default: Format.svg, "a picture, a flow chart as text, or the equations")
    let output = declare.text(
      "--output", "FILE", "where it is written; if not given, to standard output, or at a terminal a picture to CELL.svg")
    declare.example("cells diagram lstm --output lstm.svg", "draws the LSTM")
    declare.example("cells diagram gru --format mermaid", "writes a flow chart that many editors and sites show")
    declare.example("cells diagram mine.cell --format latex", "sets your own cell's equations for a paper")
    return { invocation in
      let cell = try TaskKit.cell(named: invocation[name])
      let text =
        switch invocation[format] {
        case .svg: CellDiagram(cell).svg
        case .mermaid: DataFlow(cell).mermaid
        case .latex: cell.latex
        }
      let isPicture = invocation[format] == .svg
      // The text of a picture is of no use at a terminal, so it goes to a file.
      let defaultValue = isPicture && invocation.terminal.output.abilities.isTerminal ? "\(cell.name).svg" : nil
      if invocation[output] == nil, let defaultValue, FileSystem.exists(defaultValue) {
        throw RecurrentError(.unsuitable, "there is a \(defaultValue) already: name a file with --output, which may be that one")
      }
      guard let file = invocation[output] ?? defaultValue else { return try invocation.terminal.write(text) }
      try AtomicFile.write(Array(text.utf8), to: file)
      invocation.terminal.say("written to \(file)")
    }
  }

  private enum Format: String, CaseIterable, Sendable {
    case svg, mermaid, latex
  }
}
