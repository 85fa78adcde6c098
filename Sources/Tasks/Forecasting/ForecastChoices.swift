import Networks
import Platform
import Sequences
import Support
import Tables

/// What is chosen for a table, and why, in sentences.
struct ForecastChoices {
  let likelihood: ForecastTask.Likelihood
  let transform: ForecastTransform
  /// Whether values are learned as changes from what linear autoregressions expect.
  let isLinear: Bool
  /// The steps after which values may be like before: the season, and what the calendar says.
  let seasons: [Int]
  let season: Int?
  let horizon: Int
  let context: Int
  private(set) var reasons: [Sentence] = []

  /// - Parameter series: the values that are trained on, for each target of each series.
  /// - Throws: ``RecurrentError`` if what is asked for does not go with the data.
  init(_ task: ForecastTask, _ series: [[Double]], step: TimeStep, longest: Int) throws(RecurrentError) {
    let values = series.lazy.joined().filter { !$0.isNaN }
    let least = values.min() ?? 0
    var reasons: [Sentence] = []
    let likelihood = try Self.likelihood(task, series, least: least, &reasons)
    let isDiscrete = likelihood.distribution.isDiscrete

    let isLogarithmic: Bool
    switch task.transform {
    case .log?:
      if likelihood == .bernoulli {
        throw RecurrentError(.data, naming: "zeros and ones have no logarithms to learn: leave \(Setting("transform")) out")
      }
      if least <= 0 && !isDiscrete {
        throw RecurrentError(
          .data, naming: "\(Setting("transform")) log needs values above 0, and the smallest is \(short(least))")
      }
      isLogarithmic = true
    case .some(.none): isLogarithmic = false
    case nil:
      isLogarithmic = likelihood == .negativeBinomial || !isDiscrete && least > 0 && Self.growsWithLevel(series)
      if isLogarithmic && !isDiscrete {
        reasons.append("the larger the values, the more they vary, so their logarithms are learned (\(Setting("transform")))")
      }
    }
    let shown = isLogarithmic && !isDiscrete ? series.map { $0.map(Self.logarithm) } : series

    let suggested = CalendarFeature.season(of: step)
    if let asked = task.season {
      season = asked == 0 ? nil : asked
    } else {
      season = Autocorrelation(shown, most: min(longest / 3, 400)).season(suggested: suggested)
      if let season { reasons.append("the values are much like those \(season) steps before: the season (\(Setting("season")))") }
    }
    seasons = [season, task.season == nil ? suggested : nil].compactMap(\.self).reduce(into: []) {
      if !$0.contains($1) { $0.append($1) }
    }
    isLinear = !isDiscrete && (task.difference == .linear || task.difference == nil && longest >= Self.fewestForLinear)
    let difference = isLinear ? nil : try Self.difference(task, shown, season: season, isDiscrete: isDiscrete, &reasons)
    transform = ForecastTransform(isLogarithmic: isLogarithmic, difference: difference)
    horizon = task.horizon ?? min(season ?? suggested ?? 1, 24)
    if task.horizon == nil {
      reasons.append("forecasts reach \(horizon) \(horizon == 1 ? "step" : "steps") (\(Setting("horizon")))")
    }
    let wanted = max(2 * (season ?? 0), 2 * horizon, 30)
    context = task.context ?? max(1, min(wanted, 300))
    if task.context == nil { reasons.append("training shows \(context) steps of the past (\(Setting("context")))") }
    self.likelihood = likelihood
    self.reasons = reasons
  }

  /// The steps of a series from which the weights of a linear autoregression can be told.
  private static let fewestForLinear = 40

  private static func logarithm(_ value: Double) -> Double { ForecastTransform.logarithm(value) }

