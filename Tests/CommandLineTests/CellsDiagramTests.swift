import CellAnalysis
import CellLanguage
import CellNotation
import Foundation
import Testing

/// `recurrent cells diagram`
struct CellsDiagramTests {
  @Test func whatIsAskedForGoesToStandardOutput() throws {
    let cell = try Cell.named("gru")
    #expect(run(["cells", "diagram", "gru"]).output == CellDiagram(cell).svg)
    #expect(run(["cells", "diagram", "gru", "--format", "latex"]).output == cell.latex)
    #expect(run(["cells", "diagram", "gru", "--format", "mermaid"]).output == DataFlow(cell).mermaid)
    #expect(run(["cells", "diagram", "gru", "--format", "latex"]) { $0.terminal(isTerminal: true) }.output == cell.latex)
  }

  @Test func aFileIsWritten() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "diagram-\(UUID()).svg").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let captured = run(["cells", "diagram", "rnn", "--output", file]) { $0.terminal(isTerminal: true) }
    #expect(captured.output == "")
    #expect(captured.messages == "written to \(file)\n")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == CellDiagram(Cell.named("rnn")).svg)
  }

  @Test func otherFormatsAreRefused() {
    #expect(
      run(["cells", "diagram", "gru", "--format", "png"], exits: 2).messages.hasPrefix(
        #"error: --format is "png"; expected svg, mermaid or latex"#))
  }
}
