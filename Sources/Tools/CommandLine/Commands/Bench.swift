import CellLanguage
import CommandKit
import Console
import Engine
import Support
import TaskKit

extension Command {
  /// `recurrent bench`
  static let bench = Command(
    "bench", "Measures how fast cells train, run and stream; compares each with the reference before it prints a time."
  ) { declare in
    let cellNames = declare.text(
      "--cell", "CELLS", "cells of the library or .cell files, with commas between, or all (default: the four best known)")
    let mode = declare.choice("--mode", of: BenchmarkWork.Mode.self, "what is measured")
    let inputs = declare.integer("--inputs", in: 1...65_536, "numbers of an input (default: as many as units; 1 for step)")
    let units = declare.integer("--units", in: 1...65_536, "units (default: the default sizes, one after the other)")
    let batch = declare.integer("--batch", in: 1...65_536, "sequences side by side (default: 32; 1 for step)")
    let time = declare.integer("--time", in: 1...1_000_000, "steps of a sequence (default: 64)")
    let memory = declare.integer(
      "--memory", in: 1...65_536,
      "rows of the memory that each sequence has, for cells that attend to one (default: as many as steps)")
    let threads = declare.integer("--threads", in: 1...1024, "threads (default: one for each processor)")
    let regularization = declare.flag(
      "--regularization", "measure what each kind of regularization adds to a training step")
    let narrow = declare.flag(
      "--narrow", "measure what a step of a stream takes with weights of 16 and 8 bits, and with bytes times bytes")
    let exchange = declare.text(
      "--serve", "FILE",
      "for comparisons with other programs: write weights, inputs and results to FILE, then run as often as each line of "
        + "standard input says and answer with the seconds")
    let json = declare.flag("--json", "print the results as JSON, an object on each line")
    declare.example("bench", "measures LSTM, GRU, plain and peephole cells at the default sizes")
    declare.example("bench --cell mine.cell --units 256", "measures a training step of a cell of one's own")
    declare.example("bench --cell all --units 256", "measures a training step of every cell of the library")
    declare.example("bench --cell gru --mode step --units 32", "measures one step of a stream")
    declare.example(
      "bench --cell gru-attention --units 256 --memory 30", "measures a decoder that attends to sources of 30 steps")
    declare.example("bench --regularization --cell mine.cell", "measures what dropout, zoneout and the like cost")
    declare.example("bench --narrow --cell gru --units 256", "measures streams with narrower numbers")
    declare.example("bench --cell gru --mode trace --units 32", "measures what it costs to see every gate")
    return { invocation in
      let wish = BenchmarkWish(
        cells: try invocation[cellNames].map(cells(named:)), mode: invocation[mode], inputs: invocation[inputs],
        units: invocation[units], batch: invocation[batch], time: invocation[time],
        memory: invocation[memory])
      let machine = try Machine(threads: invocation[threads])
      if invocation[regularization] {
        return try benchRegularization(wish, on: machine, isJSON: invocation[json], invocation.terminal)
      }
      if invocation[narrow] { return try benchNarrow(wish, on: machine, isJSON: invocation[json], invocation.terminal) }
      let works = try wish.works()
      if let file = invocation[exchange] {
        guard let work = works.first, works.count == 1 else {
          throw RecurrentError(.unsuitable, "--serve needs --units: it runs one thing only")
        }
        return try serve(work, on: machine, file: file, terminal: invocation.terminal) { readLine() }
      }
      let report: any BenchmarkReport = invocation[json] ? BenchmarkLines() : BenchmarkTable()
      let peak = MachinePeak(machine)
      for line in report.heading(machine, peak) { try invocation.terminal.print(line) }
      for work in works { try invocation.terminal.print(report.line(Benchmark(work, on: machine), peak)) }
    }
  }
}

/// The cells of a list with commas; for `all` the whole library.
private func cells(named list: String) throws -> [Cell] {
  if list == "all" { return Cell.library }
  return try list.split(separator: ",", omittingEmptySubsequences: false).map { try cell(named: String($0)) }
}

/// What the options ask for; nil where they are not given.
struct BenchmarkWish {
  var cells: [Cell]?
  var mode: BenchmarkWork.Mode?
  var inputs: Int?
  var units: Int?
  var batch: Int?
  var time: Int?
  var memory: Int?

  /// The work for each cell: one piece if a size is given, or else those of the default sizes.
  func works() throws -> [BenchmarkWork] {
    if memory != nil, !(cells ?? []).contains(where: { $0.memory != nil }) {
      throw RecurrentError(.unsuitable, "--memory is for cells that read a memory, such as gru-attention: leave it out")
    }
    if let units {
      let mode = mode ?? .train
      let streams = mode == .step
      return try (cells ?? [.lstm]).map { cell in
        try BenchmarkWork(
          cell, inputs: inputs ?? (streams && cell.constraints.isEmpty ? 1 : units), units: units,
          batch: batch ?? (streams ? 1 : 32),
          steps: time ?? 64, memoryRows: memory, mode: mode)
      }
    }
    guard inputs == nil && batch == nil && time == nil && memory == nil else {
      throw RecurrentError(.unsuitable, "--units is missing: --inputs, --batch, --time and --memory go with a number of units")
    }
    let cells = try cells ?? ["lstm", "gru", "rnn", "lstm-peephole"].map(Cell.named)
    let modes = mode.map { [$0] } ?? [.train, .step]
    return try modes.flatMap { mode in try cells.flatMap { try BenchmarkWork.defaults($0, mode) } }
  }
}
