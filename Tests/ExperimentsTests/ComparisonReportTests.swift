import ChartPictures
import Classification
import Experiments
import Inspector
import Markup
import Pages
import Storage
import TaskKit
import Testing
import Training

struct ComparisonReportTests {
  private static func run(
    _ cell: String, _ seed: UInt64, _ loss: Double?, test: Double? = nil, score: Double? = nil, figures: [Figure: Double] = [:],
    failure: String? = nil
  ) -> ComparisonReport.Run {
    let records = (1...4).map { place in
      TrainingRecord(
        iteration: place * 10, epoch: nil, loss: 100 / Double(place), validation: (loss ?? 1) + Double(4 - place) * 10, rate: 0.1,
        gradientNorm: 1, tokensPerSecond: 1, seconds: 1)
    }
    let result = RunResult(
      cell: cell, seed: seed, units: 4, weights: 1234, iterations: 40, validation: loss, bestIteration: loss == nil ? nil : 40,
      test: test, testFigures: figures, score: score, seconds: 2, iterationsPerEpoch: 10, failure: failure)
    return ComparisonReport.Run(result, records: records, page: "\(cell)-\(seed)/report.html")
  }

  private static func report(_ runs: [[ComparisonReport.Run]], of total: Int? = nil) -> ComparisonReport {
    ComparisonReport(
      command: "recurrent compare text a<b.txt", facts: [.init(name: "Seeds", value: "0, 1")], lossUnit: "nats per step",
      lossDigits: 3, hasEpochs: true, figures: [.accuracy, .macroF1],
      entries: runs.map { .init(cell: $0[0].result.cell, units: 4, weights: 1234, runs: $0) },
      runs: total ?? runs.reduce(0) { $0 + $1.count })
  }

  @Test func theBestComesFirst() {
    let report = Self.report([[Self.run("b", 0, 3), Self.run("b", 1, 5)], [Self.run("a", 0, 2.5), Self.run("a", 1, 2.5)]])
    #expect(report.entries.map(\.cell) == ["a", "b"])
    // The deviation of 3 and 5 about 4 is √2.
    #expect(report.columns.map { $0.text(report.entries[1]) } == ["b", "4", "1,234", "4.000 ± 1.414", "40", "0.50", "2"])
    #expect(report.chart.rows.map(\.text) == ["2.500 ± 0.000", "4.000 ± 1.414"])
    #expect(report.bestAtTheEnd == (4, 4))
  }

