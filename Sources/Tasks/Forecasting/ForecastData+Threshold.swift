import Engine
import Networks
import Support
import Tables
import TaskKit

extension ForecastData {
  /// The surprise, in nats, that one in two hundred of the steps that were trained on exceeds; nil if none of them can be
  /// forecast.
  func surprisalThreshold(of forecaster: Forecaster, machine: Machine) throws(RecurrentError) -> Double? {
    let runner = NetworkRunner(forecaster.network, machine: machine, trains: false)
    var surprisals: [Double] = []
    for (series, end) in zip(table.series, ends) where surprisals.count < Self.thresholdSteps {
      let stream = ForecastStream(forecaster, series: series.name, runner: runner)
      let series = series.ending(at: end, description.width)
      for index in 0..<min(end, Self.thresholdSteps) {
        let (values, known) = series.row(index, description)
        if let surprisal = try stream.observe(time: series.time(index, table.step), known: known, values: values),
          series.isKnown(index, description.width)
        {
          surprisals.append(surprisal)
        }
      }
    }
    guard !surprisals.isEmpty else { return nil }
    surprisals.sort()
    return ForecastStream.Paths.quantile(0.995, of: surprisals)
  }

  /// The most steps that are looked at: the level of one in two hundred is then known well enough.
  private static let thresholdSteps = 20_000
}
