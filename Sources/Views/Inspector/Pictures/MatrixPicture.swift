import Markup
import Support

/// A quantity that is a matrix: a heat map for each of some steps, the first and the last among them, those of several heads one below
/// the other.
struct MatrixPicture {
  let model: InspectionReport.Model
  let layer: InspectionReport.Layer
  let quantity: InspectionReport.Quantity
  private let columns: Int
  private let heads: Int

  private static let (left, gap) = (40.0, 10.0)
  /// The most steps that are shown, and how wide the matrix of one is at most, in pixels.
  private static let (most, side) = (8, 96.0)

  /// Nil of what is no matrix.
  init?(model: InspectionReport.Model, layer: InspectionReport.Layer, quantity: InspectionReport.Quantity) {
    guard let columns = quantity.columns, let heads = quantity.heads else { return nil }
    (self.model, self.layer, self.quantity, self.columns, self.heads) = (model, layer, quantity, columns, heads)
  }

  private var rows: Int { quantity.width / columns / heads }
  /// The side of an element.
  private var cell: Double { min(8, Self.side / Double(max(rows, columns))) }
  private var steps: [Int] { spreadOut(Self.most, over: quantity.values.numbers.count / quantity.width) }
  private var width: Double { max(Self.side / 2, Double(columns) * cell) }

  var svg: String {
    var drawing = Drawing()
    let label = quantity.label.map { ": \($0)" } ?? ""
    let title = "\(layer.name), \(quantity.name)\(label)"
    let scale = HeatScale(quantity)
    drawing.text(title, at: Point(0, 12), "font-weight=\"bold\"")
    drawing.text(scale.legend, at: Point(0, 26))
    let top = 52.0
    let height = Double(rows) * cell + Self.gap
    for (place, step) in steps.enumerated() { drawing.text(name(of: step), at: Point(x(place), top - 6), "class=\"muted\"") }
    if heads > 1 {
      for head in 0..<heads {
        let middle = Point(Self.left - 5, top + Double(head) * height + Double(rows) * cell / 2 + 4)
        drawing.text("head \(head)", at: middle, "class=\"muted\" text-anchor=\"end\"")
      }
    }
    var paths: [Int: String] = [:]
    let levels = scale.levels
    for (place, step) in steps.enumerated() {
      for head in 0..<heads {
        let corner = Point(x(place), top + Double(head) * height)
        addCells(step: step, head: head, at: corner, levels, to: &paths)
        drawing.path(frame(at: corner), "class=\"muted\" fill-opacity=\"0.1\"")
      }
    }
    for (level, path) in paths.sorted(by: { $0.key < $1.key }) { scale.draw(path, level, height: cell, in: &drawing) }
    return drawing.svg(
      width: max(x(steps.count), MeasuredText(words: title).width(size: 12)), height: top + Double(heads) * height, title: title,
      description: """
        Heat maps of \(rows) rows and \(columns) columns\(heads > 1 ? " for each of \(heads) heads" : "") at \(steps.count) of \
        \(quantity.values.numbers.count / quantity.width) steps, of values from \(Double(quantity.low).brief) to \
        \(Double(quantity.high).brief).
        """)
  }

  /// Where the matrices of a step begin; steps are counted as they are shown.
  private func x(_ place: Int) -> Double { Self.left + Double(place) * (width + Self.gap) }

  /// What a step is called, no longer than its matrix is wide.
  private func name(of step: Int) -> String {
    let read: String? =
      switch model.input {
      case .tokens(let tokens): visible(tokens[step])
      case .features(_, let names): names?[step]
      }
    let name = ["\(step)", read].compactMap(\.self).joined(separator: " ")
    let room = Int(width / 6.5)
    return name.count > room ? "\(name.prefix(room - 1))…" : name
  }

  private func frame(at corner: Point) -> String {
    "M\(corner)h\((Double(columns) * cell).brief)v\((Double(rows) * cell).brief)h\((-Double(columns) * cell).brief)z"
  }

  /// Adds a line along the middle of each run of equal cells to the path of its strength.
  private func addCells(step: Int, head: Int, at corner: Point, _ levels: [Int], to paths: inout [Int: String]) {
    for row in 0..<rows {
      let first = step * quantity.width + (head * rows + row) * columns
      let own = (0..<columns).map { levels[Int(quantity.values.numbers[first + $0])] }
      var start = 0
      for column in 1...columns where column == columns || own[column] != own[start] {
        if own[start] != 0 {
          let place = Point(corner.x + Double(start) * cell, corner.y + (Double(row) + 0.5) * cell)
          paths[own[start], default: ""] += "M\(place)h\((Double(column - start) * cell).brief)"
        }
        start = column
      }
    }
  }
}

/// As many numbers from 0 to below `count`, evenly spread, the first and the last among them; all if there are no more.
package func spreadOut(_ most: Int, over count: Int) -> [Int] {
  if count <= most { return Array(0..<count) }
  if most < 2 { return [count - 1] }
  return (0..<most).map { $0 * (count - 1) / (most - 1) }
}