  private static func likelihood(
    _ task: ForecastTask, _ series: [[Double]], least: Double, _ reasons: inout [Sentence]
  ) throws(RecurrentError) -> ForecastTask.Likelihood {
    let values = series.lazy.joined().filter { !$0.isNaN }
    let isWhole = values.allSatisfy { $0 == $0.rounded() }
    let most = values.max() ?? 0
    if let asked = task.likelihood {
      if let fault = asked.distribution.family.fault(in: values) {
        throw RecurrentError(.data, naming: "\(Setting("likelihood")) \(asked.rawValue) \(fault)")
      }
      return asked
    }
    if isWhole, least >= 0, most <= 1 {
      reasons.append("the values are zeros and ones: bernoulli (\(Setting("likelihood")))")
      return .bernoulli
    }
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    // Large counts are smooth enough for a density.
    if isWhole, least >= 0, least == 0 || mean < 30 {
      reasons.append("the values are counts: negative-binomial (\(Setting("likelihood")))")
      return .negativeBinomial
    }
    let excess = excessKurtosis(series)
    // The excess kurtosis of n normal numbers has a deviation of √(24 / n).
    let isHeavy = excess > max(1, 4 * (24 / Double(max(1, values.count))).squareRoot())
    reasons.append(
      isHeavy
        ? "large changes are more frequent than among normal numbers: student-t (\(Setting("likelihood")))"
        : "changes are about normal: normal (\(Setting("likelihood")))")
    return isHeavy ? .studentT : .normal
  }

  /// The excess kurtosis of the changes from step to step.
  private static func excessKurtosis(_ series: [[Double]]) -> Double {
    var (count, squares, fourths) = (0.0, 0.0, 0.0)
    for values in series {
      let changes = zip(values.dropFirst(), values).map { $0 - $1 }
      guard let scaling = Scaling(differing: changes, size: values.lazy.filter(\.isFinite).map(abs).max() ?? 0) else { continue }
      for change in changes where !change.isNaN {
        let square = scaling.scaled(change) * scaling.scaled(change)
        count += 1
        squares += square
        fourths += square * square
      }
    }
    return squares > 0 ? fourths * count / (squares * squares) - 3 : 0
  }

  /// Whether parts of the series with a mean twice as large vary more than one and a half times as much: the slope of the
  /// logarithms of deviations over those of means is above log 1.5 / log 2, about 0.6, and the means differ enough to tell.
  private static func growsWithLevel(_ series: [[Double]]) -> Bool {
    var points: [(x: Double, y: Double)] = []
    for values in series {
      let present = values.filter { !$0.isNaN }
      let length = max(8, present.count / 12)
      for start in stride(from: 0, to: present.count - length + 1, by: length) {
        let part = present[start..<start + length]
        guard let scaling = Scaling(differing: part), scaling.mean > 0 else { continue }
        points.append((ForecastTransform.logarithm(scaling.mean), ForecastTransform.logarithm(scaling.deviation)))
      }
    }
    guard points.count >= 4 else { return false }
    let (x, y) = (points.reduce(0) { $0 + $1.x } / Double(points.count), points.reduce(0) { $0 + $1.y } / Double(points.count))
    let xx = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    let xy = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    return xx / Double(points.count) > 0.04 && xy / xx > 0.6
  }

  private static func difference(
    _ task: ForecastTask, _ series: [[Double]], season: Int?, isDiscrete: Bool, _ reasons: inout [Sentence]
  ) throws(RecurrentError) -> Int? {
    switch task.difference {
    case .some(.none): return nil
    case .step?, .season?, .linear?:
      if isDiscrete {
        throw RecurrentError(
          .data, naming: "counts and zeros and ones are learned as they are: leave \(Setting("difference")) out")
      }
      if task.difference == .step { return 1 }
      guard let season else {
        throw RecurrentError(
          .data, naming: "\(Setting("difference")) season needs a season, and none was found: give \(Setting("season")) N")
      }
      return season
    case nil:
      if isDiscrete { return nil }
      let trends = series.map { LinearTrend($0).explained }
      // A straight line explains half of the variance: the values will soon be outside the range that was trained on.
      guard trends.reduce(0, +) / Double(max(1, trends.count)) >= 0.5 else { return nil }
      let steps = season ?? 1
      reasons.append(
        "the values have a trend, so the change from \(steps == 1 ? "the step before" : "\(steps) steps before") is learned (\(Setting("difference")))"
      )
      return steps
    }
  }
}

extension ForecastTransform {
  static func logarithm(_ value: Double) -> Double { value.isNaN ? .nan : log(value) }
}
