import Forecasting
import Tables

/// What an evaluation of forecasts says.
struct EvaluationReport {
  let evaluation: RollingEvaluation
  let horizon: Int
  let distribution: String
  let hasDensity: Bool
  let threshold: Double?

  private var rows: [(name: String, accuracy: Accuracy)] {
    [("model", evaluation.model), ("naive", evaluation.naive)] + (evaluation.seasonalNaive.map { [("seasonal naive", $0)] } ?? [])
  }

  func lines(on channel: Channel) -> [String] {
    var table = Table(
      columns: [.text("")] + ["MASE", "sMAPE", "CRPS", "pinball", "MAE", "in 80 %", "in 95 %"].map { .numbers($0) })
    for (name, accuracy) in rows {
      let isModel = name == "model"
      table.rows.append([
        name, accuracy.mase.map { $0.fixed(3) } ?? "", accuracy.smape.fixed(2), accuracy.crps.brief, accuracy.pinball.brief,
        accuracy.mae.brief, isModel ? "\((accuracy.coverage80 * 100).fixed(1)) %" : "",
        isModel ? "\((accuracy.coverage95 * 100).fixed(1)) %" : "",
      ])
    }
    var lines = [
      "\(evaluation.origins.grouped) origins, up to \(horizon.grouped) \(horizon == 1 ? "step" : "steps") ahead, "
        + "\(evaluation.model.count.grouped) values foretold", "",
    ]
    lines += table.lines { channel.styled($0, .bold) }
    lines.append("")
    if hasDensity, let surprise = evaluation.meanSurprise {
      lines.append("one step ahead: \(surprise.fixed(4)) nats a step (\(distribution))")
    }
    return lines + [verdict]
  }

  /// Whether the model was worth it.
  var verdict: String {
    let others = rows.dropFirst().map { ($0.name, $0.accuracy.mae) }
    guard let best = others.min(by: { $0.1 < $1.1 }) else { return "" }
    let better = 100 * (1 - evaluation.model.mae / best.1)
    if better > 0 { return "The model's median is \(better.fixed(1)) % nearer than the \(best.0) forecast." }
    return
      "The model is no better than the \(best.0) forecast, whose error is \((100 * (1 - best.1 / evaluation.model.mae)).fixed(1)) % smaller: "
      + "use that one, or train longer, on more data, or with other options."
  }

  struct Scores: Encodable {
    let mase: Double?
    let smape, crps, pinball, mae, coverage80, coverage95: Double

    init(_ accuracy: Accuracy) {
      mase = accuracy.mase
      (smape, crps, pinball, mae) = (accuracy.smape, accuracy.crps, accuracy.pinball, accuracy.mae)
      (coverage80, coverage95) = (accuracy.coverage80, accuracy.coverage95)
    }
  }

  struct Report: Encodable {
    let origins: Int
    let horizon: Int
    let values: Int
    let model, naive: Scores
    let seasonalNaive: Scores?
    let nats: Double?
    let threshold: Double?
    let verdict: String
  }

  var report: Report {
    Report(
      origins: evaluation.origins, horizon: horizon, values: evaluation.model.count, model: Scores(evaluation.model),
      naive: Scores(evaluation.naive), seasonalNaive: evaluation.seasonalNaive.map { Scores($0) },
      nats: hasDensity ? evaluation.meanSurprise : nil, threshold: threshold, verdict: verdict)
  }
}
