public import Engine
import Networks
package import Support
public import Tables

extension Forecaster {
  /// Forecasts how the series of a table go on from their ends.
  ///
  ///     for step in try forecaster.forecast(table)[0].steps {
  ///       print(step.number, step.median, step.interval(0.8))
  ///     }
  ///
  /// - Parameters:
  ///   - table: with the columns that the model was trained on. If some are known ahead, the table has rows after the last values
  ///     to forecast that have these columns only.
  ///   - horizon: steps to forecast; nil for as many as the model was trained for.
  ///   - samples: paths to draw.
  ///   - seed: the same seed gives the same paths.
  ///   - missing: what is done about missing values; nil for what was done in training.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Returns: a forecast for each series, except for those that are too short and those whose paths grow without bound.
  /// - Throws: ``RecurrentError`` if the table can't be read or does not have the model's columns, or if all series are too
  ///   short.
  public func forecast(
    _ table: DataTable, horizon: Int? = nil, samples: Int = 500, seed: UInt64 = 0, missing: MissingPolicy? = nil,
    machine: Machine? = nil
  ) throws -> [SeriesForecast] {
    try RecurrentError.require(samples > 0 && horizon ?? 1 > 0, "a forecast needs at least one path and one step")
    var forecasts: [SeriesForecast] = []
    try forecast(
      read(table, missing: missing), horizon: horizon ?? description.horizon, samples: samples, seed: seed,
      machine: machine ?? Machine()
    ) { _, forecast in forecasts.append(forecast) }
    return forecasts
  }

  /// Forecasts how the series of a table go on from their ends, one after the other.
  ///
  /// - Parameters:
  ///   - note: called with what is left out, and why.
  ///   - body: called with each series and its forecast.
  /// - Throws: ``RecurrentError`` if all series are too short, or what is known ahead is missing; before `body` is called.
  package func forecast(
    _ table: SeriesTable, horizon: Int, samples: Int, seed: UInt64, machine: Machine, note: (Sentence) -> Void = { _ in },
    body: (SeriesTable.Series, SeriesForecast) throws -> Void
  ) throws {
    let runner = NetworkRunner(network, machine: machine, trains: false)
    for series in try longEnough(table, horizon: horizon, note) {
      let series = series.ending(at: series.observed, description.width)
      let stream = ForecastStream(self, series, steps: series.observed, runner: runner)
      for index in 0..<series.observed {
        let (values, known) = series.row(index, description)
        try stream.observe(time: series.time(index, table.step), known: known, values: values)
      }
      let ahead = series.observed..<series.observed + horizon
      let times = ahead.map { series.time($0, table.step) }
      let hasRows = !description.roles.neededAhead.isEmpty
      let known = ahead.map { series.row(hasRows ? $0 : series.observed - 1, description).known }
      let forecast = try stream.forecast(samples, times: times, known: known, seed: seed)
      guard forecast.areNumbers else {
        note("\(table.name(of: series)) grows beyond all numbers in what is drawn: it is left out")
        continue
      }
      try body(series, forecast)
    }
  }

  /// The series that are long enough. All are checked before the first is forecast, and one that is too short does not keep the
  /// others from being forecast.
  private func longEnough(
    _ table: SeriesTable, horizon: Int, _ note: (Sentence) -> Void
  ) throws(RecurrentError) -> [SeriesTable.Series] {
    func need(_ series: SeriesTable.Series) -> String {
      "\(table.name(of: series)) has \(series.observed == 1 ? "1 step" : "\(series.observed.grouped) steps"), and the model needs at least "
        + "\(description.warmup(of: series.name).grouped) to go on from"
    }
    let short = table.series.filter { $0.observed < description.warmup(of: $0.name) }
    if let first = short.first {
      if short.count == table.series.count { throw RecurrentError(.unsuitable, need(first)) }
      let others = "; so it is with \((short.count - 1).grouped) more: they are left out"
      note("\(need(first))\(short.count == 1 ? ": it is left out" : others)")
    }
    let long = table.series.filter { $0.observed >= description.warmup(of: $0.name) }
    if !description.roles.neededAhead.isEmpty, let series = long.min(by: { $0.count - $0.observed < $1.count - $1.observed }) {
      let ahead = series.count - series.observed
      if ahead < horizon { throw needsRows(ahead, after: table.name(of: series), horizon: horizon) }
    }
    return long
  }

  /// The error for a series that does not go on far enough with what is known ahead.
  private func needsRows(_ ahead: Int, after name: String, horizon: Int) -> RecurrentError {
    let rows = ahead == 0 ? "no row" : ahead == 1 ? "1 row" : "\(ahead.grouped) rows"
    let more = horizon - ahead
    let shorter: Sentence = ahead == 0 ? "" : ", or give \(Setting("horizon")) \(ahead)"
    return RecurrentError(
      .unsuitable,
      naming:
        "\(name) has \(rows) after its last value, and a forecast of \(horizon.grouped) \(horizon == 1 ? "step" : "steps") reads what is known ahead of each (\(description.roles.neededAhead.joined(separator: ", "))): add \(more.grouped) \(more == 1 ? "row" : "rows") that \(more == 1 ? "leaves" : "leave") \(description.roles.targets[0]) empty\(shorter)"
    )
  }
}

extension SeriesTable {
  /// What messages call a series.
  fileprivate func name(of series: Series) -> String {
    series.name.isEmpty ? source : "the series \(series.name) of \(source)"
  }
}

extension ForecastPicture {
  /// Adds the first targets of a series: its past, and how it is forecast to go on.
  package mutating func add(_ series: SeriesTable.Series, _ forecast: SeriesForecast, of table: SeriesTable) {
    let width = forecast.targets.count
    for (target, own) in forecast.targets.prefix(Self.mostTargets).enumerated() {
      let name =
        width > 1 || series.name.isEmpty ? [series.name, own].filter { !$0.isEmpty }.joined(separator: ", ") : series.name
      add(
        name, past: (0..<series.observed).map { (series.time($0, table.step), $0, series.targets[$0 * width + target]) },
        times: forecast.steps.map(\.time), first: forecast.first, forecast.paths, target: target)
    }
  }
}
