public import Tables

/// A forecast of a series: for each step to come the values that many sampled paths have there.
///
///     for step in forecast.steps { print(step.number, step.median, step.interval(0.8)) }
public struct SeriesForecast: Sendable {
  /// The name of the series: its text in the group column, or in wide form the column's name; empty if the table has one series.
  public let series: String
  /// The columns that are forecast; in wide form `value`.
  public let targets: [String]
  /// What ``ForecastValue/point`` is.
  public let point: PointForecast
  /// The steps to come, the next one first.
  public let steps: [Step]
  let paths: ForecastStream.Paths
  /// The number of the first step in its series, from 0.
  let first: Int
  private let state: SeriesState?

  /// A step to come.
  public struct Step: Sendable {
    /// When the step is; nil if the rows of the table are the steps.
    public let time: TimeValue?
    /// The step's number in its series, from 1.
    public let number: Int
    /// The forecast values of each target, in the order of ``SeriesForecast/targets``.
    public let values: [ForecastValue]

    /// The point forecast of the first target, as ``ForecastValue/point`` says.
    public var point: Double { values[0].point }
    /// The median of the first target: the value that half of the paths are below.
    public var median: Double { values[0].median }
    /// The mean of the first target; nil where it does not exist, see ``ForecastValue/mean``.
    public var mean: Double? { values[0].mean }

    /// A quantile of the first target: the value that a fraction of the paths is below.
    ///
    /// - Parameter level: the fraction, from 0 to 1.
    public func quantile(_ level: Double) -> Double { values[0].quantile(level) }

    /// The central interval of the first target that holds a fraction of the paths.
    ///
    /// - Parameter fraction: from 0 to 1: 0.8 for the interval between the quantiles 0.1 and 0.9.
    public func interval(_ fraction: Double) -> ClosedRange<Double> { values[0].interval(fraction) }
  }

  init(
    _ series: String, _ targets: [String], _ paths: ForecastStream.Paths, _ point: PointForecast, times: [TimeValue?],
    from first: Int, _ state: SeriesState?
  ) {
    (self.series, self.targets, self.paths, self.point) = (series, targets, paths, point)
    (self.first, self.state) = (first, state)
    steps = zip(times, paths.values).enumerated().map { place, step in
      let values = zip(targets, step.1).map { ForecastValue(target: $0, samples: $1, hasMean: point == .mean) }
      return Step(time: step.0, number: first + place + 1, values: values)
    }
  }

  /// Whether the forecast can be told in numbers.
  package var areNumbers: Bool { paths.areNumbers(for: point) }

  /// The smallest meaningful difference from a value, as ``ForecastStream/resolution(of:target:)`` has it.
  package func resolution(of value: Double, target: Int) -> Double { state?.resolution(of: value, target: target) ?? 1e-6 }
}

/// What a forecast of one number is.
public enum PointForecast: String, Sendable {
  /// The mean of the paths.
  case mean
  /// The median of the paths, where there is no mean: exponentials of numbers with heavy tails have none.
  case median
}

/// The forecast of a target at a step.
public struct ForecastValue: Sendable {
  /// The column that is forecast.
  public let target: String
  /// The values of the paths, in rising order.
  public let samples: [Double]
  fileprivate let hasMean: Bool

  /// One number for the step: the mean, or the median if there is no mean.
  public var point: Double { mean ?? median }
  /// The mean of the paths; nil if the model has learned logarithms with heavy tails (`student-t`): exponentials of such numbers have
  /// no mean, and that of some paths would be as large as the largest of them happens to be.
  public var mean: Double? { hasMean ? samples.reduce(0, +) / Double(samples.count) : nil }
  /// The median: the value that half of the paths are below.
  public var median: Double { quantile(0.5) }

  /// A quantile: the value that a fraction of the paths is below, interpolated between two samples.
  ///
  /// - Parameter level: the fraction, from 0 to 1.
  public func quantile(_ level: Double) -> Double {
    precondition(0...1 ~= level, "a quantile's level is from 0 to 1")
    return ForecastStream.Paths.quantile(level, of: samples)
  }

  /// The central interval that holds a fraction of the paths.
  ///
  /// - Parameter fraction: from 0 to 1: 0.8 for the interval between the quantiles 0.1 and 0.9.
  public func interval(_ fraction: Double) -> ClosedRange<Double> {
    precondition(0...1 ~= fraction, "an interval's fraction is from 0 to 1")
    return quantile((1 - fraction) / 2)...quantile((1 + fraction) / 2)
  }
}
