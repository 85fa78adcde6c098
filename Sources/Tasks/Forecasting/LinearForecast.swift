import Support

/// A linear autoregression of a series: a step is expected to be a sum of earlier values and of the series' mean, each times a
/// weight. All weights together are 1, so that the same one holds for a series that is larger, or lies higher.
package struct LinearForecast: Sendable, Hashable, Codable {
  /// The weights of earlier values, in the order of ``LinearPart/lags``.
  package var weights: [Float]
  /// The weight of the mean of what was trained on.
  package var pull: Float

  /// What is expected.
  ///
  /// - Parameter value: gives the value so many steps before.
  func expected(_ lags: [Int], mean: Double, value: (Int) -> Double) -> Double {
    var sum = Double(pull) * mean
    for (lag, weight) in zip(lags, weights) where weight != 0 { sum += Double(weight) * value(lag) }
    return sum
  }
}

extension LinearForecast {
  /// The sum in words.
  func text(_ lags: [Int]) -> String {
    let parts = zip(lags, weights).filter { $1 != 0 }.map { "\($1) times the value \($0 == 1 ? "before" : "\($0) steps before")" }
    return (parts + (pull == 0 ? [] : ["\(pull) times the mean"])).joined(separator: ", ")
  }
}

/// The linear autoregressions that a network adds to: what it learns of a value is the difference from what they expect.
package struct LinearPart: Sendable, Hashable, Codable {
  /// The steps back of the values that they read, in rising order.
  package let lags: [Int]
  /// That of each target over all series.
  package var common: [LinearForecast]
  /// Those of series that have their own.
  package var series: [String: [LinearForecast]]
  /// How many times as much the values of each target vary as what is left of them.
  package let spread: [Double]

  /// The steps after which all that is read has been there.
  var reach: Int { lags.last ?? 0 }

  /// What is said of it when it is chosen.
  var reason: Sentence {
    "each value is learned as a change from what a linear autoregression expects, of the \(lags.count == 1 ? "value" : "\(lags.count) values") up to \(reach) \(reach == 1 ? "step" : "steps") before (\(Setting("difference")))"
  }

  func forecasts(of name: String) -> [LinearForecast] { series[name] ?? common }

  /// The differences between values and what is expected of each from those before; NaN where not all are there.
  func residuals(_ values: [Double], of name: String, target: Int, mean: Double) -> [Double] {
    let own = forecasts(of: name)[target]
    return values.indices.map { step in
      step < reach ? .nan : values[step] - own.expected(lags, mean: mean) { values[step - $0] }
    }
  }
}
