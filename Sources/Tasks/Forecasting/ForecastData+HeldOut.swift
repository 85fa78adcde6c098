package import Engine
package import Networks
package import Tables

extension ForecastData {
  /// What a network forecasts for a series from the end of the part trained on, and the actual values.
  package struct Comparison: Sendable {
    /// The name of the series, or that of the target if there is one series.
    package let name: String
    package let past: [(time: TimeValue?, index: Int, value: Double)]
    /// The steps that were held out, as far as a forecast reaches.
    package let times: [TimeValue?]
    package let came: [Double]
    package let paths: ForecastStream.Paths
    package let target: Int
  }

  /// The comparisons for the first series and targets; none if no steps of the table were held out.
  ///
  /// - Throws: ``RecurrentError`` if the network does not forecast.
  package func comparisons(_ network: Network, machine: Machine, most: Int) throws -> [Comparison] {
    let forecaster = try Forecaster(network, path: path ?? "the network")
    let runner = NetworkRunner(network, machine: machine, trains: false)
    let (step, width) = (table.step, description.width)
    var comparisons: [Comparison] = []
    for (series, (end, length)) in zip(table.series, zip(ends, lengths)) where end < length && comparisons.count < most {
      let stream = ForecastStream(forecaster, series: series.name, runner: runner)
      let past = series.ending(at: end, width)
      for index in 0..<end {
        let (values, known) = past.row(index, description)
        try stream.observe(time: series.time(index, step), known: known, values: values)
      }
      guard stream.isReady else { continue }
      let ahead = end..<min(length, end + description.horizon)
      let times = ahead.map { series.time($0, step) }
      let paths = try stream.paths(500, times: times, known: ahead.map { series.row($0, description).known }, seed: 0)
      for (target, own) in description.roles.targetNames.enumerated() where comparisons.count < most {
        let names = [series.name, width > 1 || series.name.isEmpty ? own : ""].filter { !$0.isEmpty }
        func value(_ index: Int) -> Double {
          let place = index * width + target
          return series.filled.contains(place) ? .nan : series.targets[place]
        }
        comparisons.append(
          Comparison(
            name: names.joined(separator: ", "), past: (0..<end).map { (series.time($0, step), $0, value($0)) }, times: times,
            came: ahead.map(value), paths: paths, target: target))
      }
    }
    return comparisons
  }
}
