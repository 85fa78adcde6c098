import CommandKit
import Console
import Engine
import Forecasting
import Models
import Networks
import Sequences
import Storage
import Support
import TaskKit
import Tables

extension Command {
  /// `recurrent forecast`
  static let forecast = Command("forecast", "Forecasts how the series of a table go on.") { declare in
    let model = declare.argument("MODEL", "a model file, or the folder of a run")
    let file = declare.optionalArgument(
      "FILE", "the table with the past; without one, rows come from standard input, a forecast after each")
    let horizon = declare.integer(
      "--horizon", in: 1...100_000, "steps to forecast (default: as many as the model was trained for)")
    let start = declare.integer(
      "--from", in: 2...1_000_000_000,
      "the row of FILE, or of each of its series, to begin at, by the rows before it (default: the one after the last)")
    let samples = declare.integer("--samples", in: 1...1_000_000, default: 500, "paths to draw")
    let quantiles = declare.add(
      "--quantiles", "LIST", "shares of the paths that lie below a number",
      expected: "numbers between 0 and 1 such as 0.1,0.5,0.9",
      defaultValue: [0.025, 0.1, 0.5, 0.9, 0.975], shown: "0.025,0.1,0.5,0.9,0.975", read: levels)
    let picture = declare.text("--svg", "FILE", "draw the past, the median and bands of 80 and 95 in 100, too")
    let dates = TableKeys.dates(&declare, otherwise: "as in training if not given")
    let header = TableKeys.header(&declare)
    let dialect = TableKeys.dialect(&declare)
    let missing = TableKeys.missing(&declare, defaultValue: "as in training")
    let seed = declare.integer("--seed", in: 0...Int.max, default: 0, "the same seed gives the same paths")
    let threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
    declare.example("forecast runs/sales-lstm sales.csv --svg sales.svg", "writes quantiles of what comes as CSV, and a picture")
    declare.example(
      "forecast runs/readings-lstm --horizon 1 < readings.csv", "forecasts the next row after each")
    declare.example("forecast runs/sales-lstm sales.csv --from 100", "forecasts from row 100 on, by the rows before it")
    return { invocation in
      let machine = try Machine(threads: invocation[threads])
      let forecaster = try openModel(invocation[model]) { try Forecaster(contentsOf: $0) }
      let writer = ForecastWriter(
        forecaster, machine: machine, horizon: invocation[horizon] ?? forecaster.description.horizon,
        samples: invocation[samples],
        levels: invocation[quantiles], seed: UInt64(invocation[seed]), invocation.terminal)
      let path = invocation[file]
      let file = TableFile(path ?? "-", hasHeader: invocation[header]?.isYes, dialect: try dialect.value(invocation))
      if path != nil {
        let whole = try forecaster.read(DataTable(file), missing: invocation[missing], dates: invocation[dates])
        let table = try invocation[start].map { row in try whole.before(row: row) } ?? whole
        for repair in table.repairs { invocation.terminal.say(naming: "- \(repair)") }
        if let unknown = forecaster.names.sentence(about: table.series.map(\.name)) { invocation.terminal.say("- \(unknown)") }
        let pictures = try writer.write(table)
        if let path = invocation[picture] {
          try AtomicFile.write(Array(pictures.svg.utf8), to: path)
          invocation.terminal.say("written to \(path)")
        }
      } else {
        if invocation[picture] != nil {
          throw RecurrentError(.usage, "--svg needs a FILE with the past, which a stream does not keep")
        }
        if invocation[start] != nil {
          throw RecurrentError(.usage, "--from needs a FILE: a stream is forecast from each of its rows")
        }
        if invocation[dates] != nil, forecaster.description.roles.time == nil {
          throw RecurrentError(.usage, "--dates is for models that read times, and \(invocation[model]) reads none: leave it out")
        }
        invocation.terminal.say("reading rows from standard input")
        try writer.writeStream(file, missing: invocation[missing], dates: invocation[dates])
      }
    }
  }

  @Sendable private static func levels(_ text: String) -> [Double]? {
    let levels = listed(text).map { decimalNumber($0, .range(0, below: 1)) }
    guard !levels.contains(nil), levels.allSatisfy({ $0 != 0 }) else { return nil }
    return levels.compactMap { $0 }
  }
}
