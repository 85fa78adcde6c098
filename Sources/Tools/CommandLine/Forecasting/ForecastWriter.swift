import CommandKit
import Console
import Engine
import Forecasting
import Networks
import Sequences
import Support
import Tables
import TaskKit

/// Writes forecasts as CSV: a line for each step and target, with the mean, or the median where there is no mean, and quantiles.
struct ForecastWriter {
  private let forecaster: Forecaster
  private let machine: Machine
  private let horizon: Int
  private let samples: Int
  private let levels: [Double]
  private let seed: UInt64
  private let terminal: Terminal

  private var description: ForecastDescription { forecaster.description }

  init(
    _ forecaster: Forecaster, machine: Machine, horizon: Int, samples: Int, levels: [Double], seed: UInt64, _ terminal: Terminal
  ) {
    self.forecaster = forecaster
    self.machine = machine
    self.horizon = horizon
    self.samples = samples
    self.levels = levels
    self.seed = seed
    self.terminal = terminal
  }

  /// Forecasts all series of a table from their ends.
  ///
  /// - Returns: a picture of the first of them.
  func write(_ table: SeriesTable) throws -> ForecastPicture {
    var picture = ForecastPicture(step: table.step, hasTimes: table.series.first?.start != nil)
    var count = 0
    try forecaster.forecast(
      table, horizon: horizon, samples: samples, seed: seed, machine: machine, note: { terminal.say(naming: "- \($0)") }
    ) { series, forecast in
      if count == 0 { try writeHeader() }
      try write(forecast, table.roles)
      if count < ForecastPicture.mostSeries { picture.add(series, forecast, of: table) }
      count += 1
    }
    if count == 0 { try writeHeader() }
    return picture
  }

  /// Reads rows from standard input, and forecasts after each how its series goes on.
  ///
  /// - Parameters:
  ///   - missing: what is done about missing values; nil for what was done in training, as far as that is possible with rows that
  ///     come one by one.
  ///   - dates: how dates are written; nil for what they were in training.
  func writeStream(_ file: TableFile, missing: MissingPolicy?, dates: TimeFormat?) throws {
    if missing == .interpolate {
      throw RecurrentError(
        .usage, "--missing interpolate needs the values after a gap, which a stream does not have yet: give a FILE")
    }
    if missing == .mask, description.missing != .mask {
      throw RecurrentError(
        .unsuitable, "the model was trained without --missing mask, so that it reads no mask of what is missing: leave it out")
    }
    let isMasked = (missing ?? description.missing) == .mask
    let needed = description.roles.neededAhead
    if !needed.isEmpty {
      throw RecurrentError(
        .unsuitable,
        "the model reads what is known ahead (\(needed.joined(separator: ", "))), which a stream of the past does not have: give a FILE"
      )
    }
    if description.roles.isWide {
      throw RecurrentError(
        .unsuitable, "rows of a table in wide form can't be streamed: give a FILE, or rows with a column for the series")
    }
    var file = file
    file.model = description.dialect ?? .firstVersion
    var roles = description.roles
    if let dates { roles.times = TimeReading(dates.with(clockOf: roles.times?.format), zone: roles.times?.zone) }
    let rows = try SeriesRows(file, roles: roles)
    let runner = NetworkRunner(forecaster.network, machine: machine, trains: false)
    var streams: [String: (stream: ForecastStream, last: TimeValue?, day: DayOfMonth)] = [:]
    try writeHeader()
    while let row = try rows.next() {
      if streams[row.series] == nil, let unknown = forecaster.names.sentence(about: [row.series]) { terminal.say("- \(unknown)") }
      if streams[row.series] == nil, description.warmup(of: row.series) > description.warmup {
        terminal.say(
          "- \(row.series.isEmpty ? "the series" : "the series \(row.series)") was not trained on: \(description.warmup(of: row.series)) rows tell how large it is, then forecasts begin"
        )
      }
      var (stream, last, day) =
        streams[row.series] ?? (ForecastStream(forecaster, series: row.series, runner: runner), nil, DayOfMonth())
      if let time = row.time { day.add(time) }
      var skipped = 0
      var change = ""
      if let time = row.time, let last {
        change =
          ClockChange(from: last, to: time, step: description.step).map { "; \($0.remedy(isOfModel: true).inCommand)" } ?? ""
        guard let steps = description.step.steps(from: last, to: time), steps > 0 else {
          throw RecurrentError(
            .unsuitable,
            "standard input, line \(row.line): \(text(time)) comes after \(text(last)), and rows should be \(description.step) apart\(change)"
          )
        }
        skipped = steps - 1
      }
      if !isMasked, skipped > 0 || row.values.contains(where: \.isNaN) {
        throw RecurrentError(
          .unsuitable,
          "standard input, line \(row.line): values are missing before or in this row; "
            + (description.missing == .mask
              ? "give --missing mask to go on without them"
              : "put them in, or train with --missing mask, so that the model reads what is missing") + change)
      }
      if skipped > MissingPolicy.mostRows(between: stream.steps), let time = row.time, let last {
        throw RecurrentError(
          .unsuitable,
          "standard input, line \(row.line): \(text(time)) comes after \(text(last)): \(skipped.grouped) rows are missing, too many to go on over; mend the "
            + "time, or begin a stream anew")
      }
      for value in row.values { try forecaster.check(value, "standard input, line \(row.line)") }
      for step in 0..<max(0, skipped) {
        let time = last.flatMap { description.step.advance($0, by: step + 1, onDay: day.day, in: rows.zone) }
        try stream.observe(time: time, known: row.constants[...], values: Array(repeating: .nan, count: description.width)[...])
      }
      try stream.observe(time: row.time, known: row.constants[...], values: row.values[...])
      streams[row.series] = (stream, row.time, day)
      guard stream.isReady else { continue }
      let times = (1...horizon).map { step in
        row.time.flatMap { description.step.advance($0, by: step, onDay: day.day, in: rows.zone) }
      }
      let forecast = try stream.forecast(
        samples, times: times, known: Array(repeating: row.constants[...], count: horizon), seed: seed)
      guard forecast.areNumbers else {
        terminal.say("- line \(row.line): what is drawn grows beyond all numbers, and no forecast is written")
        continue
      }
      try write(forecast, roles)
    }
  }

  private func text(_ time: TimeValue) -> String { description.roles.text(time) }

  private var hasSeries: Bool { description.roles.group != nil || description.roles.isWide }

  private func writeHeader() throws {
    let names =
      (hasSeries ? [description.roles.group ?? "series"] : [])
      + [description.roles.time ?? "step", "target", forecaster.point.rawValue] + levels.map { "q\(short($0))" }
    try terminal.print(names.map(quotedCSV).joined(separator: ","))
  }

  private func write(_ forecast: SeriesForecast, _ roles: ColumnRoles) throws {
    for step in forecast.steps {
      for (target, value) in step.values.enumerated() {
        let numbers = [value.point] + levels.map(value.quantile)
        let words = (hasSeries ? [forecast.series] : []) + [step.time.map(roles.text) ?? "\(step.number)", value.target]
        let texts = numbers.map { $0.plainDigits(to: forecast.resolution(of: $0, target: target)) }
        try terminal.print((words.map(quotedCSV) + texts).joined(separator: ","))
      }
    }
  }
}
