import CellLanguage
import CommandKit
import Console
import Engine
import Storage
import Support

/// `recurrent bench --regularization`: a table of what each kind of regularization adds, a column for each cell and size.
func benchRegularization(_ wish: BenchmarkWish, on machine: Machine, isJSON: Bool, _ terminal: Terminal) throws {
  guard wish.mode == nil, wish.inputs == nil else {
    throw RecurrentError(.usage, "--regularization measures training steps of language models: leave out --mode and --inputs")
  }
  let cells = try wish.cells ?? ["lstm", "gru", "lstm-peephole"].map(Cell.named)
  let sizes = wish.units.map { [$0] } ?? [128, 256]
  let (batch, steps) = (wish.batch ?? 32, wish.time ?? 64)
  var columns: [[RegularizationCost]] = []
  for cell in cells {
    for units in sizes {
      let costs = try RegularizationCost.all(
        cell, units: units, batch: batch, steps: steps, on: machine, effort: .init(samples: 41, seconds: 2))
      columns.append(costs)
      if isJSON { for cost in costs { try terminal.print(json(Line(cost, batch: batch, steps: steps, machine))) } }
    }
  }
  if isJSON { return }
  try terminal.print(
    "\(machine.instructionSet) kernels, \(machine.threads) thread\(machine.threads == 1 ? "" : "s"), \(batch) sequences of \(steps) steps. "
      + "Each makes a training step longer by these per cent")
  try terminal.print("against one without: the median of steps taken in turn.\n")
  var table = Table(columns: [.text("")] + columns.map { .numbers("\($0[0].cell) \($0[0].units)") })
  for cost in columns[0] {
    let factors = columns.map { $0.first { $0.name == cost.name }.map { "\((100 * ($0.factor - 1)).fixed(1)) %" } ?? "" }
    table.rows.append([cost.name] + factors)
  }
  for line in table.lines() { try terminal.print(line) }
}

private struct Line: Encodable {
  let regularization: String
  let cell: String
  let units: Int
  let batch: Int
  let time: Int
  let threads: Int
  let kernels: String
  let factor: Double
  let samples: Int

  init(_ cost: RegularizationCost, batch: Int, steps: Int, _ machine: Machine) {
    (regularization, cell, units) = (cost.name, cost.cell, cost.units)
    (factor, samples) = (cost.factor, cost.pairs)
    (self.batch, time, threads, kernels) = (batch, steps, machine.threads, "\(machine.instructionSet)")
  }
}
