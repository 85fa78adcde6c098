import Console
import Engine
package import Inspector
import Models
package import Networks
import Storage
import Support
import Tables
package import TaskKit

extension ForecastTask {
  package static var readsDates: Bool { true }

  /// Whether a network's description says that it forecasts.
  package static func owns(_ network: Network) -> Bool { ForecastDescription.describes(network) }

  package static var evaluationFields: [SettingField<ForecastEvaluation>] { ForecastEvaluation.fields }

  package static let comparedMeasures = ["model.mase", "model.smape", "model.crps", "nats"]

  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: ForecastEvaluation) throws {
    let terminal = model.terminal
    let forecaster = try Forecaster(model.network, path: model.path)
    let table = try read(
      DataTable(path: file, hasHeader: settings.hasHeader, dialect: settings.dialect), by: forecaster, missing: settings.missing,
      dates: settings.dates, terminal)
    if let unknown = forecaster.names.sentence(about: table.series.map(\.name)) { terminal.say(.reason(Sentence(unknown))) }
    let options = RollingEvaluation.Options(
      of: forecaster, on: table, horizon: settings.horizon, samples: settings.samples ?? 200, last: settings.last,
      stride: settings.stride, seed: UInt64(settings.seed ?? 0))
    let writesSurprises = settings.writesSurprises ?? false
    if settings.stride == nil, options.stride > 1, !writesSurprises {
      terminal.say(.reason("a forecast from one step in \(options.stride.grouped); \(Setting("stride")) 1 takes all"))
    }
    let total = table.series.reduce(0) { $0 + $1.observed }
    var line = ProgressLine(total: total, things: "steps", on: terminal)
    defer { line.clear() }
    let evaluation = try RollingEvaluation(
      forecaster, table, options, machine: model.machine, takesForecasts: !writesSurprises
    ) {
      line.update($0)
    }
    line.clear()
    if evaluation.includesSeen {
      terminal.say(
        .reason(
          "training has seen some of these steps: what follows flatters the model (\(Setting("last")), or \(Setting("test")) of `recurrent train forecast`)"
        ))
    }
    if writesSurprises { return try write(evaluation.surprisals, forecaster, table.roles, terminal) }
    guard evaluation.model.count > 0 else {
      let least = table.series.map { forecaster.description.warmup(of: $0.name) }.min() ?? forecaster.description.warmup
      throw RecurrentError(.unsuitable, "\(file) has no step to forecast: series need \(least) steps before the first")
    }
    let report = EvaluationReport(
      evaluation: evaluation, horizon: options.horizon, distribution: forecaster.distribution.name,
      hasDensity: forecaster.distribution.lossUnit == "nats", isDiscrete: forecaster.distribution.isDiscrete,
      threshold: forecaster.description.surprisalThreshold, isLinear: forecaster.description.heldOut?.refused != nil)
    if model.isJSON { return try terminal.print(json(report.report)) }
    for line in report.lines(on: terminal.output) { try terminal.print(line) }
  }

  /// Reads a table as a model knows it, and says what was done about missing values.
  private static func read(
    _ table: DataTable, by forecaster: Forecaster, missing: MissingPolicy? = nil, dates: TimeFormat? = nil, _ terminal: Terminal
  ) throws -> SeriesTable {
    let table = try forecaster.read(table, missing: missing, dates: dates)
    for repair in table.repairs { terminal.say(.reason(repair)) }
    return table
  }

  /// Writes a line for each step: how much it surprises, and whether that is more than all but one in two hundred steps of the
  /// training did.
  private static func write(
    _ surprisals: [RollingEvaluation.Surprisal], _ forecaster: Forecaster, _ roles: ColumnRoles, _ terminal: Terminal
  ) throws {
    let hasSeries = roles.group != nil || roles.isWide
    let threshold = forecaster.description.surprisalThreshold
    let names =
      (hasSeries ? [roles.group ?? "series"] : []) + [roles.time ?? "step", "surprise"] + (threshold == nil ? [] : ["unusual"])
    try terminal.print(names.map(quotedCSV).joined(separator: ","))
    var count = 0
    for surprisal in surprisals {
      var words = hasSeries ? [quotedCSV(surprisal.series)] : []
      words += [surprisal.time.map { quotedCSV(roles.text($0)) } ?? "\(surprisal.step + 1)", surprisal.value.fixed(4)]
      if let threshold {
        words.append(surprisal.value > threshold ? "1" : "0")
        count += surprisal.value > threshold ? 1 : 0
      }
      try terminal.print(words.joined(separator: ","))
    }
    guard let threshold else {
      return terminal.say("the model has no threshold, since its training has not come to its end")
    }
    terminal.say(
      "\(count.grouped) of \(surprisals.count.grouped) steps surprise more than \(threshold.fixed(3)), as one in two hundred steps of the training did"
    )
  }

  package static func predict(_ model: OpenedModel, on file: String?, _ settings: NoSettings) throws {
    throw RecurrentError(.unsuitable, "\(model.path) forecasts series: `recurrent forecast` writes what comes")
  }

  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    if let setting = request.tableSetting, request.text != nil {
      throw RecurrentError(.usage, naming: "\(setting) is for tables: leave it out with \(Setting("text"))")
    }
    guard request.text == nil, let file = request.file else {
      throw RecurrentError(.usage, "\(model.path) forecasts series: name a FILE, the table that has them")
    }
    let forecaster = try Forecaster(model.network, path: model.path)
    let table = try read(DataTable(request.table(file)), by: forecaster, dates: request.dates, model.terminal)
    var rest = table.series[...]
    let series = try request.chosen("series") { rest.popFirst().map { ($0.name, $0) } }
    if let unknown = forecaster.names.sentence(about: [series.name]) { model.terminal.say(.reason(Sentence(unknown))) }
    let reading = ForecastReading(forecaster, series, step: table.step)
    guard reading.count > 0 else {
      throw RecurrentError(
        .unsuitable,
        "\(file) has too few steps to forecast one from those before: the model needs "
          + "\(forecaster.description.warmup(of: series.name))")
    }
    let targets = table.roles.isWide ? [series.name] : forecaster.description.roles.targetNames
    let columns =
      targets.enumerated().map { InspectedInput.Column("\($1) before", numbers: reading.valuesBefore(ofTarget: $0)) }
      + forecaster.description.roles.besides.enumerated().map { InspectedInput.Column($1, numbers: reading.beside($0)) }
    // The curves of many targets would hide everything else.
    let came =
      targets.count > 8
      ? [] : targets.enumerated().map { InspectedInput.Column($1, numbers: reading.values(ofTarget: $0)) }
    let steps = InspectedInput(
      .features(columns), read: reading.inputs, names: reading.times?.map(table.roles.text), labels: came)
    return (
      steps,
      .columns { outputs in
        let (expected, surprisals) = reading.predicted(outputs)
        return (
          zip(targets, expected).map { InspectedInput.Column("\($0) forecast", numbers: $1) },
          surprisals.map { $0.map(Float.init) }
        )
      }
    )
  }
}
