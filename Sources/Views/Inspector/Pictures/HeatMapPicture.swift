import Markup
import Platform

/// The heat map of a quantity: a row for each unit, a column for each step, under what was read.
///
/// A picture of a hundred thousand cells stays a small file, since each strength of a colour is one path (``HeatScale``).
struct HeatMapPicture {
  let model: InspectionReport.Model
  /// The layer that has the quantity; nil of one of the whole network.
  let layer: InspectionReport.Layer?
  let quantity: InspectionReport.Quantity
  /// The room for the names of rows, left of the first step.
  private let left: Double

  init(model: InspectionReport.Model, layer: InspectionReport.Layer?, quantity: InspectionReport.Quantity) {
    (self.model, self.layer, self.quantity) = (model, layer, quantity)
    let names = quantity.rows?.map { MeasuredText(words: Self.short($0)).width(size: 11) } ?? []
    left = max(40, 10 + (names.max() ?? 0))
  }

  /// The most characters of the name of a row or a step.
  private static let longestName = 14
  /// As wide as a picture likes to be without the names of its rows.
  private static let width = 440.0

  private var steps: Int { quantity.values.numbers.count / max(1, quantity.width) }
  private var column: Double { max(9, min(24, (Self.width / Double(max(1, steps))).rounded(.down))) }
  private var row: Double { max(1, min(14, (256 / Double(max(1, quantity.width))).rounded(.down))) }
  /// Units from the top row down: similar ones side by side where units are many.
  private var rows: [Int] {
    if let clusters = layer?.clusters, clusters.count == quantity.width { return clusters }
    return Array(0..<quantity.width)
  }
  private var scale: HeatScale { HeatScale(quantity) }

  var svg: String {
    var drawing = Drawing()
    let label = quantity.label.map { ": \($0)" } ?? ""
    let title = (layer.map { "\($0.name), " } ?? "") + quantity.name + label
    drawing.text(title, at: Point(0, 12), "font-weight=\"bold\"")
    drawing.text(scale.legend, at: Point(0, 26))
    let (top, ends) = nameSteps(in: &drawing, below: 30)
    for place in stride(from: 0, to: quantity.width, by: max(1, Int((14 / row).rounded(.up)))) {
      drawing.text(
        quantity.rows.map { Self.short($0[place]) } ?? String(rows[place]),
        at: Point(left - 5, top + (Double(place) + 0.5) * row + 4),
        "class=\"muted\" text-anchor=\"end\"")
    }
    for (level, path) in cells(below: top).sorted(by: { $0.key < $1.key }) { scale.draw(path, level, height: row, in: &drawing) }
    let map = left + Double(steps) * column
    return drawing.svg(
      width: max(map, ends, MeasuredText(words: title).width(size: 12)), height: top + Double(quantity.width) * row, title: title,
      description: """
        A heat map with a row for each of \(quantity.width) \(quantity.rows == nil ? "units" : "steps of the source") and a column for each of \(steps) steps, of values from \
        \(Double(quantity.low).brief) to \(Double(quantity.high).brief).
        """)
  }

  /// Writes the tokens, and names or numbers some steps; returns where the map begins, and where the last name ends.
  private func nameSteps(in drawing: inout Drawing, below top: Double) -> (top: Double, ends: Double) {
    let names: [String]? = if case .features(_, let names) = model.input { names } else { nil }
    let shown = (0..<steps).map { names?[$0] ?? String($0) }
    let width = shown.map { MeasuredText(words: $0).width(size: 11) }.max() ?? 0
    // As close as the widest lets them be.
    let every =
      [1, 2, 5].lazy.filter { Double($0) * column >= width + 8 }.first ?? Int(((width + 8) / column / 10).rounded(.up)) * 10
    for step in stride(from: 0, to: steps, by: every) {
      drawing.text(
        shown[step], at: Point(middle(of: step) - (names == nil ? 0 : column / 2), top + 10),
        "class=\"muted\"\(names == nil ? " text-anchor=\"middle\"" : "")")
    }
    let ends = left + Double((steps - 1) / every * every) * column + width
    guard case .tokens(let read) = model.input else { return (top + 16, ends) }
    // What the whole network is asked for at a step is what should come next.
    let tokens = layer == nil ? read.dropFirst() + [model.following ?? ""] : read
    let longest = tokens.map(\.count).max() ?? 1
    let height = longest == 1 ? 16 : Double(min(longest, Self.longestName)) * 6.5 + 6
    for (step, token) in tokens.prefix(steps).enumerated() {
      let shown = visible(token)
      if longest == 1 {
        drawing.text(shown, at: Point(middle(of: step), top + 26), "text-anchor=\"middle\" font-family=\"monospace\"")
      } else {
        let place = Point(middle(of: step) + 4, top + 12 + height)
        drawing.text(
          Self.short(shown), at: place,
          "font-family=\"monospace\" transform=\"rotate(-90 \(place))\"")
      }
    }
    return (top + 16 + height, ends)
  }

  private static func short(_ name: String) -> String {
    let name = visible(name)
    return name.count > longestName ? "\(name.prefix(longestName - 1))…" : name
  }

  private func middle(of step: Int) -> Double { left + (Double(step) + 0.5) * column }

  /// For each strength the path of its cells: a line along the middle of each run of equal cells.
  private func cells(below top: Double) -> [Int: String] {
    let levels = scale.levels
    var paths: [Int: String] = [:]
    for (place, unit) in rows.enumerated() {
      let y = (top + (Double(place) + 0.5) * row).brief
      var start = 0
      for step in 1...max(1, steps) {
        let level = levels[Int(quantity.values.numbers[start * quantity.width + unit])]
        if step < steps, levels[Int(quantity.values.numbers[step * quantity.width + unit])] == level { continue }
        if level != 0 {
          let x = (left + Double(start) * column).brief
          paths[level, default: ""] += "M\(x) \(y)h\((Double(step - start) * column).brief)"
        }
        start = step
      }
    }
    return paths
  }
}

extension InspectionReport.Quantity {
  /// The value that a stored number stands for; nil if it was not finite.
  func value(of stored: UInt16) -> Float? {
    stored == 65535 ? nil : Float(Double(low) + Double(stored) * (Double(high) - Double(low)) / 65534)
  }
}

/// A token such that white space can be seen; XML knows no other control characters, and they become a replacement.
func visible(_ token: String) -> String {
  String(
    String.UnicodeScalarView(
      token.unicodeScalars.map { scalar in
        switch scalar {
        case "\n": "↵"
        case "\t": "⇥"
        case "\r": "␍"
        case " ": "␣"
        default: scalar.value < 0x20 ? "\u{FFFD}" : scalar
        }
      }))
}
