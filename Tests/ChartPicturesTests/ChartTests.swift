import ChartPictures
import Testing

struct ChartTests {
  @Test(
    arguments: [
      ([0, 10], 5, ["0", "2", "4", "6", "8", "10"]), ([1.53, 2.91], 4, ["1.5", "2.0", "2.5", "3.0"]),
      ([-0.02, 0.01], 3, ["-0.02", "-0.01", "0.00", "0.01"]),
      ([5, 5], 2, ["0", "5"]), ([0, 0], 2, ["0.0", "0.5", "1.0"]), ([-2, -2], 2, ["-2", "-1", "0"]),
      ([0, 140_000], 3, ["0", "50,000", "100,000", "150,000"]), ([100, 2900], 3, ["0", "1000", "2000", "3000"]),
    ] as [([Double], Int, [String])])
  func marksStandAtRoundNumbers(values: [Double], count: Int, texts: [String]) {
    let axis = Axis(fitting: values, marks: count)
    #expect(axis.marks.map(\.text) == texts)
    for value in values { #expect(axis.place(of: value) != nil) }
    #expect(axis.place(of: axis.range.lowerBound) == 0 && axis.place(of: axis.range.upperBound) == 1)
    for mark in axis.marks { #expect(axis.place(of: mark.value) != nil) }
  }

  /// A tight axis ends where the values do, with the marks that lie between.
  @Test func aTightAxisHasNoRoomBeforeItsValues() {
    let axis = Axis(fitting: [-59, 12], marks: 4, isTight: true)
    #expect(axis.range == -59...12 && axis.marks.map(\.text) == ["-40", "-20", "0"])
    #expect(Axis(fitting: [5, 5], marks: 2, isTight: true).range == 0...5)
    let points = (0..<72).map { LineChart.Point(x: Double($0 - 59), y: 1 + Double($0 % 5)) }
    let chart = LineChart(title: "t", xTitle: "x", yTitle: "y", series: [.init("one", points, colour: 0)])
    let svg = chart.svg()
    // The curve begins on the upward axis.
    let grid = svg.split(separator: "x1=\"")[1].prefix { $0 != "\"" }
    let path = svg.split(separator: " d=\"M")[1].prefix { $0 != " " && $0 != "," }
    #expect(grid == path)
  }

  @Test func powersOfTenAreMarked() {
    let axis = Axis(fitting: [3e-8, 0, .nan, 0.4], marks: 4, isLogarithmic: true)
    #expect(axis.marks.map(\.text) == ["10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1"])
    #expect(axis.place(of: 0) == nil && axis.place(of: .infinity) == nil && axis.place(of: -1) == nil)
    // Halfway between the powers; the C library's logarithm is right to about the last place.
    #expect(abs((axis.place(of: 1e-4) ?? 0) - 0.5) < 1e-12)
  }

  @Test func whatIsVerySmallFallsBelowTheAxis() {
    let axis = Axis(fitting: [1e-40, 1], marks: 4, isLogarithmic: true)
    #expect(axis.range == 1e-12...1)
    #expect(axis.place(of: 1e-13) == nil)
  }

  @Test(arguments: [false, true])
  func nothingToShowIsShownToo(isLogarithmic: Bool) {
    let axis = Axis(fitting: [.nan], marks: 4, isLogarithmic: isLogarithmic)
    #expect(axis.marks.isEmpty)
    let chart = LineChart(
      title: "t", xTitle: "x", yTitle: "y", isLogarithmic: isLogarithmic, series: [.init("none", [], colour: 0)])
    #expect(chart.svg().contains("d=\"\""))
  }

  @Test func curvesHaveGapsWhereNumbersAreMissing() {
    let values = [1.0, 2, .nan, 3, 4]
    let points = values.enumerated().map { LineChart.Point(x: Double($0.offset), y: $0.element) }
    let chart = LineChart(title: "a < b", xTitle: "x", yTitle: "y", series: [.init("one", points, colour: 3, hasDots: true)])
    let svg = chart.svg()
    #expect(svg.contains("<title>a &lt; b</title>"))
    #expect(svg.contains("class=\"hue-4\""))
    #expect(svg.ranges(of: "<circle").count == 4)
    let path = svg.split(separator: " d=\"")[1].prefix { $0 != "\"" }
    #expect(path.filter { $0 == "M" }.count == 2 && path.filter { $0 == "L" }.count == 2)
  }

  /// Names that would cover each other stand below one another, within the picture.
  @Test func namesStandApart() {
    let series = (0..<6).map {
      LineChart.Series("curve \($0)", [.init(x: 0, y: 0), .init(x: 1, y: 0.001 * Double($0))], colour: $0)
    }
    let svg = LineChart(title: "t", xTitle: "x", yTitle: "y", series: series + [.init("far", [.init(x: 1, y: 9)], colour: 6)])
      .svg()
    let heights = svg.split(separator: "<text class=\"name").dropFirst().compactMap { part -> Double? in
      part.split(separator: " y=\"").dropFirst().first.flatMap { Double($0.prefix { $0 != "\"" }) }
    }
    #expect(heights.count == 7)
    for (a, b) in zip(heights, heights.dropFirst()) { #expect(b - a >= 14) }
    #expect((heights.last ?? 0) < 420)
  }
}
