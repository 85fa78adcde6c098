import Support
import Tables
import TaskKit

/// How a model that forecasts is evaluated.
package struct ForecastEvaluation: EmptySettings {
  /// The number of steps that each forecast reaches; nil for as many as in training.
  var horizon: Int?
  /// Steps at the end of each series to forecast; nil for those that training has not seen.
  var last: Int?
  /// The number of steps from one forecast to the next; nil for 1, or for more so that at most
  /// ``RollingEvaluation/Options/mostValues`` values are forecast.
  var stride: Int?
  /// The number of paths of each forecast; nil for 200.
  var samples: Int?
  /// Whether the surprise of each step is written in place of scores.
  var writesSurprises: Bool?
  /// How dates are written; nil for what they were in training.
  var dates: TimeFormat?
  /// Whether the first line names the columns; nil to see it from the file.
  var hasHeader: Bool?
  /// How the table is written, as far as it is known.
  var dialect = TableDialect()
  /// What is done about missing values and rows; nil for what was done in training.
  var missing: MissingPolicy?
  /// The seed of the paths; nil for 0.
  var seed: Int?

  package init() {}

  static let fields: [SettingField<ForecastEvaluation>] =
    [
      .integer("horizon", \.horizon, in: 1...100_000, "steps that each forecast reaches (default: as in training)"),
      .integer(
        "last", \.last, in: 1...1_000_000_000,
        "steps at the end of each series to forecast (default: those that training has not seen)"),
      .integer(
        "stride", \.stride, in: 1...1_000_000_000,
        "steps from one forecast to the next (default: 1, or as many as leave \(RollingEvaluation.Options.mostValues) values to forecast)"
      ),
      .integer("samples", \.samples, in: 2...1_000_000, default: "200", "paths of each forecast"),
      .flag(
        "surprise", \.writesSurprises,
        "write as CSV how much each step surprises the model, and which ones are out of the ordinary"),
      .dates(\.dates, "as in training if not given"),
      .answer("header", \.hasHeader, "whether the first line names the columns; seen from the file if not given"),
      .choice("missing", \.missing, "what to do about missing values and rows (default: as in training)"),
      .integer("seed", \.seed, in: 0...Int.max, default: "0", "the same seed gives the same paths"),
    ] + TableDialect.fields.map { $0.within(\.dialect) }
}
