import ChartPictures
import CommandKit
import Console
import Markup
import Support

extension GradientStudy {
  /// The study as `--json` writes it.
  var report: Report { Report(steps: run.steps, batch: run.batch, seed: run.seed, curves: curves) }

  struct Report: Encodable {
    let steps: Int
    let batch: Int
    let seed: UInt64
    let curves: [Curve]
  }

  private static let heading = "Norm of the gradient that each state carries back from the last step"

  var chart: LineChart {
    LineChart(
      title: Self.heading, xTitle: "steps back", yTitle: "norm", isLogarithmic: true,
      series: curves.enumerated().map { index, curve in
        let points = curve.norms.enumerated().map { LineChart.Point(x: Double($0.offset + 1), y: $0.element) }
        return LineChart.Series(curve.title, points, colour: index, isDashed: index >= Theme.seriesCount)
      })
  }

  /// A plot, and how far each state's gradient reaches.
  func lines(on channel: Channel) -> [String] {
    let plot = TerminalPlot(
      curves: curves.map { ($0.title, $0.norms) }, xTitle: "steps back", isLogarithmic: true)
    var table = Table(
      columns: [.text(""), .text("state")] + milestones.map { .numbers("\($0) back") } + [.numbers("below 1 % after")])
    table.rows = curves.enumerated().map { index, curve in
      [plot.key(of: index, on: channel), curve.title] + milestones.map { text(curve.norms[$0 - 1]) } + [reach(of: curve)]
    }
    return [channel.styled(Self.heading, .bold), ""] + plot.lines(on: channel) + [""]
      + table.lines { channel.styled($0, .bold) }
  }

  /// The numbers of steps back at which the table gives the norms.
  private var milestones: [Int] {
    let last = run.steps - 1
    return [1, 10, 100, 1000, 10_000].filter { $0 < last } + [last]
  }

  private func text(_ norm: Double) -> String {
    norm.isFinite && norm > 0 ? norm.short : norm == 0 ? "0" : norm.isNaN ? "not a number" : "infinite"
  }

  /// The first step at which the norm is a hundredth of the largest before it and stays there.
  private func reach(of curve: Curve) -> String {
    guard let largest = curve.norms.filter(\.isFinite).max(), largest > 0 else { return "" }
    guard let last = curve.norms.lastIndex(where: { !($0 < largest / 100) }) else { return "" }
    return last + 1 < curve.norms.count ? "\((last + 2).grouped)" : "never here"
  }
}

extension Double {
  /// Three digits, with a power of ten where that is shorter: `0.0132`, `3.2e-07`.
  fileprivate var short: String {
    if self >= 0.001 && self < 1000 { return fixed(self >= 99.95 ? 0 : self >= 9.995 ? 1 : self >= 0.9995 ? 2 : 4) }
    var (mantissa, exponent) = (self, 0)
    while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 0.995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    return "\(mantissa.fixed(1))e\(exponent)"
  }
}
