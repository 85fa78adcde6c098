import ChartPictures
import Testing

struct DotChartTests {
  private static let chart = DotChart(
    title: "a < b", xTitle: "nats",
    rows: [
      .init("first & best", values: [1, 3], mean: 2, deviation: 1.5, text: "2.0 ± 1.5", colour: 0),
      .init("alone", values: [4], mean: 4, deviation: nil, text: "4.0", colour: 9),
    ])

  @Test func eachValueIsADotOnTheAxis() throws {
    let svg = Self.chart.svg(width: 600)
    let places = svg.matches(of: /<circle class="point" cx="([\d.]+)"/).compactMap { Double($0.1) }
    try #require(places.count == 3)
    // 1, 3 and 4 lie along a straight line.
    #expect(abs((places[1] - places[0]) / 2 - (places[2] - places[1])) < 0.02)
    // The mean is half way between the two values.
    let means = svg.matches(of: /<path class="curve" d="M([\d.]+)[ ]/).compactMap { Double($0.1) }
    #expect(means.count == 2 && abs(means[0] - (places[0] + places[1]) / 2) < 0.02)
    // Only a row with a deviation has a bar, 3 wide for a distance of 2 between the dots.
    let bars = svg.matches(of: /<rect class="band" [^>]*width="([\d.]+)"/).compactMap { Double($0.1) }
    #expect(bars.count == 1 && abs(bars[0] / 3 - (places[1] - places[0]) / 2) < 0.02)
  }

  @Test func textIsEscapedAndColoursComeAgain() {
    let svg = Self.chart.svg()
    #expect(svg.contains("<title>a &lt; b</title>") && svg.contains("first &amp; best") && !svg.contains("a < b"))
    #expect(svg.contains("hue-1\"") && svg.contains("hue-2\""))
  }

  /// Names and texts have a place beside the dots, however long they are.
  @Test(arguments: [360.0, 760])
  func dotsLieBetweenNamesAndTexts(width: Double) throws {
    let svg = Self.chart.element(width: width)
    let places = svg.matches(of: /cx="([\d.]+)"/).compactMap { Double($0.1) }
    let names = svg.matches(of: /<text class="name right" x="([\d.]+)"/).compactMap { Double($0.1) }
    let texts = svg.matches(of: /<text x="([\d.]+)"/).compactMap { Double($0.1) }
    let (first, last) = (try #require(places.min()), try #require(places.max()))
    #expect(names.count == 2 && names.allSatisfy { $0 < first })
    #expect(texts.count == 2 && texts.allSatisfy { $0 > last && $0 < width })
  }

  /// Where they would leave no room for the dots, names and texts stand above these, and long names are cut.
  @Test func longNamesStandAboveTheDotsOfANarrowChart() throws {
    let names = ["lstm-layer-norm", "a-cell-of-ones-own-with-a-very-long-name.cell"]
    let rows = names.map {
      DotChart.Row($0, values: [0.25, 0.5], mean: 0.375, deviation: 0.1, text: "0.375 ± 0.100 nats", colour: 0)
    }
    let svg = DotChart(title: "long", xTitle: "nats", rows: rows).element(width: 340)
    let places = svg.matches(of: /cx="([\d.]+)" cy="([\d.]+)"/).compactMap { Double($0.1) }
    #expect(places.count == 4 && places.allSatisfy { (20...320).contains($0) })
    #expect(try #require(places.max()) - #require(places.min()) > 200)
    let texts = svg.matches(of: /<text class="right" x="([\d.]+)"/).compactMap { Double($0.1) }
    #expect(texts == [336, 336])
    #expect(svg.contains(">lstm-layer-norm</text>") && svg.contains("…</text>"))
  }

  @Test func nothingIsDrawnOfNothing() {
    let svg = DotChart(title: "none", xTitle: "nats", rows: []).svg()
    #expect(!svg.contains("<circle") && !svg.contains("nan"))
  }
}
