import CellLanguage
import CommandKit
import Console
import Engine
import Models
import Storage
import Support

extension Command {
  /// `recurrent cells list`
  static let listCells = Command("list", "Lists the cells that come with the package.") { declare in
    let json = declare.flag("--json", "print the list as JSON")
    let markdown = declare.flag("--markdown", "print the list as a page of documentation")
    declare.example("cells list --markdown > cells.md", "writes a page about all cells")
    return { invocation in
      let terminal = invocation.terminal
      let cells = try Cell.library.map(ListedCell.init)
      if invocation[json] { return try terminal.print(Storage.json(cells)) }
      if invocation[markdown] { return try terminal.write(cellsPage(cells)) }
      let abilities = terminal.output.abilities
      let lines = table(of: cells).lines(
        width: abilities.isTerminal ? terminal.output.width : nil, ellipsis: abilities.hasUnicode ? "…" : "...",
        heading: { terminal.output.styled($0, .bold) })
      for line in lines { try terminal.print(line) }
      if terminal.messages.abilities.isTerminal {
        terminal.say("\nParameters are those of \(ListedCell.units) units that read \(ListedCell.inputs) inputs.")
        terminal.say("`recurrent cells show NAME` shows a cell's equations.")
      }
    }
  }
}

/// A cell in the list.
struct ListedCell: Encodable {
  static let units = 128
  static let inputs = 128

  let name: String
  let states: [String]
  let parameterCount: Int
  /// What the cell is and where it was published, line by line.
  let summary: [String]

  init(_ cell: Cell) throws {
    name = cell.name
    states = cell.states.map(\.name)
    let dimensions = try cell.dimensions(inputs: Self.inputs, units: Self.units)
    parameterCount = ParameterLayout(cell, dimensions: dimensions).count
    summary = cell.summary
  }
}

private func table(of cells: [ListedCell]) -> Table {
  Table(
    columns: [.text("name"), .text("states"), .numbers("parameters"), .text("summary")],
    rows: cells.map { [$0.name, $0.states.joined(separator: ", "), $0.parameterCount.grouped, $0.summary.first ?? ""] })
}

/// The list as `Documentation/cells.md`.
private func cellsPage(_ cells: [ListedCell]) -> String {
  let rows = cells.map { cell in
    let summary = cell.summary.joined(separator: " ").replacing("|", with: "\\|")
    let states = cell.states.joined(separator: ", ")
    return
      "| [\(cell.name)](../Sources/Language/CellLanguage/Library/\(cell.name).cell) | \(states) | \(cell.parameterCount.grouped) | \(summary) |"
  }
  return """
    # Cells

    The \(cells.count) cells that come with the package. Each is a file of equations, which the name leads to and which
    `recurrent cells show NAME` explains; its name stands wherever a command or the library asks for a cell. The first state is
    the output. Parameters are those of \(ListedCell.units) units that read \(ListedCell.inputs) inputs. [Which is which of other packages](cells-elsewhere.md).

    `recurrent cells list --markdown` writes this page.

    | name | states | parameters | what it is and where it comes from |
    |---|---|--:|---|
    \(rows.joined(separator: "\n"))

    """
}
