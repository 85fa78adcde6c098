import CellAnalysis
import CellLanguage
import CommandKit
import Console
import Engine
import EngineLaws
import Storage
import Support
import TaskKit

extension Command {
  /// `recurrent cells check`
  static let checkCells = Command(
    "check", "Checks cells: their text, their gradients by finite differences, and all other laws that hold for every cell."
  ) { declare in
    let names = declare.repeatedArgument("CELL", "a file of equations, or a name that `recurrent cells list` shows")
    let inputs = declare.integer(
      "--inputs", in: 1...64, "the length of the input vector (default: 5, or as many as units if the cell demands that)")
    let units = declare.integer("--units", in: 1...64, "the length of a state that does not say otherwise (default: 6)")
    let sizes = declare.sizes()
    let json = declare.flag("--json", "print what was found as JSON")
    declare.example("cells check mine.cell", "checks a cell of your own")
    declare.example("cells check mine.cell --units 24 --inputs 3", "checks it at a size of your own, which can take longer")
    return { invocation in
      let terminal = invocation.terminal
      var findings: [CellFindings] = []
      for name in invocation[names] {
        let printer = invocation[json] ? nil : FindingsPrinter(terminal: terminal)
        if !findings.isEmpty { try printer?.terminal.print() }
        findings.append(CellFindings(name))
        try findings[findings.count - 1].check(
          inputs: invocation[inputs], units: invocation[units], sizes: invocation[sizes], printer)
      }
      if invocation[json] { try terminal.print(Storage.json(findings)) }
      let failed = findings.filter { !$0.isSound }.map(\.name)
      if !failed.isEmpty { throw RecurrentError(.unsuitable, "\(failed.joined(separator: ", ")) failed the check") }
    }
  }
}

/// The findings of a check of a cell.
private struct CellFindings: Encodable {
  /// The cell's name as it was given.
  let name: String
  private(set) var laws: [Finding] = []
  private(set) var parameters: [Parameter] = []
  private(set) var warnings: [String] = []
  /// The sizes that the text leaves open, as they were for the check; nil if there are none.
  private(set) var sizes: [String: Int]?

  var isSound: Bool { laws.allSatisfy { $0.holds } }

  struct Finding: Encodable {
    let law: String
    let holds: Bool
    /// How the cell breaks it; nil if it obeys.
    let fault: String?
  }

  struct Parameter: Encodable {
    let name: String
    let kind: String
    let size: String
  }

  init(_ name: String) { self.name = name }

  /// Checks the cell and prints each finding as soon as it is known.
  mutating func check(inputs: Int?, units: Int?, sizes: [String: Int], _ printer: FindingsPrinter?) throws {
    try printer?.begin(name)
    let checked: Cell
    do { checked = try cell(named: name) } catch { return try add("the text is a cell", "\(error)", printer) }
    try add("the text is a cell", nil, printer)
    let open = checked.openSizes(besides: sizes)
    if !open.isEmpty, let tried = try? checked.trialDimensions(inputs: inputs, units: units, sizes: sizes) {
      self.sizes = tried.values.filter { open.contains($0.key) }
    }
    for law in Law.allCases {
      do {
        try add(law.rawValue, try law.fault(of: checked, inputs: inputs, units: units, sizes: sizes), printer)
      } catch let error as RecurrentError where error.kind == .cell {
        // A cell that can't have the size asked for breaks this law and can't be checked for any other.
        return try add(law.rawValue, error.description, printer)
      }
    }
    parameters = checked.parameters.map { Parameter(name: $0.name, kind: $0.kind.word, size: $0.kind.formula) }
    warnings = checked.warnings
    try printer?.end(self)
  }

  private mutating func add(_ law: String, _ fault: String?, _ printer: FindingsPrinter?) throws {
    let finding = Finding(law: law, holds: fault == nil, fault: fault)
    laws.append(finding)
    try printer?.print(finding)
  }

  /// The names that files and readers of the first version know.
  private enum CodingKeys: String, CodingKey {
    case name, laws, parameters, sizes
    case warnings = "doubts"
  }
}

private struct FindingsPrinter {
  let terminal: Terminal

  func begin(_ cell: String) throws { try terminal.print(terminal.output.styled(cell, .bold)) }

  func print(_ finding: CellFindings.Finding) throws {
    let marks = terminal.output.abilities.hasUnicode ? (obeys: "✓", breaks: "✗") : (obeys: "ok    ", breaks: "FAILED")
    guard let fault = finding.fault else { return try terminal.print("  \(marks.obeys) \(finding.law)") }
    try terminal.print("  \(terminal.output.styled(marks.breaks, .red)) \(finding.law)")
    for line in fault.split(separator: "\n") { try terminal.print("      \(line)") }
  }

  func end(_ findings: CellFindings) throws {
    for (name, value) in (findings.sizes ?? [:]).sorted(by: { $0.key < $1.key }) {
      try terminal.print(
        "  checked with \(name) = \(value), since the text does not say how large it is; --size \(name)=N sets it")
    }
    var table = Table(columns: [.text(""), .text(""), .text("")])
    table.rows = findings.parameters.map { [$0.name, $0.kind, $0.size] }
    if !table.rows.isEmpty { try terminal.print("  parameters, as the equations use them") }
    for line in table.lines() { try terminal.print("    \(line)") }
    for warning in findings.warnings { try terminal.print("  \(terminal.output.styled("warning:", .bold)) \(warning)") }
  }
}
