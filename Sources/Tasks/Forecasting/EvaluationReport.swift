import Console
import Support
import Tables

/// An evaluation of forecasts as lines of text and as JSON.
struct EvaluationReport {
  let evaluation: RollingEvaluation
  let horizon: Int
  let distribution: String
  let hasDensity: Bool
  /// Whether the values are counts, or zeros and ones.
  let isDiscrete: Bool
  let threshold: Double?
  /// Whether the model is the linear autoregression alone.
  let isLinear: Bool

  private var rows: [(name: String, accuracy: RollingEvaluation.Accuracy)] {
    [("model", evaluation.model), ("naive", evaluation.naive)] + (evaluation.seasonalNaive.map { [("seasonal naive", $0)] } ?? [])
      + (evaluation.linear.map { [("linear", $0)] } ?? [])
  }

  func lines(on channel: Channel) -> [String] {
    var table = Table(
      columns: [.text("")] + ["MASE", "sMAPE", "CRPS", "pinball", "MAE", "in 80 %", "in 95 %"].map { .numbers($0) })
    for (name, accuracy) in rows {
      let isModel = name == "model"
      let numbers = [
        accuracy.mase.map { $0.fixed(3) } ?? "", accuracy.smape.fixed(2), accuracy.crps?.withFourDigits ?? "",
        accuracy.pinball.withFourDigits, accuracy.mae.withFourDigits,
      ]
      let bands = [accuracy.coverage80, accuracy.coverage95].map { isModel ? "\(($0 * 100).fixed(1)) %" : "" }
      table.rows.append([name] + numbers + bands)
    }
    let sampling = evaluation.stride == 1 ? "" : ", one step in \(evaluation.stride.grouped)"
    var lines = [
      "\(evaluation.origins.grouped) origins\(sampling), up to \(horizon.grouped) \(horizon == 1 ? "step" : "steps")"
        + " ahead, " + "\(evaluation.model.count.grouped) values forecast", "",
    ]
    lines += table.lines { channel.styled($0, .bold) }
    lines.append("")
    if hasDensity, let surprisal = evaluation.meanSurprisal {
      lines.append("one step ahead: \(surprisal.fixed(4)) nats a step (\(distribution))")
    }
    if evaluation.model.crps == nil {
      lines.append(
        "no CRPS: logarithms with heavy tails (\(distribution)) have forecasts without a mean, of which it is infinite")
    }
    return lines + [verdict]
  }

  /// Whether the model beats naive forecasts: by its median, or by its CRPS for counts and for zeros and ones, whose median is a
  /// whole number however good the probabilities are.
  var verdict: String {
    let score = { (accuracy: RollingEvaluation.Accuracy) in (isDiscrete ? accuracy.crps : nil) ?? accuracy.mae }
    let own = score(evaluation.model)
    let others = rows.dropFirst().filter { !isLinear || $0.name != "linear" }.map { ($0.name, score($0.accuracy)) }
    guard let (name, best) = others.min(by: { $0.1 < $1.1 }) else { return "" }
    if own < best {
      return
        "The model\(isDiscrete ? "" : "'s median") is \((100 * (1 - own / best)).fixed(1)) % nearer than the \(name) forecast"
        + (isDiscrete ? ", by the CRPS." : ".")
    }
    let error = own > best ? "\((100 * (1 - best / own)).fixed(1)) % smaller" : "as small"
    return "The model is no better than the \(name) forecast, whose error is \(error): "
      + "use that one, or train longer, on more data, or with other options."
  }

  struct Scores: Encodable {
    let mase: Double?
    let smape, pinball, mae: Double
    /// Nil for forecasts without a mean.
    let crps: Double?
    /// Nil for forecasts of single numbers, which have no band.
    let coverage80, coverage95: Double?

    init(_ accuracy: RollingEvaluation.Accuracy, hasBands: Bool = false) {
      mase = accuracy.mase
      (smape, crps, pinball, mae) = (accuracy.smape, accuracy.crps, accuracy.pinball, accuracy.mae)
      (coverage80, coverage95) = hasBands ? (accuracy.coverage80, accuracy.coverage95) : (nil, nil)
    }
  }

  struct Report: Encodable {
    let origins: Int
    /// The number of steps from one origin to the next.
    let stride: Int
    let horizon: Int
    let values: Int
    /// The number whose errors MASE, sMAPE and MAE count.
    let point = PointForecast.median.rawValue
    let model, naive: Scores
    let seasonalNaive, linear: Scores?
    let nats: Double?
    let threshold: Double?
    let verdict: String
  }

  var report: Report {
    Report(
      origins: evaluation.origins, stride: evaluation.stride, horizon: horizon, values: evaluation.model.count,
      model: Scores(evaluation.model, hasBands: true),
      naive: Scores(evaluation.naive), seasonalNaive: evaluation.seasonalNaive.map { Scores($0) },
      linear: evaluation.linear.map { Scores($0) },
      nats: hasDensity ? evaluation.meanSurprisal : nil, threshold: threshold, verdict: verdict)
  }
}
