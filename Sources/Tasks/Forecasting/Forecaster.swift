import Engine
public import Networks
import Platform
import Sequences
import Storage
public import Support
package import Tables
public import TaskKit
import Models

/// A trained network with what its numbers stand for: it forecasts how series go on.
///
///     let forecaster = try Forecaster(contentsOf: "runs/sales")
///     print(try forecaster.forecast(DataTable(path: "sales.csv"), horizon: 3)[0].steps.map(\.median))
public struct Forecaster: TrainedModel {
  /// What such models are trained for.
  public typealias Task = ForecastTask

  /// The network, which carries what its numbers stand for.
  public private(set) var network: Network
  package private(set) var description: ForecastDescription
  package let distribution: Distribution
  /// How the network reads the names of series.
  package let names: SeriesNames

  /// The forecaster that a network is.
  ///
  /// - Parameter path: of the network's file, for messages.
  /// - Throws: ``RecurrentError`` if the network does not forecast.
  public init(_ network: Network, path: String) throws(RecurrentError) {
    self.network = network
    description = try ForecastDescription(of: network, path: path)
    guard let output = network.architecture.output.distribution else {
      throw RecurrentError(cannotRead: path, "it gives no distributions, as a model that forecasts does")
    }
    distribution = output.family
    names = SeriesNames(network.architecture.input)
  }

  /// Takes the series out of a table as the model needs them.
  ///
  /// - Parameters:
  ///   - missing: what is done about missing values; nil for what was done in training.
  ///   - dates: how dates are written; nil for what they were in training.
  /// - Throws: ``RecurrentError`` if the table does not have the model's columns, has steps of another length, or values that the
  ///   model can't take, or if values are to be masked and the model reads no mask.
  package func read(
    _ table: DataTable, missing: MissingPolicy? = nil, dates: TimeFormat? = nil
  ) throws(RecurrentError) -> SeriesTable {
    if missing == .mask, description.missing != .mask {
      throw RecurrentError(
        .data,
        naming:
          "the model was trained without \(Setting("missing")) mask, so that it reads no mask of what is missing: give \(Setting("missing")) interpolate"
      )
    }
    let table = table.read(as: description.dialect)
    var roles = description.roles
    if let dates {
      let request = TimeRequest(format: dates, zone: roles.times?.zone)
      roles.times = try TableSummary(of: table, times: request).reading(ofTime: roles.time)
    }
    let series = try SeriesTable(
      table, roles: roles, missing: missing ?? description.missing, step: description.step,
      canMask: description.missing == .mask)
    try description.check(series, distribution)
    return series
  }

  /// - Throws: ``RecurrentError`` if the model can't take a value.
  package func check(_ value: Double, _ name: String) throws(RecurrentError) { try description.check(value, distribution, name) }
}

extension Forecaster {
  /// The number that is forecast for a step, where one number is wanted: the mean if it exists, otherwise the median.
  package var point: PointForecast {
    let isOfExponentials = description.transform.isLogarithmic && !description.isDiscrete
    return isOfExponentials && !distribution.family.hasMeanOfExponentials ? .median : .mean
  }

  /// The forecaster with something else noted in its network's description, or with other weights.
  func changed(
    weights: [Float]? = nil, _ change: (inout ForecastDescription) -> Void = { _ in }
  ) -> Forecaster {
    var forecaster = self
    change(&forecaster.description)
    if let weights { forecaster.network.parameters = weights }
    forecaster.network.meaning = forecaster.description.text
    return forecaster
  }

  /// How much values surprise the model in the state of a series, as ``ForecastStream/observe(time:known:values:)`` has it; nil
  /// if all are missing.
  ///
  /// - Parameter given: the network's outputs for the step.
  func surprisal(_ values: ArraySlice<Double>, given: ArraySlice<Float>, in series: SeriesState) -> Double? {
    let targets = series.targets(values)
    guard targets.contains(where: { !$0.isNaN }) else { return nil }
    let count = distribution.parameterCount
    var surprisal = 0.0
    for (target, number) in targets.enumerated() where !number.isNaN {
      var own = Array(given.dropFirst(target * count).prefix(count))
      surprisal += distribution.loss(of: number, &own, level: series.level(target))
      if distribution.levels != nil { continue }
      surprisal += series.logVolume(of: values[values.startIndex + target], target: target)
    }
    return surprisal
  }
}

