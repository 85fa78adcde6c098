package import Engine
import Networks
import Sequences
package import Support
public import Tables

/// How good a model's forecasts of a table would have been, from one origin after the other, beside naive forecasts.
///
///     let evaluation = try forecaster.evaluation(on: table)
///     print(evaluation.model.mae, evaluation.naive.mae)
public struct RollingEvaluation: Sendable {
  package struct Options: Sendable {
    /// The number of steps that each forecast reaches.
    package var horizon: Int
    package var samples: Int
    /// The number of steps at the end of each series to forecast; nil for those that training has not seen.
    package var last: Int?
    /// The number of steps from one origin to the next.
    package var stride: Int
    package var seed: UInt64
    /// The steps of each series that are forecast, which training has not learned; nil to go by ``last``.
    var ranges: [Range<Int>]?

    package init(horizon: Int, samples: Int = 200, last: Int? = nil, stride: Int = 1, seed: UInt64 = 0) {
      self.horizon = horizon
      self.samples = samples
      self.last = last
      self.stride = stride
      self.seed = seed
    }

    /// The default options for a model and a table.
    ///
    /// - Parameters:
    ///   - horizon: steps that each forecast reaches; nil for as many as in training.
    ///   - stride: steps from one origin to the next; nil for 1, or for more of a large table.
    package init(
      of forecaster: Forecaster, on table: SeriesTable, horizon: Int? = nil, samples: Int = 200, last: Int? = nil,
      stride: Int? = nil, seed: UInt64 = 0
    ) {
      self.init(horizon: horizon ?? forecaster.description.horizon, samples: samples, last: last, seed: seed)
      let values = RollingEvaluation.originCount(forecaster, table, self) * forecaster.description.width * self.horizon
      self.stride = stride ?? max(1, (values + Self.mostValues - 1) / Self.mostValues)
    }

    /// The most values that are forecast by default: more would take minutes and tell no more.
    package static let mostValues = 20_000
  }

  /// How much a step surprises the model.
  public struct Surprisal: Sendable, Hashable {
    /// The name of the step's series; empty if there is only one.
    public let series: String
    /// When the step is; nil if the table has no column of times.
    public let time: TimeValue?
    /// The step's number in its series, counted from 0.
    public let step: Int
    /// The negative logarithm of the probability or the density that the model gave the step's values, in nats; of quantiles the
    /// pinball loss.
    public let value: Double
  }

  /// How far the model's forecasts were off: their medians, and, where it says so, their distributions.
  public private(set) var model = Accuracy()
  /// How far forecasts were off that repeat the last value again and again.
  public private(set) var naive = Accuracy()
  /// How far forecasts were off that repeat the value of a season before; nil if there is no season.
  package private(set) var seasonalNaive: Accuracy?
  /// How far linear autoregressions were off, those that the network adds to; nil if it adds to none.
  package private(set) var linear: Accuracy?
  /// How far the model and the linear autoregression were off, for each series that has both.
  private(set) var bySeries: [String: (model: Accuracy, linear: Accuracy)] = [:]
  /// How far from their medians values were, for each that was forecast.
  private(set) var distances: [BandCalibration.Distance] = []
  /// How much each step surprises that is forecast, as seen from the step before it.
  public private(set) var surprisals: [Surprisal] = []
  package private(set) var origins = 0
  /// The number of steps from one origin to the next.
  public let stride: Int
  /// Whether training has seen some of the steps that were forecast.
  package private(set) var includesSeen = false
  private let season: Int?

  /// - Parameters:
  ///   - takesForecasts: whether paths are drawn; if not, only surprises are measured.
  ///   - progress: called with the number of steps that are done.
  package init(
    _ forecaster: Forecaster, _ table: SeriesTable, _ options: Options, machine: Machine, takesForecasts: Bool = true,
    progress: (Int) -> Void = { _ in }
  ) throws(RecurrentError) {
    season = forecaster.description.season
    stride = options.stride
    model = Accuracy(hasMean: forecaster.point == .mean)
    if let season, season > 1 { seasonalNaive = Accuracy() }
    if forecaster.description.linear != nil { linear = Accuracy() }
    let runner = NetworkRunner(forecaster.network, machine: machine, trains: false)
    var done = 0
    for (number, series) in table.series.enumerated() {
      let range = options.ranges?[number]
      let (first, hasSeen) =
        range.map { ($0.lowerBound, false) } ?? Self.firstStep(series, forecaster, options, step: table.step)
      let end = range?.upperBound ?? series.observed
      if first >= end { continue }
      includesSeen = includesSeen || hasSeen
      let stream = ForecastStream(forecaster, series, steps: first, runner: runner)
      let scales = scales(series, before: first, width: forecaster.description.width)
      for index in 0..<end {
        if takesForecasts, index >= first, (index - first) % options.stride == 0, stream.isReady,
          !series.isMadeUp(index - 1, forecaster.description.width)
        {
          try compare(
            stream, series, table.step, at: index, until: end, forecaster, options, scales,
            seed: options.seed &+ UInt64(number) << 32)
        }
        let (values, known) = series.row(index, forecaster.description)
        if let surprisal = try stream.observe(time: series.time(index, table.step), known: known, values: values), index >= first,
          series.isKnown(index, forecaster.description.width)
        {
          surprisals.append(Surprisal(series: series.name, time: series.time(index, table.step), step: index, value: surprisal))
        }
        done += 1
        progress(done)
      }
    }
  }