  @Test func whatIsRightCountsMoreThanALoss() {
    let report = Self.report([[Self.run("a", 0, 1, test: 7, score: 0.25)], [Self.run("b", 0, 2, test: 8, score: 0.5)]])
    #expect(report.entries.map(\.cell) == ["b", "a"])
    #expect(
      report.columns.map(\.title)
        == ["cell", "units", "weights", "% right", "held out, nats per step", "test", "best iteration", "s an epoch", "runs"])
    #expect(
      report.columns.map { $0.text(report.entries[0]) } == ["b", "4", "1,234", "50.0", "2.000", "8.000", "40", "0.50", "1"])
    #expect(report.chart.rows.map(\.values) == [[50], [25]])
  }

  /// Cells that are right as often as one another follow by their losses.
  @Test func aLossDecidesBetweenThoseThatAreRightAsOften() {
    let report = Self.report([
      [Self.run("a", 0, 3, score: 1)], [Self.run("b", 0, 1, score: 1)], [Self.run("c", 0, 0.5, score: 0.75)],
      [Self.run("d", 0, 2, score: 1)],
    ])
    #expect(report.entries.map(\.cell) == ["b", "d", "a", "c"])
  }

  @Test func whatATaskCountsStandsBesideTheTestLoss() throws {
    let report = Self.report([
      [
        Self.run("a", 0, 1, test: 7, figures: [.accuracy: 0.25, .macroF1: 0.2]),
        Self.run("a", 1, 1, test: 9, figures: [.accuracy: 0.75]),
      ],
      [Self.run("b", 0, 2, test: 8)],
    ])
    #expect(report.columns.map(\.title)[4...6] == ["test", "test, % right", "test, macro F1"])
    // The deviation of 25 and 75 about 50 is √1250.
    #expect(report.columns.map { $0.text(report.entries[0]) }[4...6] == ["8.000 ± 1.414", "50.0 ± 35.4", "0.200"])
    #expect(report.columns.map { $0.text(report.entries[1]) }[5...6] == ["", ""])
    #expect(report.html.contains("<th>test, % right</th>"))
    let value = try JSONValue(parsing: json(report).utf8, in: "it", "this")
    #expect(value["cells"]?[0]?["test_figures"]?["accuracy"]?["mean"]?.double == 0.5)
    #expect(value["cells"]?[0]?["runs"]?[0]?["test_figures"]?["macro_f1"]?.double == 0.2)
  }

  /// Results of other versions may have them.
  @Test func figuresThatNobodyKnowsComeLastUnderTheirKeys() {
    let report = Self.report([[Self.run("a", 0, 1, test: 7, figures: [Figure("zeal"): 0.5, Figure("aim"): 2, .macroF1: 0.2])]])
    #expect(report.columns.map(\.title)[4...7] == ["test", "test, macro F1", "test, aim", "test, zeal"])
    #expect(report.columns.map { $0.text(report.entries[0]) }[5...7] == ["0.200", "2.000", "0.500"])
  }

  @Test func failuresCountForNothing() {
    let report = Self.report([[Self.run("a", 0, 3), Self.run("a", 1, 1, failure: "the loss is not a number")]])
    #expect(report.columns.map { $0.text(report.entries[0]) } == ["a", "4", "1,234", "3.000", "40", "0.50", "2, 1 failed"])
  }

  @Test func curvesAreShownWhereTheyDiffer() {
    let report = Self.report([[Self.run("a", 0, 2), Self.run("a", 1, 4)], [Self.run("b", 0, 10)]])
    #expect(report.bounds == 2...18)
    let means = report.curves.series
    #expect(means.map(\.name) == ["a", "b"])
    // The means of a are 33, 23, 13 and 3, those of b 40, 30, 20 and 10.
    #expect(means.map { $0.points.map(\.y) } == [[13, 3], [10]])
    #expect(report.curvesByCell.map { $0.series.map(\.name) } == [["seed 0", "seed 1"], ["seed 0"]])
  }

  @Test func thePageNeedsNothingElse() {
    let report = Self.report([[Self.run("a", 0, 3)], [Self.run("b", 0, 2)]])
    let html = report.html
    #expect(html.contains("<code>recurrent compare text a&lt;b.txt</code>"))
    #expect(html.contains(">2.000</td>") && html.contains("<a href=\"a-0/report.html\">seed 0</a>"))
    #expect(!html.contains("http-equiv") && !html.contains("<script") && !html.contains("<link"))
    #expect(!html.replacing("http://www.w3.org/2000/svg", with: "").contains("http:"))
  }

  @Test func aPageOfRunsUnderWayLoadsItselfAgain() {
    let html = Self.report([[Self.run("a", 0, 3)]], of: 3).html
    #expect(html.contains("<meta http-equiv=\"refresh\" content=\"15\">") && html.contains("1 of 3 runs have ended."))
  }

  @Test func theJSONHasAllRuns() throws {
    let text = json(Self.report([[Self.run("b", 0, 3), Self.run("b", 1, 5)]]))
    let value = try JSONValue(parsing: text.utf8, in: "it", "this")
    let cell = try #require(value["cells"]?[0])
    #expect(cell["cell"]?.text == "b" && cell["validation"]?["mean"]?.double == 4)
    #expect(cell["runs"]?[1]?["validation"]?.double == 5)
    #expect(value["loss_unit"]?.text == "nats per step")
  }
}

struct SpreadTests {
  @Test func ofASample() throws {
    let spread = try #require(ComparisonReport.Spread([2, 4, 4, 4, 5, 5, 7, 9]))
    #expect(spread.mean == 5)
    // The squares of the distances sum to 32.
    #expect(spread.deviation == (32.0 / 7).squareRoot())
    #expect(ComparisonReport.Spread([3])?.mean == 3 && ComparisonReport.Spread([3])?.deviation == nil)
    #expect(ComparisonReport.Spread([Double]()) == nil)
  }
}
