import CellCompiler
import CellLanguage
import CommandKit
import Console
import Models
import Storage
import Support
import TaskKit

extension Command {
  /// `recurrent cells show`
  static let showCell = Command("show", "Shows a cell's equations, its parameters and what a step costs.") { declare in
    let name = declare.argument("CELL", "a name that `recurrent cells list` shows, or a file of equations")
    let inputs = declare.integer("--inputs", in: 1...Int.max, default: 128, "the length of the input vector")
    let units = declare.integer("--units", in: 1...Int.max, default: 128, "the length of a state that does not say otherwise")
    let sizes = declare.sizes()
    let showsPlan = declare.flag("--plan", "show what the machine does, too: products, programs, what is kept")
    let after = declare.choice("--after", "PASS", of: Plan.Pass.self, "show the plan as a pass of the compiler leaves it")
    let json = declare.flag("--json", "print it as JSON")
    declare.example("cells show gru", "shows the gated recurrent unit")
    declare.example("cells show lstm-projected --units 512 --size P=128 --plan", "shows how a projected LSTM of that size runs")
    declare.example("cells show gru --plan --after place-gates", "shows what the passes of the compiler have made of it by then")
    declare.example("cells show mine.cell", "shows a cell of your own")
    return { invocation in
      let terminal = invocation.terminal
      if invocation[after] != nil, !invocation[showsPlan] {
        throw RecurrentError(.usage, "--after says after which pass --plan shows the plan: give --plan, too")
      }
      let cell = try TaskKit.cell(named: invocation[name])
      let dimensions = try cell.dimensions(inputs: invocation[inputs], units: invocation[units], sizes: invocation[sizes])
      let plan = Plan(compiling: cell, dimensions: dimensions)
      let shownPlan = invocation[after].map { Plan(compiling: cell, dimensions: dimensions, through: $0) } ?? plan
      let shown = ShownCell(plan, planText: invocation[showsPlan] ? shownPlan.description : nil)
      if invocation[json] { return try terminal.print(Storage.json(shown)) }
      try terminal.write(cell.description + "\n")
      for line in shown.lines(heading: { terminal.output.styled($0, .bold) }) { try terminal.print(line) }
      if let plan = shown.plan { try terminal.print("\n" + plan) }
    }
  }
}

/// A cell in one size, as it is shown.
private struct ShownCell: Encodable {
  let name: String
  let equations: String
  /// `units`, `inputs` and the cell's own named sizes.
  let sizes: [String: Int]
  let states: [State]
  let parameters: [ShownParameter]
  let parameterCount: Int
  let multiplyAdds: Int
  let otherOperations: Int
  let plan: String?

  struct State: Encodable {
    let name: String
    let size: Int
  }

  /// - Parameter planText: the plan as it is shown; nil if it is not.
  init(_ plan: Plan, planText: String?) {
    let cell = plan.cell
    name = cell.name
    equations = cell.description
    sizes = plan.dimensions.values
    states = cell.states.map { State(name: $0.name, size: plan.dimensions[$0.size]) }
    parameters = cell.parameters.indices.map { ShownParameter($0, of: plan) }
    parameterCount = parameters.reduce(0) { $0 + $1.count }
    multiplyAdds = plan.multiplyAdds
    otherOperations = plan.pointwiseOperations
    self.plan = planText
  }

  func lines(heading: (String) -> String) -> [String] {
    let own = sizes.keys.filter { $0 != "units" && $0 != "inputs" }.sorted()
    let named = (["units", "inputs"] + own).map { "\($0) = \((sizes[$0] ?? 0).grouped)" }.joined(separator: ", ")
    var table = Table(
      columns: [.text("parameter"), .text("kind"), .text("size"), .numbers("numbers"), .text("starts")])
    table.rows = parameters.map { [$0.name, $0.kind, $0.size, $0.count.grouped, $0.start] }
    let states = states.map { "\($0.name) \($0.size.grouped)" }.joined(separator: ", ")
    return [heading("With \(named):"), ""] + table.lines(heading: heading) + [
      "",
      "\(parameterCount.grouped) parameters",
      "\(multiplyAdds.grouped) multiply-adds and \(otherOperations.grouped) other operations a step",
      "states \(states)",
    ]
  }
}
