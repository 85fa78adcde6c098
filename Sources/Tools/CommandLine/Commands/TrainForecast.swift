import CommandKit
import Engine
import Forecasting
import Networks
import Sequences
import Storage
import Support
import Tables
import TaskKit
import Training

extension TrainingCommand {
  /// `recurrent train forecast`
  static let forecast = TrainingCommand("forecast", "Trains a network that foretells columns of a table.", sample: "sales.csv") {
    declare in
    let file = declare.optionalArgument("FILE", "the table, a row a step: CSV, TSV or JSON lines")
    let table = TableKeys(&declare)
    let targets = declare.text("--target", "COLUMNS", "what to foretell; several with commas between them, or a range: a..z")
    let known = declare.text("--known", "COLUMNS", "what is known ahead of time, such as prices or holidays")
    let wide = declare.flag("--wide", "each target column is a series of the same thing, and all are learnt together")
    let requests = ForecastKeys(&declare)
    let test = declare.integer(
      "--test", in: 0...1_000_000_000, default: 0, "steps at the end of each series to keep for `recurrent evaluate`")
    let validation = declare.integer(
      "--validation", in: 0...1_000_000_000,
      "steps before them that are held out (default: a tenth, at least as many as the horizon)")
    let heldOut = declare.text(
      "--validation-file", "FILE", "a table of the same columns to validate on, in place of the end of each series")
    let interval = declare.integer(
      "--validate-every", in: 1...1_000_000_000,
      "iterations from one validation to the next (default: 5 epochs, or a hundredth of the iterations if that is less)")
    let keys = TrainingOptionKeys(
      &declare,
      .init(
        units: 32, batch: 32, learningRate: 0.003, clip: 1, iterations: "300 epochs, but 1000 to 20000", patience: 15,
        small: ForecastData.customaryOfFewSteps))
    for name in ["--bidirectional", "--merge"] {
      declare.refuse(name, because: "a forecast goes from the past to what is to come, which nobody can read from its end")
    }
    declare.example("train forecast sales.csv", "foretells the only column of numbers")
    declare.example("train forecast sales.csv --target units --group store", "learns all stores together")
    declare.example("train forecast sales.csv --target units --known price", "reads what is known ahead")
    declare.example("train forecast power.csv --wide --test 168", "a series a column; keeps the last week to evaluate")
    let reading: Reading = { invocation in
      guard let file = invocation[file] else {
        throw RecurrentError(.usage, "give the FILE to train on, or --resume FOLDER to go on with a run")
      }
      if invocation[heldOut] != nil && invocation.values[validation.name] != nil {
        throw RecurrentError(.usage, "give either --validation or --validation-file, not both")
      }
      if invocation[wide], let group = invocation[table.group], group != "none" {
        throw RecurrentError(.usage, 
          "--wide says that each column is a series, and --group \(group) that rows belong to several: leave one out")
      }
      _ = try keys.layers(invocation)
      let summary = try TableSummary(contentsOf: file, header: table.hasHeader(invocation))
      let roles = try summary.roles(
        time: invocation[table.time], group: invocation[table.group], targets: invocation[targets].map(listed),
        known: invocation[known].map(listed) ?? [], isWide: invocation[wide])
      if invocation[table.time] == nil, let unread = summary.unreadTime {
        invocation.terminal.say("- \(unread); now each row is a step (--time none)")
      }
      let task = TrainingTask.Forecast(
        path: FileSystem.absolute(file), heldOut: invocation[heldOut].map { FileSystem.absolute($0) },
        hasHeader: table.hasHeader(invocation), roles: roles, missing: invocation[table.missing] ?? .error,
        test: invocation[test],
        validation: invocation[validation], batch: invocation[keys.batch], seed: UInt64(invocation[keys.seed]))
      let (series, others) = try tables(task, shownAs: file, invocation.terminal)
      return { invocation in
        var task = task
        task.seed = UInt64(invocation[keys.seed])
        let data = try ForecastData(series, heldOut: others, request: requests.request(invocation), split: .init(task))
        task.digest = data.digest
        for reason in data.reasons { invocation.terminal.say("- \(reason)") }
        let perEpoch = data.training.iterationsPerEpoch ?? 1
        let iterations = invocation[keys.iterations] ?? max(1000, min(20_000, 300 * perEpoch))
        let customary = max(1, min(perEpoch * 5, iterations / 100))
        let options = try keys.options(
          invocation, iterations: iterations, validationInterval: invocation[interval] ?? customary,
          customary: data.small?.regularization ?? .init(), hasValidation: data.validation != nil)
        if let small = data.small {
          let dropped = keys.regularization.unasked(options.regularization, invocation)
          var chosen = dropped.isEmpty ? [] : ["some dropout (\(dropped.joined(separator: ", ")))"]
          if invocation.values[keys.units.name] == nil { chosen.insert("\(small.units) units (--units)", at: 0) }
          if !chosen.isEmpty {
            invocation.terminal.say(
              "- only \(data.steps) steps to train on, which a network would soon know by heart: \(chosen.joined(separator: " and "))"
            )
          }
        }
        return TrainingPlan(
          task: .forecast(task), source: .forecast(data), name: FileSystem.title(file),
          options: options, meaning: data.description.text
        ) { invocation in
          var layers = try keys.layers(invocation)
          if let small = data.small, invocation.values[keys.units.name] == nil {
            for index in layers.indices { layers[index].units = small.units }
          }
          return Architecture(
            input: data.input, layers: layers,
            output: .distribution(data.distribution, targets: data.description.width))
        }
      }
    }
    return (keys, reading)
  }
}

/// The tables of a task, and what was done to them.
private func tables(
  _ task: TrainingTask.Forecast, shownAs file: String, _ terminal: Terminal
) throws -> (training: SeriesTable, heldOut: SeriesTable?) {
  let series = try SeriesTable(contentsOf: file, roles: task.roles, missing: task.missing, header: task.hasHeader)
  let others = try task.heldOut.map {
    try SeriesTable(contentsOf: $0, roles: task.roles, missing: task.missing, step: series.step, header: task.hasHeader)
  }
  let steps = series.series.reduce(0) { $0 + $1.observed }
  let names = task.roles.targetNames
  let what =
    task.roles.isWide
    ? "\(task.roles.targets.count.grouped) columns" : names.count > 3 ? "\(names.count) columns" : names.joined(separator: ", ")
  terminal.say(
    "\(file): \(steps.grouped) steps of \(series.series.count == 1 ? "one series" : "\(series.series.count.grouped) series"), "
      + "\(series.step == .rows ? "a row each" : "\(series.step) each"); to foretell: \(what)")
  for repair in series.repairs + (others?.repairs ?? []) { terminal.say("- \(repair)") }
  return (series, others)
}

/// Reads the tables of a run that goes on.
func read(
  _ task: TrainingTask.Forecast, _ description: ForecastDescription, _ network: Network, _ terminal: Terminal
) throws -> ForecastData {
  let (series, others) = try tables(task, shownAs: task.path, terminal)
  guard let output = network.architecture.output.distribution else {
    throw RecurrentError(.unsuitable, "the network of the run gives no distributions, as one that forecasts does: begin anew")
  }
  return try ForecastData(
    series, heldOut: others, description: description, distribution: output.family, input: network.architecture.input,
    split: .init(task))
}

extension ForecastData.Split {
  fileprivate init(_ task: TrainingTask.Forecast) {
    self.init(test: task.test, validation: task.validation, batch: task.batch, seed: task.seed)
  }
}
