import Markup

/// Curves over a common axis.
package struct LineChart: Sendable {
  package struct Series: Sendable {
    package let name: String
    package let points: [Point]
    /// Which of the theme's colours it has, from 0.
    package let colour: Int
    package let isDashed: Bool
    /// Whether each point has a dot, as few points want.
    package let hasDots: Bool

    package init(_ name: String, _ points: [Point], colour: Int, isDashed: Bool = false, hasDots: Bool = false) {
      self.name = name
      self.points = points
      self.colour = colour
      self.isDashed = isDashed
      self.hasDots = hasDots
    }
  }

  /// A surface between two curves, drawn below all of them.
  package struct Band: Sendable {
    package let name: String
    package let lower: [Point]
    /// Above the points of `lower`, one by one.
    package let upper: [Point]
    package let colour: Int

    package init(_ name: String, lower: [Point], upper: [Point], colour: Int) {
      self.name = name
      self.lower = lower
      self.upper = upper
      self.colour = colour
    }
  }

  package struct Point: Sendable, Hashable {
    package let x: Double
    package let y: Double

    package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
  }

  package let title: String
  package let xTitle: String
  package let yTitle: String
  package let isLogarithmic: Bool
  /// Values for which the upward axis has a place in any case.
  package let including: [Double]
  package let bands: [Band]
  package let series: [Series]

  package init(
    title: String, xTitle: String, yTitle: String, isLogarithmic: Bool = false, including: [Double] = [], bands: [Band] = [],
    series: [Series]
  ) {
    self.title = title
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.isLogarithmic = isLogarithmic
    self.including = including
    self.bands = bands
    self.series = series
  }

  /// The chart as an SVG document of its own, which adapts to light and dark surroundings.
  package func svg(width: Double = 760, height: Double = 420) -> String {
    let rules = Theme.rules(for: ".chart")
    return element(
      width: width, height: height, hasTitle: true,
      style: "<style>\n\(rules)\n\(Self.style)\n</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\" rx=\"8\"/>") + "\n"
  }

  /// The rules for charts in a page, which has the theme's properties already.
  package static let style = """
    .chart{font-family:\(Theme.font)}
    .chart .paper{fill:var(--paper)}
    .chart text{fill:var(--muted);font-size:11px}
    .chart .title{fill:var(--ink);font-size:14px;font-weight:600}
    .chart .grid{stroke:var(--rule);stroke-width:1}
    .chart .curve{fill:none;stroke:var(--tint);stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
    .chart .band{fill:var(--tint);fill-opacity:.18}
    .chart .dashed{stroke-dasharray:5 4}
    .chart .point{fill:var(--tint)}
    .chart .name{fill:var(--tint);font-weight:600}
    .chart .across{text-anchor:middle}
    .chart .right{text-anchor:end}
    \((1...Theme.seriesCount).map { ".chart .hue-\($0){--tint:var(--series-\($0))}" }.joined(separator: "\n"))
    """

  /// The chart as an element of a page.
  package func element(width: Double, height: Double, hasTitle: Bool = false, style: String = "") -> String {
    let frame = frame(width: width, height: height, hasTitle: hasTitle)
    let heading = hasTitle ? "<text class=\"title\" x=\"14\" y=\"22\">\(escaped(title))</text>" : ""
    let curves = bands.map { surface($0, frame) } + series.map { curve($0, frame) }
    let parts = [style, heading] + grid(frame) + curves + names(frame)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="\(width.coordinate)" height="\(height.coordinate)" \
      viewBox="0 0 \(width.coordinate) \(height.coordinate)">
      <title>\(escaped(title))</title>
      \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
      </svg>
      """
  }
}

extension LineChart {
  /// Where the curves are drawn, and the axes.
  private struct Frame {
    let left: Double
    let top: Double
    let right: Double
    let bottom: Double
    /// The room for the names of curves, right of them.
    let names: Double
    let x: Axis
    let y: Axis

    func point(_ point: Point) -> (x: Double, y: Double)? {
      guard let x = x.place(of: point.x), let y = y.place(of: point.y) else { return nil }
      return (left + x * (right - left), bottom - y * (bottom - top))
    }
  }

  private func frame(width: Double, height: Double, hasTitle: Bool) -> Frame {
    let points = series.flatMap(\.points) + bands.flatMap { $0.lower + $0.upper }
    let y = Axis(fitting: Array(points.map(\.y)) + including, marks: max(3, Int(height / 60)), isLogarithmic: isLogarithmic)
    let x = Axis(fitting: points.map(\.x), marks: max(3, Int(width / 110)), isTight: true)
    let marks = y.marks.reduce(0) { max($0, MeasuredText(words: $1.text).width(size: 11)) }
    // Names are bold, which is a little wider.
    let widest = series.reduce(0) { max($0, MeasuredText(words: $1.name).width(size: 13)) }
    let names = series.count < 2 ? 18 : min(widest, width * 0.4) + 14
    return Frame(
      left: marks + 18, top: (hasTitle ? 32 : 4) + 22, right: width - names, bottom: height - 42, names: names - 14, x: x, y: y)
  }

  private func grid(_ frame: Frame) -> [String] {
    let across = frame.y.marks.compactMap { mark in
      frame.y.place(of: mark.value).map { place in
        let y = (frame.bottom - place * (frame.bottom - frame.top)).coordinate
        return "<line class=\"grid\" x1=\"\(frame.left.coordinate)\" x2=\"\(frame.right.coordinate)\" y1=\"\(y)\" y2=\"\(y)\"/>"
          + "<text class=\"right\" x=\"\((frame.left - 6).coordinate)\" y=\"\(y)\" dy=\"0.35em\">\(escaped(mark.text))</text>"
      }
    }
    let along = frame.x.marks.compactMap { mark in
      frame.x.place(of: mark.value).map { place in
        let x = (frame.left + place * (frame.right - frame.left)).coordinate
        return "<text class=\"across\" x=\"\(x)\" y=\"\((frame.bottom + 16).coordinate)\">\(escaped(mark.text))</text>"
      }
    }
    let middle = ((frame.left + frame.right) / 2).coordinate
    return across + along + [
      "<text class=\"across\" x=\"\(middle)\" y=\"\((frame.bottom + 34).coordinate)\">\(escaped(xTitle))</text>",
      "<text x=\"14\" y=\"\((frame.top - 10).coordinate)\">\(escaped(yTitle))</text>",
    ]
  }

  private func curve(_ series: Series, _ frame: Frame) -> String {
    // What has no place on the axes leaves a gap.
    var path = ""
    var isDown = false
    var dots = ""
    let places = series.points.map(frame.point)
    for (index, place) in places.enumerated() {
      guard let place else {
        isDown = false
        continue
      }
      path += "\(isDown ? "L" : "M")\(place.x.coordinate) \(place.y.coordinate)"
      // A point with none beside it would not be seen.
      let isAlone = !isDown && (index + 1 == places.count || places[index + 1] == nil)
      isDown = true
      if series.hasDots || isAlone {
        dots += "<circle class=\"point\" cx=\"\(place.x.coordinate)\" cy=\"\(place.y.coordinate)\" r=\"2.6\"/>"
      }
    }
    let hue = "hue-\(series.colour % Theme.seriesCount + 1)"
    return "<g class=\"\(hue)\"><title>\(escaped(series.name))</title>"
      + "<path class=\"curve\(series.isDashed ? " dashed" : "")\" d=\"\(path)\"/>\(dots)</g>"
  }

  private func surface(_ band: Band, _ frame: Frame) -> String {
    let around = (band.lower + band.upper.reversed()).compactMap { frame.point($0) }
    let path = around.enumerated().map { "\($0.offset == 0 ? "M" : "L")\($0.element.x.coordinate) \($0.element.y.coordinate)" }
    return "<g class=\"hue-\(band.colour % Theme.seriesCount + 1)\"><title>\(escaped(band.name))</title>"
      + "<path class=\"band\" d=\"\(path.joined())Z\"/></g>"
  }

  /// Each name where its curve ends, as near as names fit below one another. A single curve is named by the axis.
  private func names(_ frame: Frame) -> [String] {
    guard series.count > 1 else { return [] }
    let ends = series.map { series in series.points.lazy.reversed().compactMap { frame.point($0) }.first?.y ?? frame.bottom }
    let order = series.indices.sorted { (ends[$0], $0) < (ends[$1], $1) }
    let height = min(14, (frame.bottom - frame.top + 14) / Double(max(series.count, 1)))
    var places: [Double] = []
    for index in order { places.append(max(ends[index], (places.last ?? -.infinity) + height)) }
    // What was pushed beyond the end goes back up.
    var limit = frame.bottom - 2
    for place in places.indices.reversed() {
      places[place] = min(places[place], limit)
      limit = places[place] - height
    }
    return zip(order, places).map { index, y in
      "<text class=\"name hue-\(series[index].colour % Theme.seriesCount + 1)\" x=\"\((frame.right + 6).coordinate)\" "
        + "y=\"\(y.coordinate)\" dy=\"0.35em\">\(escaped(MeasuredText.fitting(series[index].name, in: frame.names, size: 13)))</text>"
    }
  }
}
