import CommandKit
import Engine
import Forecasting
import Models
import Networks
import Storage
import Support
import Tables

/// The options of `recurrent evaluate` for models that forecast.
struct ForecastEvaluationKeys: Sendable {
  private let horizon: Key<Int?>
  private let last: Key<Int?>
  private let stride: Key<Int?>
  private let samples: Key<Int>
  private let surprise: Key<Bool>
  let header: Key<Answer?>
  let missing: Key<MissingPolicy?>
  private let seed: Key<Int>

  init(_ declare: inout Declaration) {
    horizon = declare.integer("--horizon", in: 1...100_000, "steps that each forecast reaches (default: as in training)")
    last = declare.integer(
      "--last", in: 1...1_000_000_000, "steps at the end of each series to foretell (default: those that training has not seen)")
    stride = declare.integer(
      "--stride", in: 1...1_000_000_000,
      "steps from one forecast to the next (default: 1, or as many as leave 500000 values to foretell)")
    samples = declare.integer("--samples", in: 2...1_000_000, default: 200, "paths of each forecast")
    surprise = declare.flag(
      "--surprise", "write as CSV how much each step surprises the model, and which ones are out of the ordinary")
    header = TableKeys.header(&declare)
    missing = TableKeys.missing(&declare, standard: "as in training")
    seed = declare.integer("--seed", in: 0...Int.max, default: 0, "the same seed gives the same paths")
  }

  /// - Parameter model: what the model is, that has no use for these options.
  /// - Throws: ``RecurrentError`` if one of them is given.
  func refuse(_ invocation: Invocation, _ model: String, except used: [String] = []) throws {
    let own = [horizon.name, last.name, stride.name, samples.name, surprise.name, header.name, missing.name, seed.name]
    if let name = own.first(where: { !used.contains($0) && invocation.values[$0] != nil }) {
      let others = [header.name, missing.name].contains(name) ? "read tables" : "forecast"
      throw RecurrentError(.usage, "\(name) is for models that \(others), and this is \(model): leave it out")
    }
  }

  func evaluate(_ forecaster: Forecaster, _ file: String, machine: Machine, json: Bool, _ invocation: Invocation) throws {
    let terminal = invocation.terminal
    let table = try forecaster.read(file, missing: invocation[missing], header: invocation[header]?.isYes)
    for repair in table.repairs { terminal.say("- \(repair)") }
    if let unknown = forecaster.names.sentence(about: table.series.map(\.name)) { terminal.say("- \(unknown)") }
    let options = Self.options(
      forecaster, table, horizon: invocation[horizon], samples: invocation[samples], last: invocation[last],
      stride: invocation[stride], seed: UInt64(invocation[seed]))
    let isSurprise = invocation[surprise]
    if invocation[stride] == nil, options.stride > 1, !isSurprise {
      terminal.say("- a forecast from one step in \(options.stride.grouped); --stride 1 takes all")
    }
    let total = table.series.reduce(0) { $0 + $1.observed }
    var line = ProgressLine(total: total, things: "steps", on: terminal)
    defer { line.clear() }
    let evaluation = RollingEvaluation(forecaster, table, options, machine: machine, takesForecasts: !isSurprise) {
      line.update($0)
    }
    line.clear()
    if evaluation.includesSeen {
      terminal.say(
        "- training has seen some of these steps: what follows flatters the model (--last, or `recurrent train forecast --test`)")
    }
    if isSurprise { return try write(evaluation.surprises, forecaster, terminal) }
    guard evaluation.model.count > 0 else {
      let least = table.series.map { forecaster.description.warmup(of: $0.name) }.min() ?? forecaster.description.warmup
      throw RecurrentError(.unsuitable, "\(file) has no step to foretell: series need \(least) steps before the first")
    }
    let report = EvaluationReport(
      evaluation: evaluation, horizon: options.horizon, distribution: forecaster.distribution.name,
      hasDensity: forecaster.distribution.lossUnit == "nats", isDiscrete: forecaster.distribution.isDiscrete,
      threshold: forecaster.description.surpriseThreshold)
    if json { return try terminal.print(Storage.json(report.report)) }
    for line in report.lines(on: terminal.output) { try terminal.print(line) }
  }

  /// How forecasts of a table are evaluated if nobody says otherwise.
  ///
  /// - Parameter stride: from one origin to the next; nil for 1, or more of a large table.
  static func options(
    _ forecaster: Forecaster, _ table: SeriesTable, horizon: Int?, samples: Int, last: Int?, stride: Int?, seed: UInt64
  ) -> RollingEvaluation.Options {
    var options = RollingEvaluation.Options(
      horizon: horizon ?? forecaster.description.horizon, samples: samples, last: last, seed: seed)
    let values = RollingEvaluation.originCount(forecaster, table, options) * forecaster.description.width * options.horizon
    options.stride = stride ?? max(1, (values + mostValues - 1) / mostValues)
    return options
  }

  /// More values would take minutes and tell no more.
  private static let mostValues = 500_000

  /// A line a step: how much it surprises, and whether that is more than one in two hundred steps of the training did.
  private func write(_ surprises: [RollingEvaluation.Surprise], _ forecaster: Forecaster, _ terminal: Terminal) throws {
    let roles = forecaster.description.roles
    let hasSeries = roles.group != nil || roles.isWide
    let threshold = forecaster.description.surpriseThreshold
    let names =
      (hasSeries ? [roles.group ?? "series"] : []) + [roles.time ?? "step", "surprise"] + (threshold == nil ? [] : ["unusual"])
    try terminal.print(names.map(quotedCSV).joined(separator: ","))
    var count = 0
    for surprise in surprises {
      var words = hasSeries ? [quotedCSV(surprise.series)] : []
      words += [surprise.time.map { quotedCSV("\($0)") } ?? "\(surprise.step + 1)", surprise.value.fixed(4)]
      if let threshold {
        words.append(surprise.value > threshold ? "1" : "0")
        count += surprise.value > threshold ? 1 : 0
      }
      try terminal.print(words.joined(separator: ","))
    }
    guard let threshold else {
      return terminal.say("the model has no threshold, since its training has not come to its end")
    }
    terminal.say(
      "\(count.grouped) of \(surprises.count.grouped) steps surprise more than \(threshold.fixed(3)), as one in two hundred steps of the training did"
    )
  }
}
