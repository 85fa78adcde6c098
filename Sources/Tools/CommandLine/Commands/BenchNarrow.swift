import CellLanguage
import CommandKit
import Console
import Engine
import Storage
import Support

/// `recurrent bench --narrow`: a table of what a step of a stream takes with each kind of numbers, a line for each cell and size.
func benchNarrow(_ wish: BenchmarkWish, on machine: Machine, isJSON: Bool, _ terminal: Terminal) throws {
  guard wish.mode == nil, wish.batch == nil, wish.time == nil else {
    throw RecurrentError(.usage, "--narrow measures steps of streams of one row: leave out --mode, --batch and --time")
  }
  let cells = try wish.cells ?? ["lstm", "gru"].map(Cell.named)
  let sizes = wish.units.map { [$0] } ?? [64, 128, 256, 512]
  let titles = NarrowCost.kinds.map { $1 == .float32 ? $0.rawValue : "\($0.rawValue) by \($1.rawValue)" }
  var table = Table(columns: [.text("cell"), .numbers("inputs"), .numbers("units")] + titles.map { .numbers($0) })
  for cell in cells {
    for units in sizes {
      let inputs = wish.inputs ?? units
      let costs = try NarrowCost.all(
        cell, inputs: inputs, units: units, on: machine, effort: .init(samples: 31, seconds: 0.5))
      if isJSON {
        for cost in costs { try terminal.print(json(Line(cost, cell.name, inputs: inputs, units: units, machine))) }
      }
      let times = costs.enumerated().map { place, cost in
        place == 0 ? "\((1e9 * cost.seconds).fixed(0)) ns" : "\(cost.factor.fixed(2)) x"
      }
      table.rows.append([cell.name, "\(inputs)", "\(units)"] + times)
    }
  }
  if isJSON { return }
  try terminal.print(
    "\(machine.instructionSet) kernels, one thread. A step of a stream takes, with 32-bit numbers and as a part of that with weights of other kinds,"
  )
  try terminal.print("and with bytes that meet bytes; medians of steps taken in turn.\n")
  for line in table.lines() { try terminal.print(line) }
}

private struct Line: Encodable {
  let weights: String
  let activations: String
  let cell: String
  let inputs: Int
  let units: Int
  let kernels: String
  let medianSeconds: Double
  let factor: Double
  let samples: Int

  init(_ cost: NarrowCost, _ cell: String, inputs: Int, units: Int, _ machine: Machine) {
    (weights, activations) = (cost.weights.rawValue, cost.activations.rawValue)
    (self.cell, self.inputs, self.units, kernels) = (cell, inputs, units, "\(machine.instructionSet)")
    (medianSeconds, factor, samples) = (cost.seconds, cost.factor, cost.pairs)
  }
}
