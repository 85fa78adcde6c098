import Markup

/// Rows of dots along a common axis, with the mean of each row and how far its dots lie about it.
package struct DotChart: Sendable {
  package struct Row: Sendable {
    package let name: String
    package let values: [Double]
    package let mean: Double
    /// The half length of the bar about the mean; nil for none.
    package let deviation: Double?
    /// The text at the end of the row.
    package let text: String
    /// Which of the theme's colours it has, from 0.
    package let colour: Int

    package init(_ name: String, values: [Double], mean: Double, deviation: Double?, text: String, colour: Int) {
      self.name = name
      self.values = values
      self.mean = mean
      self.deviation = deviation
      self.text = text
      self.colour = colour
    }
  }

  package let title: String
  package let xTitle: String
  package let rows: [Row]

  package init(title: String, xTitle: String, rows: [Row]) {
    self.title = title
    self.xTitle = xTitle
    self.rows = rows
  }

  /// The chart as an SVG document of its own, which adapts to light and dark surroundings.
  package func svg(width: Double = 760) -> String {
    let rules = Theme.rules(for: ".chart")
    return element(
      width: width, hasTitle: true,
      style: "<style>\n\(rules)\n\(LineChart.style)\n</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\" rx=\"8\"/>")
      + "\n"
  }

  /// The chart as an element of a page that has the theme's properties and ``LineChart/style``.
  package func element(width: Double, hasTitle: Bool = false, style: String = "") -> String {
    let names = rows.reduce(0) { max($0, MeasuredText(words: $1.name).width(size: 13)) }
    let texts = rows.reduce(0) { max($0, MeasuredText(words: $1.text).width(size: 12)) }
    // Where names and texts leave little room, they stand above the dots of their row.
    let isNarrow = width - names - texts - 48 < width / 3
    let spacing = isNarrow ? 46.0 : 26.0
    let top = hasTitle ? 40.0 : 6.0
    let bottom = top + Double(rows.count) * spacing
    let height = bottom + 42
    let (left, right) = isNarrow ? (24, width - 24) : (names + 24, width - texts - 24)
    let axis = Axis(
      fitting: rows.flatMap { row in row.values + [row.mean - (row.deviation ?? 0), row.mean + (row.deviation ?? 0)] },
      marks: max(2, Int((right - left) / 90)))
    func x(_ value: Double) -> Double? { axis.place(of: value).map { left + $0 * (right - left) } }

    var parts = [style, hasTitle ? "<text class=\"title\" x=\"14\" y=\"22\">\(escaped(title))</text>" : ""]
    for mark in axis.marks {
      guard let place = x(mark.value)?.coordinate else { continue }
      parts.append(
        "<line class=\"grid\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(top.coordinate)\" y2=\"\(bottom.coordinate)\"/>"
          + "<text class=\"across\" x=\"\(place)\" y=\"\((bottom + 16).coordinate)\">\(escaped(mark.text))</text>")
    }
    parts.append(
      "<text class=\"across\" x=\"\(((left + right) / 2).coordinate)\" y=\"\((bottom + 34).coordinate)\">\(escaped(xTitle))</text>"
    )
    for (index, row) in rows.enumerated() {
      let y = top + Double(index) * spacing
      if isNarrow {
        let name = MeasuredText.fitting(row.name, in: width - texts - 24, size: 13)
        parts.append(element(row, named: name, at: y + 10, from: 4, to: width - 4, dots: y + 29, x))
      } else {
        parts.append(element(row, named: row.name, at: y + 13, from: left - 10, to: right + 10, dots: y + 13, x))
      }
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="\(width.coordinate)" height="\(height.coordinate)" \
      viewBox="0 0 \(width.coordinate) \(height.coordinate)">
      <title>\(escaped(title))</title>
      \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
      </svg>
      """
  }

  /// - Parameters:
  ///   - from: where the name begins, or ends if it stands beside the dots.
  ///   - to: where the text ends, or begins if it stands beside the dots.
  private func element(
    _ row: Row, named name: String, at line: Double, from: Double, to: Double, dots y: Double, _ x: (Double) -> Double?
  ) -> String {
    var marks = ""
    if let deviation = row.deviation, let low = x(row.mean - deviation), let high = x(row.mean + deviation) {
      marks +=
        "<rect class=\"band\" x=\"\(low.coordinate)\" y=\"\((y - 7).coordinate)\" width=\"\((high - low).coordinate)\" height=\"14\" rx=\"3\"/>"
    }
    if let mean = x(row.mean)?.coordinate {
      marks += "<path class=\"curve\" d=\"M\(mean) \((y - 8).coordinate)V\((y + 8).coordinate)\"/>"
    }
    for value in row.values.compactMap(x) {
      marks += "<circle class=\"point\" cx=\"\(value.coordinate)\" cy=\"\(y.coordinate)\" r=\"3.2\"/>"
    }
    let isBeside = line == y
    return "<g class=\"hue-\(row.colour % Theme.seriesCount + 1)\"><title>\(escaped("\(row.name): \(row.text)"))</title>"
      + "<text class=\"name\(isBeside ? " right" : "")\" x=\"\(from.coordinate)\" y=\"\(line.coordinate)\" dy=\"0.35em\">\(escaped(name))</text>\(marks)"
      + "<text\(isBeside ? "" : " class=\"right\"") x=\"\(to.coordinate)\" y=\"\(line.coordinate)\" dy=\"0.35em\">\(escaped(row.text))</text></g>"
  }
}