/// Follows one series step by step, and can forecast from any of them.
package final class ForecastStream {
  private let forecaster: Forecaster
  private let runner: NetworkRunner
  private let name: String
  private var states: [[[Float]]] = []
  /// Nil until it is known how large the series' values are.
  private var series: SeriesState?
  /// The steps observed before it was known.
  private var waiting: [Step] = []
  /// The symbol of the series' name.
  private let symbol: Int32
  private var features: [Float] = []
  private let parameterCount: Int

  private struct Step {
    let time: TimeValue?
    let known: ArraySlice<Double>
    let values: ArraySlice<Double>
  }

  /// Numbers drawn for steps to come.
  package struct Paths: Sendable {
    /// `[steps, targets, samples]`, each target's in rising order.
    package let values: [[[Double]]]
  }

  /// - Parameters:
  ///   - name: of the series. The first steps of one that was not trained on show how large its values are, and before that
  ///     nothing is forecast (``ForecastDescription/warmup(of:)``).
  ///   - runner: one of the forecaster's network; streams that take turns may share it.
  package convenience init(_ forecaster: Forecaster, series name: String, runner: NetworkRunner) {
    self.init(forecaster, name, forecaster.description.scaling(of: name), runner)
  }

  /// - Parameters:
  ///   - series: the series that the stream follows from its beginning.
  ///   - steps: how many of its steps may be used to find out how large its values are, if it was not trained on.
  ///   - runner: one of the forecaster's network; streams that take turns may share it.
  package convenience init(_ forecaster: Forecaster, _ series: SeriesTable.Series, steps: Int, runner: NetworkRunner) {
    self.init(forecaster, series.name, forecaster.description.scaling(of: series, steps: steps), runner)
  }

  private init(_ forecaster: Forecaster, _ name: String, _ scaling: [Scaling]?, _ runner: NetworkRunner) {
    self.forecaster = forecaster
    self.runner = runner
    series = scaling.map { SeriesState(forecaster.description, series: name, scaling: $0) }
    self.name = name
    symbol = forecaster.names[name]
    parameterCount = forecaster.distribution.parameterCount
  }

  /// The number of steps observed.
  package var steps: Int { series?.steps ?? waiting.count }
  /// Whether enough steps have been observed to forecast.
  package var isReady: Bool { series.map { $0.steps >= forecaster.description.warmup } ?? false }

  /// The smallest meaningful difference from a value: a millionth of the series' deviation. The numbers that the
  /// network gives have seven digits.
  package func resolution(of value: Double, target: Int) -> Double { series?.resolution(of: value, target: target) ?? 1e-6 }

  /// Observes the values of a step.
  ///
  /// - Parameters:
  ///   - time: when the step is; nil if the rows are the steps.
  ///   - known: the values of the columns that are known ahead.
  ///   - values: those of the targets; NaN where one is missing.
  /// - Returns: how much the values surprise: the negative logarithm of the probability or the density that the model gave them,
  ///   in nats and in the data's units; of quantiles the pinball loss. Nil if the model could not forecast them.
  @discardableResult
  package func observe(
    time: TimeValue?, known: ArraySlice<Double>, values: ArraySlice<Double>
  ) throws(RecurrentError) -> Double? {
    if series == nil {
      waiting.append(Step(time: time, known: known, values: values))
      let past = SeriesTable.Series(name: name, targets: waiting.flatMap(\.values), count: waiting.count)
      guard let scaling = forecaster.description.scaling(of: past, steps: waiting.count) else { return nil }
      series = SeriesState(forecaster.description, series: name, scaling: scaling)
      for step in waiting { try observe(time: step.time, known: step.known, values: step.values) }
      waiting = []
      return nil
    }
    defer { series?.observe(values) }
    guard isReady else { return nil }
    features.removeAll(keepingCapacity: true)
    series?.append(time: time, known: known, to: &features)
    let given = try step(1, states)
    states = runner.carriedStates
    guard let series else { return nil }
    return forecaster.surprisal(values, given: given[...], in: series)
  }

  /// Draws paths of future values step by step, each step depending on the path before it; none before the stream is ready.
  ///
  /// - Parameters:
  ///   - times: when the steps are, from the next one on.
  ///   - known: for each step, the values of the columns that are known ahead.
  package func paths(
    _ count: Int, times: [TimeValue?], known: [ArraySlice<Double>], seed: UInt64
  ) throws(RecurrentError) -> Paths {
    guard let series else { return Paths(values: []) }
    let width = forecaster.description.width
    var random = Random(.forecastPaths, series.steps, seed: seed)
    var each = Array(repeating: series, count: count)
    var states = states.map { pass in pass.map { state in Array(repeatElement(state, count: count).joined()) } }
    var values: [[[Double]]] = []
    for (time, known) in zip(times, known) {
      features.removeAll(keepingCapacity: true)
      for path in each.indices { each[path].append(time: time, known: known, to: &features) }
      let given = try step(count, states)
      states = runner.carriedStates
      var drawn = Array(repeating: [Double](), count: width)
      for path in each.indices {
        var next: [Double] = []
        for target in 0..<width {
          let start = (path * width + target) * parameterCount
          let parameters = forecaster.distribution.parameters(
            of: given[start..<start + parameterCount], level: series.level(target))
          next.append(each[path].value(forecaster.distribution.sample(parameters, using: &random), target: target))
          drawn[target].append(next[target])
        }
        each[path].observe(next[...])
      }
      values.append(drawn.map { forecaster.description.widened($0.sorted(), ahead: values.count) })
    }
    return Paths(values: values)
  }

  /// The next values if the network's part of them is nothing: what linear autoregressions expect of each target at each step, on
  /// and on; none if the model has none, or before the stream is ready.
  func linearForecast(_ steps: Int) -> [[Double]] {
    guard var series, forecaster.description.linear != nil, isReady else { return [] }
    return (0..<steps).map { _ in
      let values = (0..<forecaster.description.width).map { series.value(0, target: $0) }
      series.observe(values[...])
      return values
    }
  }

  /// Draws paths as ``paths(_:times:known:seed:)`` does, and makes a forecast of them.
  package func forecast(
    _ samples: Int, times: [TimeValue?], known: [ArraySlice<Double>], seed: UInt64
  ) throws(RecurrentError) -> SeriesForecast {
    SeriesForecast(
      name, forecaster.description.roles.targetNames, try paths(samples, times: times, known: known, seed: seed),
      forecaster.point, times: times, from: steps, series)
  }

  /// The network's outputs at a step of `count` sequences, which read ``features``.
  private func step(_ count: Int, _ states: [[[Float]]]) throws(RecurrentError) -> [Float] {
    runner.carriedStates = states
    let inputs = forecaster.names.inputs(features, Array(repeating: symbol, count: count))
    let given = try runner.outputs(inputs, lengths: PackedLengths(steps: 1, batch: count), carriesStates: !states.isEmpty)
    return forecaster.outputs(given, of: name)
  }
}

extension ForecastStream.Paths {
  /// Whether the paths stay numbers that can be told. One that multiplies what it had before at each step may not: a mean needs
  /// all of them, and of a median one in a hundred may be lost.
  func areNumbers(for point: PointForecast) -> Bool {
    values.joined().allSatisfy { samples in
      let lost = samples.count { !(abs($0) < Self.largest) }
      return !samples.contains(where: \.isNaN) && lost <= (point == .mean ? 0 : samples.count / 100)
    }
  }

  /// The numbers end a little above it.
  private static let largest = 1e300

  /// A quantile of a target at a step, interpolated between two samples.
  package func quantile(_ level: Double, step: Int, target: Int) -> Double { Self.quantile(level, of: values[step][target]) }

  /// A quantile of numbers in rising order.
  static func quantile(_ level: Double, of sorted: [Double]) -> Double {
    let place = level * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }
}
