import ChartPictures
import Markup
import Platform

/// The heat map of a quantity: a row for each unit, a column for each step, under what was read.
///
/// Zero is clear; what has a sign goes to orange above zero and to blue below, what has none to ink. Values are drawn in
/// `levels` strengths, each of which is one path: a picture of a hundred thousand cells stays a small file.
struct HeatMapPicture {
  let model: InspectionReport.Model
  let layer: InspectionReport.Layer
  let quantity: InspectionReport.Quantity

  private static let levels = 16
  private static let left = 40.0
  private static let column = 9.0

  private var steps: Int { quantity.values.numbers.count / max(1, quantity.width) }
  private var row: Double { max(1, min(14, (256 / Double(max(1, quantity.width))).rounded(.down))) }
  /// Units from the top row down: similar ones side by side where units are many.
  private var rows: [Int] {
    if let clusters = layer.clusters, clusters.count == quantity.width { return clusters }
    return Array(0..<quantity.width)
  }
  private var isSigned: Bool { quantity.low < 0 }
  private var size: Double { Double(max(abs(quantity.low), abs(quantity.high))) }
  /// States may grow without bound: the colour follows tanh.
  private var isSquashed: Bool { isSigned && size > 1.2 }

  var svg: String {
    var drawing = Drawing()
    let label = quantity.label.map { ": \($0)" } ?? ""
    let title = "\(layer.name), \(quantity.name)\(label)"
    drawing.text(title, at: Point(0, 12), "font-weight=\"bold\"")
    drawing.text(isSquashed ? "colours follow tanh; full at ±2 and beyond" : "full colour at \(size.brief)", at: Point(0, 26))
    let top = nameSteps(in: &drawing, below: 30)
    for place in stride(from: 0, to: quantity.width, by: max(1, Int((14 / row).rounded(.up)))) {
      drawing.text(
        String(rows[place]), at: Point(Self.left - 5, top + (Double(place) + 0.5) * row + 4), "text-anchor=\"end\" fill=\"#666\"")
    }
    for (level, path) in cells(below: top).sorted(by: { $0.key < $1.key }) {
      let strength = Double(abs(level)) / Double(Self.levels)
      let colours = Theme.lightValues
      let colour =
        level == missing ? colours.missing : !isSigned ? colours.unsigned : level > 0 ? colours.above : colours.below
      drawing.path(
        path,
        "stroke=\"\(colour)\" stroke-opacity=\"\(level == missing ? "1" : strength.brief)\" stroke-width=\"\(row.brief)\" shape-rendering=\"crispEdges\""
      )
    }
    let width = Self.left + Double(steps) * Self.column
    return drawing.svg(width: max(width, 480), height: top + Double(quantity.width) * row + 4, title: title)
  }

  /// Writes the tokens, or numbers each tenth step; returns where the map begins.
  private func nameSteps(in drawing: inout Drawing, below top: Double) -> Double {
    let names: [String]? = if case .features(_, let names) = model.input { names } else { nil }
    for step in stride(from: 0, to: steps, by: 10) {
      drawing.text(names?[step] ?? String(step), at: Point(middle(of: step), top + 10), "text-anchor=\"middle\" fill=\"#666\"")
    }
    guard case .tokens(let tokens) = model.input else { return top + 16 }
    let longest = tokens.map(\.count).max() ?? 1
    let height = longest == 1 ? 16 : Double(min(longest, 14)) * 6.5 + 6
    for (step, token) in tokens.prefix(steps).enumerated() {
      let shown = visible(token)
      if longest == 1 {
        drawing.text(shown, at: Point(middle(of: step), top + 26), "text-anchor=\"middle\" font-family=\"monospace\"")
      } else {
        let place = Point(middle(of: step) + 4, top + 12 + height)
        drawing.text(
          shown.count > 14 ? "\(shown.prefix(13))…" : shown, at: place,
          "font-family=\"monospace\" transform=\"rotate(-90 \(place))\"")
      }
    }
    return top + 16 + height
  }

  private func middle(of step: Int) -> Double { Self.left + (Double(step) + 0.5) * Self.column }

  private var missing: Int { Self.levels + 1 }

  /// The strength of a stored value: 1 to `levels`, below zero for negative ones, 0 for what is not drawn.
  private func level(of stored: UInt16) -> Int {
    guard let value = quantity.value(of: stored) else { return missing }
    let place = isSquashed ? tanh(Double(value)) : size > 0 ? Double(value) / size : 0
    return Int((place * Double(Self.levels)).rounded())
  }

  /// For each strength the path of its cells: a line along the middle of each run of equal cells.
  private func cells(below top: Double) -> [Int: String] {
    let levels = (0...65535).map { level(of: UInt16($0)) }
    var paths: [Int: String] = [:]
    for (place, unit) in rows.enumerated() {
      let y = (top + (Double(place) + 0.5) * row).brief
      var start = 0
      for step in 1...max(1, steps) {
        let level = levels[Int(quantity.values.numbers[start * quantity.width + unit])]
        if step < steps, levels[Int(quantity.values.numbers[step * quantity.width + unit])] == level { continue }
        if level != 0 {
          let x = (Self.left + Double(start) * Self.column).brief
          paths[level, default: ""] += "M\(x) \(y)h\((Double(step - start) * Self.column).brief)"
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
private func visible(_ token: String) -> String {
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
