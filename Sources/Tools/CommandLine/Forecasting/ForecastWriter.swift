import CommandKit
import Engine
import Forecasting
import Networks
import Sequences
import Support
import Tables

/// Writes forecasts as CSV: a line a step and target, with the mean and quantiles.
struct ForecastWriter {
  private let forecaster: Forecaster
  private let runner: NetworkRunner
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
    runner = NetworkRunner(forecaster.network, machine: machine, trains: false)
    self.horizon = horizon
    self.samples = samples
    self.levels = levels
    self.seed = seed
    self.terminal = terminal
  }

  /// Foretells all series of a table from their ends.
  ///
  /// - Returns: a picture of the first of them.
  func write(_ table: SeriesTable) throws -> ForecastPicture {
    let foretold = try longEnough(table)
    try writeHeader()
    var picture = ForecastPicture(step: table.step, hasTimes: table.series.first?.start != nil)
    for (number, series) in foretold.enumerated() {
      let stream = ForecastStream(forecaster, series, steps: series.observed, runner: runner)
      let width = description.width
      for index in 0..<series.observed {
        let (values, known) = series.row(index, description)
        stream.observe(time: series.time(index, table.step), known: known, values: values)
      }
      let ahead = series.observed..<series.observed + horizon
      let times = ahead.map { series.time($0, table.step) }
      let known = ahead.map { description.roles.known.isEmpty ? [] : series.row($0, description).known }
      let paths = stream.paths(samples, times: times, known: known, seed: seed)
      guard paths.areNumbers else {
        terminal.say("- \(name(series, table)) grows beyond all numbers in what is drawn: it is left out")
        continue
      }
      try write(paths, series.name, times, from: series.observed, by: stream)
      if number < ForecastPicture.mostSeries {
        for target in 0..<min(width, ForecastPicture.mostTargets) {
          picture.add(
            width > 1 || series.name.isEmpty
              ? [series.name, description.roles.targetNames[target]].filter { !$0.isEmpty }.joined(separator: ", ") : series.name,
            past: (0..<series.observed).map { (series.time($0, table.step), $0, series.targets[$0 * width + target]) },
            times: times, first: series.observed, paths, target: target)
        }
      }
    }
    return picture
  }

  private func name(_ series: SeriesTable.Series, _ table: SeriesTable) -> String {
    series.name.isEmpty ? table.source : "the series \(series.name) of \(table.source)"
  }

  /// The series that can be gone on from. All are looked at before the first line is written, and one that is too short does not keep the
  /// others from being foretold.
  private func longEnough(_ table: SeriesTable) throws -> [SeriesTable.Series] {
    func need(_ series: SeriesTable.Series) -> String {
      "\(name(series, table)) has \(series.observed == 1 ? "1 step" : "\(series.observed.grouped) steps"), and the model needs at least "
        + "\(description.warmup(of: series.name).grouped) to go on from"
    }
    let short = table.series.filter { $0.observed < description.warmup(of: $0.name) }
    if let first = short.first {
      if short.count == table.series.count { throw Failure(need(first)) }
      terminal.say(
        "- \(need(first))"
          + (short.count == 1 ? ": it is left out" : "; so it is with \((short.count - 1).grouped) more: they are left out"))
    }
    let foretold = table.series.filter { $0.observed >= description.warmup(of: $0.name) }
    let known = description.roles.known
    if !known.isEmpty, let series = foretold.first(where: { $0.count < $0.observed + horizon }) {
      throw RecurrentError(.unsuitable, 
        "\(name(series, table)) has \(series.count - series.observed) rows behind its last value, and \(horizon) are needed with what is known "
          + "ahead (\(known.joined(separator: ", "))): add rows that leave \(description.roles.targets[0]) empty, or give --horizon"
      )
    }
    return foretold
  }

  /// Takes in rows from standard input, and foretells after each how its series goes on.
  ///
  /// - Parameter missing: what is done about missing values; nil for what was done in training, as far as it can be done to rows that come
  ///   one by one.
  func writeStream(header: Bool?, missing: MissingPolicy?) throws {
    if missing == .interpolate {
      throw RecurrentError(.usage, "--missing interpolate needs the values behind a gap, which a stream does not have yet: give a FILE")
    }
    if missing == .mask, description.missing != .mask {
      throw RecurrentError(.unsuitable, "the model was trained without --missing mask, so that it can't be told what is missing: leave it out")
    }
    let isMasked = (missing ?? description.missing) == .mask
    if !description.roles.known.isEmpty {
      throw RecurrentError(.unsuitable, 
        "the model reads what is known ahead (\(description.roles.known.joined(separator: ", "))), which a stream of the past does not have: give a FILE"
      )
    }
    if description.roles.isWide {
      throw RecurrentError(.unsuitable, "rows of a table in wide form can't be streamed: give a FILE, or rows with a column for the series")
    }
    let rows = try SeriesRows(path: "-", roles: description.roles, header: header)
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
      if let time = row.time, let last {
        guard let steps = description.step.steps(from: last, to: time), steps > 0 else {
          throw RecurrentError(.unsuitable, 
            "standard input, line \(row.line): \(time) comes after \(last), and rows should be \(description.step) apart")
        }
        skipped = steps - 1
      }
      if !isMasked, skipped > 0 || row.values.contains(where: \.isNaN) {
        throw RecurrentError(.unsuitable, 
          "standard input, line \(row.line): values are missing before or in this row; "
            + (description.missing == .mask
              ? "give --missing mask to go on without them"
              : "put them in, or train with --missing mask, so that the model can be told"))
      }
      if skipped > MissingPolicy.mostRows(between: stream.steps), let time = row.time, let last {
        throw RecurrentError(.unsuitable, 
          "standard input, line \(row.line): \(time) comes after \(last): \(skipped.grouped) rows are missing, too many to go on over; mend the "
            + "time, or begin a stream anew")
      }
      for value in row.values { try forecaster.check(value, "standard input, line \(row.line)") }
      for step in 0..<max(0, skipped) {
        let time = last.flatMap { description.step.advance($0, by: step + 1, onDay: day.day) }
        stream.observe(time: time, known: [], values: Array(repeating: .nan, count: description.width)[...])
      }
      stream.observe(time: row.time, known: [], values: row.values[...])
      streams[row.series] = (stream, row.time, day)
      guard stream.isReady else { continue }
      let times = (1...horizon).map { step in row.time.flatMap { description.step.advance($0, by: step, onDay: day.day) } }
      let paths = stream.paths(samples, times: times, known: Array(repeating: [], count: horizon), seed: seed)
      guard paths.areNumbers else {
        terminal.say("- line \(row.line): what is drawn grows beyond all numbers, and no forecast is written")
        continue
      }
      try write(paths, row.series, times, from: stream.steps, by: stream)
    }
  }

  private var hasSeries: Bool { description.roles.group != nil || description.roles.isWide }

  private func writeHeader() throws {
    let names =
      (hasSeries ? [description.roles.group ?? "series"] : []) + [description.roles.time ?? "step"] + ["target", "mean"]
      + levels.map { "q\(short($0))" }
    try terminal.print(names.map(quotedCSV).joined(separator: ","))
  }

  private func write(
    _ paths: ForecastStream.Paths, _ series: String, _ times: [TimeValue?], from first: Int, by stream: ForecastStream
  ) throws {
    for (step, time) in times.enumerated() {
      for (target, name) in description.roles.targetNames.enumerated() {
        let numbers = [paths.mean(step: step, target: target)] + levels.map { paths.quantile($0, step: step, target: target) }
        let words =
          (hasSeries ? [series] : []) + [time.map { "\($0)" } ?? "\(first + step + 1)", name]
        let texts = numbers.map { $0.plainDigits(to: stream.resolution(of: $0, target: target)) }
        try terminal.print((words.map(quotedCSV) + texts).joined(separator: ","))
      }
    }
  }
}

/// A text as a place of a CSV file: in quotes if it has a separator, a quote or an end of line.
func quotedCSV(_ text: String) -> String {
  text.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
}