  /// The mean surprise of a step, in nats.
  package var meanSurprisal: Double? {
    surprisals.isEmpty ? nil : surprisals.reduce(0) { $0 + $1.value } / Double(surprisals.count)
  }

  /// The number of forecasts that an evaluation would make with a stride of 1.
  package static func originCount(_ forecaster: Forecaster, _ table: SeriesTable, _ options: Options) -> Int {
    table.series.reduce(0) { sum, series in
      sum
        + max(0, series.observed - firstStep(series, forecaster, options, step: table.step).0)
    }
  }

  /// The steps of a series that are forecast, and whether training has seen some of them.
  private static func firstStep(
    _ series: SeriesTable.Series, _ forecaster: Forecaster, _ options: Options, step: TimeStep
  ) -> (Int, Bool) {
    let seen = series.count(forecaster.description.seen[series.name], step, width: forecaster.description.width)
    // The first steps can't be forecast, since nothing is known before them.
    let least = min(forecaster.description.warmup(of: series.name), series.observed)
    if let last = options.last {
      let first = max(least, series.observed - last)
      return (first, first < seen)
    }
    return seen >= series.observed ? (least, true) : (max(least, seen), false)
  }

  /// For each target, the mean error of the seasonal naive forecast (the naive one if there is no season) before the first
  /// origin, or over the whole series if that is too short.
  private func scales(_ series: SeriesTable.Series, before first: Int, width: Int) -> [Double?] {
    let lag = season ?? 1
    return (0..<width).map { target in
      for end in [first, series.observed] {
        let errors = (min(lag, end)..<end).filter {
          !series.filled.contains($0 * width + target) && !series.filled.contains(($0 - lag) * width + target)
        }
        .map { abs(series.targets[$0 * width + target] - series.targets[($0 - lag) * width + target]) }
        .filter { !$0.isNaN }
        let scale = errors.reduce(0, +) / Double(max(1, errors.count))
        if !errors.isEmpty, scale > 0 { return scale }
      }
      return nil
    }
  }

  private mutating func compare(
    _ stream: ForecastStream, _ series: SeriesTable.Series, _ step: TimeStep, at index: Int, until end: Int,
    _ forecaster: Forecaster,
    _ options: Options, _ scales: [Double?], seed: UInt64
  ) throws(RecurrentError) {
    let width = forecaster.description.width
    let ahead = index..<min(index + options.horizon, end)
    let paths = try stream.paths(
      options.samples, times: ahead.map { series.time($0, step) },
      known: ahead.map { series.row($0, forecaster.description).known },
      seed: seed)
    let expected = stream.linearForecast(ahead.count)
    origins += 1
    for (place, future) in ahead.enumerated() {
      for target in 0..<width {
        let value = series.targets[future * width + target]
        guard !value.isNaN, !series.filled.contains(future * width + target) else { continue }
        if !expected.isEmpty {
          linear?.add([expected[place][target]], value, scale: scales[target])
          bySeries[series.name, default: (Accuracy(), Accuracy())].linear.add(
            [expected[place][target]], value, scale: scales[target])
          bySeries[series.name, default: (Accuracy(), Accuracy())].model.add(
            paths.values[place][target], value, scale: scales[target])
        }
        distances.append(
          BandCalibration.Distance(
            of: value, in: paths.values[place][target], forecaster.description, ahead: place, origin: origins))
        model.add(paths.values[place][target], value, scale: scales[target])
        naive.add([series.last(target, before: index, every: 1, ahead: 0, width)], value, scale: scales[target])
        if let season, season > 1 {
          seasonalNaive?.add(
            [series.last(target, before: index, every: season, ahead: place, width)], value, scale: scales[target])
        }
      }
    }
  }
}

extension SeriesTable.Series {
  /// The values of a step's targets and of the columns that are known ahead.
  package func row(_ index: Int, _ description: ForecastDescription) -> (values: ArraySlice<Double>, known: ArraySlice<Double>) {
    let (width, known) = (description.width, description.roles.besides.count)
    return (targets[index * width..<(index + 1) * width], self.known[index * known..<(index + 1) * known])
  }

  /// The index of the newest value before `origin` at the same place of a cycle as the step that is `ahead` of it; 0 if there is
  /// none.
  fileprivate func last(_ target: Int, before origin: Int, every cycle: Int, ahead: Int, _ width: Int) -> Double {
    var place = origin + ahead % cycle - cycle
    while place >= 0 {
      let value = targets[place * width + target]
      if !value.isNaN { return value }
      place -= cycle
    }
    return origin > 0 && cycle > 1 ? last(target, before: origin, every: 1, ahead: 0, width) : 0
  }
}
