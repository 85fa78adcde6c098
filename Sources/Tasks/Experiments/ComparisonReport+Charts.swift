package import ChartPictures
import Markup
import Support
import Training

extension ComparisonReport {
  /// A number with its deviation: `8.542 ± 0.021`.
  package func text(_ spread: Spread?, digits: Int, factor: Double = 1) -> String {
    guard let spread else { return "" }
    let mean = (spread.mean * factor).fixed(digits)
    return spread.deviation.map { "\(mean) ± \(($0 * factor).fixed(digits))" } ?? mean
  }

  /// All results by cell, the best first: the accuracy if the task counts it, or else the held-out loss.
  package var chart: DotChart {
    let rows = entries.enumerated().compactMap { index, entry -> DotChart.Row? in
      let results = entry.runs.map(\.result).filter { $0.failure == nil }
      let values = hasScore ? results.compactMap(\.score).map { $0 * 100 } : results.compactMap(\.validation)
      guard let spread = Spread(values) else { return nil }
      return DotChart.Row(
        entry.cell, values: values, mean: spread.mean, deviation: spread.deviation,
        text: text(spread, digits: hasScore ? 1 : lossDigits), colour: index)
    }
    return DotChart(
      title: hasScore ? "What was right, by cell" : "Best held-out loss, by cell",
      xTitle: hasScore ? "% right" : lossUnit,
      rows: rows)
  }

  /// The held-out loss over the iterations, for each cell the mean over its seeds.
  package var curves: LineChart {
    LineChart(
      title: "Mean held-out loss", xTitle: "iteration", yTitle: lossUnit,
      series: entries.enumerated().map { index, entry in
        LineChart.Series(
          entry.cell, shown(mean(of: entry.runs.map { points($0.records, \.validation) })), colour: index,
          isDashed: index >= Theme.seriesCount)
      })
  }

  /// The held-out losses of all runs of each cell, and dashed the mean training loss.
  package var curvesByCell: [LineChart] {
    entries.enumerated().map { index, entry in
      let training = mean(of: entry.runs.map { points($0.records, { $0.validation == nil ? nil : $0.loss }) })
      let heldOut = entry.runs.map { run in
        LineChart.Series("seed \(run.result.seed)", shown(points(run.records, \.validation)), colour: index)
      }
      return LineChart(
        title: entry.cell, xTitle: "iteration", yTitle: lossUnit, including: bounds.map { [$0.lowerBound, $0.upperBound] } ?? [],
        series: (heldOut + [LineChart.Series("training", shown(training), colour: index, isDashed: true)]).filter {
          !$0.points.isEmpty
        })
    }
  }

  private func points(_ records: [TrainingRecord], _ value: (TrainingRecord) -> Double?) -> [LineChart.Point] {
    records.compactMap { record in value(record).map { LineChart.Point(x: Double(record.iteration), y: $0) } }
  }

  /// The mean of some curves, as far as all of them go.
  private func mean(of curves: [[LineChart.Point]]) -> [LineChart.Point] {
    guard let shortest = curves.map(\.count).min() else { return [] }
    return (0..<shortest).map { place in
      LineChart.Point(x: curves[0][place].x, y: curves.reduce(0) { $0 + $1[place].y } / Double(curves.count))
    }
  }

  /// The range in which the runs differ: from the best loss of all to somewhat above the worst of the runs' best losses.
  package var bounds: ClosedRange<Double>? {
    let best = entries.flatMap(\.runs).compactMap(\.result.validation)
    guard let least = best.min(), let most = best.max() else { return nil }
    return least...most + max(most - least, 0.1 * abs(most))
  }

  /// Not more points than a screen can show, and none above the bounds.
  private func shown(_ points: [LineChart.Point]) -> [LineChart.Point] {
    let within = points.filter { point in bounds.map { point.y <= $0.upperBound } ?? true }
    let step = max(1, within.count / 400)
    return within.enumerated().filter { ($0.offset + 1 - within.count) % step == 0 }.map(\.element)
  }
}
