import ChartPictures
import Inspector
import Networks
import Pages
import Testing
import Training

struct TrainingReportTests {
  private func record(_ iteration: Int, watched: Bool = false, validation: Double? = nil) -> TrainingRecord {
    let watch = TrainingWatch(
      gates: [
        .init(layer: 1, name: "f", closed: 0.1, open: 0.5), .init(layer: 1, name: "i", closed: 0.2, open: 0.3),
        .init(layer: 2, name: "z", closed: 0.2, open: 0.3),
      ],
      gradients: [.init(layer: 1, state: "h", norms: [0.5, 0.2, 0.1]), .init(layer: 2, state: "h", norms: [0.5, 0.2, 0.1])])
    return TrainingRecord(
      iteration: iteration, epoch: nil, loss: 3 - Double(iteration) / 100, validation: validation, rate: 0.002, gradientNorm: 2,
      clipped: 0.5, tokensPerSecond: 1e4, seconds: Double(iteration), watch: watched ? watch : nil)
  }

  private func report(_ records: [TrainingRecord], isRunning: Bool = false, clip: Double? = 5) -> TrainingReport {
    TrainingReport(
      name: "runs/a & b", facts: [.init(name: "Cell", value: "lstm")], iterations: 200, isRunning: isRunning, records: records,
      clip: clip, lossUnit: "nats", samples: ["to <be>"])
  }

  @Test func thePageHoldsAllThatItNeeds() {
    let html = report([record(100, validation: 2.5), record(200, validation: 2.25)]).html
    #expect(html.hasPrefix("<!doctype html>"))
    #expect(html.contains("<h1>runs/a &amp; b</h1>") && html.contains("<pre>to &lt;be&gt;</pre>"))
    #expect(html.contains("All 200 iterations done, in 3 minutes. Best held-out loss: 2.25 nats, at iteration 200."))
    #expect(html.contains("watches its gradients"))
    // The only address is the name of SVG's language, which nothing loads.
    #expect(!html.replacing("http://www.w3.org/2000/svg", with: "").contains("://"))
    #expect(!html.contains("<script") && !html.contains("src=") && !html.contains("href="))
    #expect(html.contains("prefers-color-scheme:dark") && html.contains("@media print") && html.contains("max-width:36rem"))
  }

  @Test func itLoadsItselfAgainAsLongAsTheTrainingRuns() {
    let running = report([record(100)], isRunning: true).html
    #expect(running.contains("<meta http-equiv=\"refresh\"") && running.contains("At iteration 100 of 200, in 100 seconds."))
    let stopped = report([record(100)]).html
    #expect(!stopped.contains("http-equiv") && stopped.contains("Stopped at iteration 100 of 200, in 100 seconds."))
    #expect(report([], isRunning: true).html.contains("No record yet."))
  }

  @Test func curvesAreThoseOfTheLog() throws {
    let report = report([record(100, validation: 2.5), record(200)])
    #expect(report.sections.map(\.title) == ["Learning"])
    let charts = report.sections[0].charts
    #expect(charts.map(\.title) == ["Loss", "Learning rate", "Norm of the gradient", "Clipped gradients", "Speed"])
    #expect(charts[0].series.map(\.name) == ["training", "held out"])
    #expect(charts[0].series[0].points.map(\.y) == [2, 1] && charts[0].series[0].points.map(\.x) == [100, 200])
    #expect(charts[0].series[1].points.map(\.y) == [2.5])
    #expect(
      self.report([record(100)], clip: nil).sections[0].charts.map(\.title) == [
        "Loss", "Learning rate", "Norm of the gradient", "Speed",
      ])
  }

  @Test func whatWasWatchedIsShownForEachLayer() {
    let report = report([record(100, watched: true), record(150), record(200, watched: true)])
    #expect(report.sections.map(\.title) == ["Learning", "Gates", "Gradients through time"])
    #expect(report.sections[1].charts.map(\.title) == ["Layer 1", "Layer 2"])
    #expect(report.sections[1].charts[0].series.map(\.name) == ["f closed", "f open", "i closed", "i open"])
    #expect(report.sections[2].charts.map(\.title) == ["Layer 1, state h", "Layer 2, state h"])
    #expect(report.sections[2].charts[0].series.map(\.name) == ["1 back", "2 back", "4 back"])
    #expect(report.sections[2].charts[0].series[2].points.map(\.x) == [100, 200])
    #expect(!report.html.contains("watches its gradients"))
  }

  /// Long logs keep their shape in a few hundred points, and always the last one.
  @Test func longLogsAreThinned() {
    let charts = report((1...5000).map { record($0) }).sections[0].charts
    #expect(charts[0].series[0].points.count <= 450)
    #expect(charts[0].series[0].points.last?.x == 5000)
  }
}
