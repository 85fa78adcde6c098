import Networks
package import Sequences
package import Tables

/// A series as a model that forecasts reads it, from the first step that can be forecast, and what the model gives for each step,
/// in the data's units.
package struct ForecastReading: Sendable {
  private let forecaster: Forecaster
  private let series: SeriesTable.Series
  private let step: TimeStep
  /// What the network reads, a row for each step.
  package let inputs: Batch.Inputs
  /// The number of steps.
  package let count: Int

  package init(_ forecaster: Forecaster, _ series: SeriesTable.Series, step: TimeStep) {
    self.forecaster = forecaster
    self.series = series
    self.step = step
    let prepared = PreparedSeries(series, forecaster.description, forecaster.names, step: step, end: series.observed)
    count = prepared.count
    inputs = forecaster.names.inputs(
      Array(prepared.features), [Int32](repeating: forecaster.names[series.name], count: count))
  }

  private var description: ForecastDescription { forecaster.description }
  private var steps: Range<Int> { series.observed - count..<series.observed }

  /// When the steps are; nil if the rows are the steps.
  package var times: [TimeValue]? {
    let times = steps.compactMap { series.time($0, step) }
    return times.count == count ? times : nil
  }

  /// The actual value at each step; NaN where it is missing or was interpolated.
  package func values(ofTarget target: Int) -> [Double] {
    steps.map { step in
      let place = step * description.width + target
      return series.filled.contains(place) ? .nan : series.targets[place]
    }
  }

  /// The value at the step before each.
  package func valuesBefore(ofTarget target: Int) -> [Double] {
    steps.map { series.targets[($0 - 1) * description.width + target] }
  }

  /// The value at each step of what it has beside its targets.
  package func beside(_ column: Int) -> [Double] { steps.map { series.known[$0 * description.roles.besides.count + column] } }

  /// What the model forecasts.
  ///
  /// - Parameter outputs: what the network gives, `[count, outputs]`.
  /// - Returns: for each target what is expected of each step, one step ahead, and how much the step surprises, as
  ///   ``ForecastStream/observe(time:known:values:)`` has it; NaN and nil at the first steps of a series that training has not
  ///   seen, by which it is scaled, and no surprise for interpolated values, nor for the step after one.
  package func predicted(_ outputs: [Float]) -> (expected: [[Double]], surprisals: [Double?]) {
    let (width, parameters) = (description.width, forecaster.distribution.parameterCount)
    let known = min(description.warmup(of: series.name), series.observed)
    guard let scaling = description.scaling(of: series, steps: known) else { return ([], []) }
    let outputs = forecaster.outputs(outputs, of: series.name)
    var state = SeriesState(description, series: series.name, scaling: scaling)
    var expected = [[Double]](repeating: [], count: width)
    var surprisals: [Double?] = []
    for index in 0..<series.observed {
      let values = series.row(index, description).values
      if index >= steps.lowerBound {
        let start = (index - steps.lowerBound) * width * parameters
        let given = outputs[start..<start + width * parameters]
        for target in 0..<width {
          let own = given[start + target * parameters..<start + (target + 1) * parameters]
          let parameters = forecaster.distribution.parameters(of: own, level: state.level(target))
          let middle = forecaster.distribution.mean(parameters)
          expected[target].append(index < known ? .nan : state.value(middle, target: target))
        }
        let isScored = index >= known && series.isKnown(index, width)
        surprisals.append(isScored ? forecaster.surprisal(values, given: given, in: state) : nil)
      }
      state.observe(values)
    }
    return (expected, surprisals)
  }
}
