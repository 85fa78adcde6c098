package import ChartPictures
package import Tables

/// The past of series and their forecasts, a chart for each, one below the other.
package struct ForecastPicture {
  /// The most targets of a series that are drawn.
  package static let (mostSeries, mostTargets) = (8, 4)

  private let step: TimeStep
  private let hasTimes: Bool
  package private(set) var charts: [LineChart] = []

  package init(step: TimeStep, hasTimes: Bool) {
    self.step = step
    self.hasTimes = hasTimes
  }

  /// - Parameter came: the actual values, if they are known.
  mutating func add(
    _ name: String, past: [(time: TimeValue?, index: Int, value: Double)], times: [TimeValue?], first: Int,
    _ paths: ForecastStream.Paths, target: Int, came: [Double] = []
  ) {
    // About four times as much of the past as of the forecast, so that the forecast can be seen.
    let shown = past.suffix(max(48, 4 * times.count))
    let isByYear = isByYear(from: shown.first?.time, to: times.last ?? nil)
    func x(_ time: TimeValue?, _ index: Int) -> Double {
      switch time {
      case .number(let number)?: number
      case .moment(let moment)? where isByYear: moment.year
      case .moment?, nil: hasTimes ? Double(index - first + 1) : Double(index + 1)
      }
    }
    let history = shown.map { LineChart.Point(x: x($0.time, $0.index), y: $0.value) }
    let ahead = times.enumerated().map { x($0.element, first + $0.offset) }
    func curve(_ level: Double) -> [LineChart.Point] {
      // The bands begin at the last value.
      history.suffix(1)
        + ahead.enumerated().map { LineChart.Point(x: $0.element, y: paths.quantile(level, step: $0.offset, target: target)) }
    }
    let real = history.suffix(1) + zip(ahead, came).filter { !$0.1.isNaN }.map { LineChart.Point(x: $0.0, y: $0.1) }
    charts.append(
      LineChart(
        title: name.isEmpty ? "Forecast" : name, xTitle: isByYear ? "year" : axisTitle, yTitle: "bands: 80 and 95 in 100",
        bands: [
          .init("95 in 100", lower: curve(0.025), upper: curve(0.975), colour: 1),
          .init("80 in 100", lower: curve(0.1), upper: curve(0.9), colour: 1),
        ],
        series: [.init("past", Array(history), colour: 0), .init("median", curve(0.5), colour: 1)]
          + (came.isEmpty ? [] : [.init("what came", Array(real), colour: 0, isDashed: true)])))
  }

  private var axisTitle: String {
    if case .number = step { return "time" }
    return hasTimes ? "steps (\(step) each) from the last value" : "step"
  }

  /// Whether the axis shows years in place of the numbers of steps.
  private func isByYear(from first: TimeValue?, to last: TimeValue?) -> Bool {
    guard case .moment(let first)? = first, case .moment(let last)? = last else { return false }
    return last.year - first.year >= 2
  }

  /// The charts as one document.
  package var svg: String {
    if charts.count == 1 { return charts[0].svg() }
    let (width, height) = (760.0, 300.0)
    let parts = charts.enumerated().map { index, chart in
      chart.svg(width: width, height: height).replacing("<svg ", with: "<svg y=\"\(Int(height) * index)\" ", maxReplacements: 1)
    }
    let total = Int(height) * charts.count
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(width))" height="\(total)" viewBox="0 0 \(Int(width)) \(total)">
      \(parts.joined())</svg>

      """
  }
}

extension Moment {
  /// The year with the fraction of it that has passed.
  fileprivate var year: Double {
    let parts = parts
    return Double(parts.year) + (Double(parts.dayOfYear) + Double(parts.secondOfDay) / 86_400) / 365.25
  }
}
