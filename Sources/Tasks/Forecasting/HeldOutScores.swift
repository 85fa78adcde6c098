import Console
import Support
import Tables

/// How well a model forecast what was held out in its training, beside plainer ones.
package struct HeldOutScores: Sendable, Hashable, Codable {
  package struct Row: Sendable, Hashable, Codable {
    package let name: String
    package let mase: Double?
    let smape: Double
    let mae: Double
    /// The fractions of the values within bands; nil for forecasts of single numbers.
    let coverage80: Double?
    let coverage95: Double?
  }

  /// The model first.
  package let rows: [Row]
  /// The number of steps that were forecast from.
  let origins: Int
  let horizon: Int
  /// The error of the network if it gained nothing over the linear autoregression, so that the model is this alone; nil otherwise.
  let refused: Double?
  /// How much of the values the bands of 80 in 100 held as drawn; nil if they were left as drawn.
  let drawn80: Double?
  /// The series that are forecast without the network's part; nil if there are none.
  let alone: [String]?
}

extension HeldOutScores {
  /// - Parameter refused: the network's error, if it was larger than the linear autoregression's.
  init(
    _ evaluation: RollingEvaluation, _ calibration: BandCalibration?, horizon: Int, refused: Double?, alone: [String]? = nil
  ) {
    self.alone = alone
    func row(_ name: String, _ accuracy: RollingEvaluation.Accuracy, _ coverages: (Double, Double)? = nil) -> Row {
      Row(
        name: name, mase: accuracy.mase, smape: accuracy.smape, mae: accuracy.mae, coverage80: coverages?.0,
        coverage95: coverages?.1)
    }
    let model = evaluation.model
    rows =
      [row("model", model, calibration.map { ($0.coverage80, $0.coverage95) } ?? (model.coverage80, model.coverage95))]
      + [row("naive", evaluation.naive)] + (evaluation.seasonalNaive.map { [row("seasonal naive", $0)] } ?? [])
      + (evaluation.linear.map { [row("linear", $0)] } ?? [])
    (origins, self.horizon, self.refused) = (evaluation.origins, horizon, refused)
    drawn80 = calibration == nil ? nil : model.coverage80
  }

  /// What is said of it at the end of a training.
  package var lines: [String] {
    var table = Table(columns: [.text("held out")] + ["MASE", "sMAPE", "MAE", "in 80 %", "in 95 %"].map { .numbers($0) })
    for row in rows {
      let bands = [row.coverage80, row.coverage95].map { $0.map { "\((100 * $0).fixed(0)) %" } ?? "" }
      table.rows.append([row.name, row.mase?.fixed(3) ?? "", row.smape.fixed(2), row.mae.withFourDigits] + bands)
    }
    let reach =
      "up to \(horizon.grouped) \(horizon == 1 ? "step" : "steps") ahead, from \(origins.grouped) \(origins == 1 ? "step" : "steps")"
    return [""] + table.lines { $0 } + [reach] + sentences
  }

  /// What an analyst should know before the model is used.
  private var sentences: [String] {
    var sentences: [String] = []
    if let refused {
      sentences.append(
        "The network (\(refused.fixed(3))) gained nothing to speak of over the linear autoregression that it adds to, so the model is this one alone."
      )
    }
    if let alone {
      let shown = alone.prefix(4).joined(separator: ", ") + (alone.count > 4 ? " and \((alone.count - 4).grouped) more" : "")
      sentences.append(
        "The linear autoregression alone was nearer for \(alone.count == 1 ? "the series" : "\(alone.count.grouped) series,") \(shown): \(alone.count == 1 ? "it is" : "they are") forecast without the network."
      )
    }
    guard let model = rows.first else { return sentences }
    func error(_ row: Row) -> Double { row.mase ?? row.mae }
    if let best = rows.dropFirst().min(by: { error($0) < error($1) }), error(best) < error(model), refused == nil {
      sentences.append("The model is worse than the \(best.name) forecast: use that one, or train with other options.")
    }
    if let drawn = drawn80 {
      sentences.append(
        "Bands are as wide as the held-out values ask for: as drawn, those of 80 % held \((100 * drawn).fixed(0)) %.")
    }
    if let held = model.coverage80, !(0.65...0.93).contains(held) {
      sentences.append("Take the bands with caution: those that should hold 80 % hold \((100 * held).fixed(0)) %.")
    }
    return sentences
  }
}
