import CellAnalysis
public import CellLanguage
import Markup

/// The data flow of a cell as a picture: inputs and states on the left, what leaves the step on the right, states that flow
/// straight through along the top; layers as boxes, operations on each element as circles.
public struct CellDiagram: Sendable {
  package let layout: DiagramLayout

  /// Lays out the data flow of a cell.
  public init(_ cell: Cell) { layout = DiagramLayout(DataFlow(cell)) }

  private static let margin = 16.0
  private static let titleHeight = 30.0

  /// The picture as an SVG document, which adapts to light and dark surroundings.
  public var svg: String {
    let cell = layout.flow.cell
    let width = layout.width + 2 * Self.margin
    let height = layout.height + 2 * Self.margin + Self.titleHeight
    let nodes = layout.nodes.indices.map(element).joined(separator: "\n")
    let lines = layout.lines.map(element).joined(separator: "\n")
    let branches = layout.branches.map { source, point in
      "<circle class=\"dot \(tint(of: source))\" cx=\"\(point.x.coordinate)\" cy=\"\(point.y.coordinate)\" r=\"2.6\"/>"
    }.joined(separator: "\n")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="cell-diagram" role="img" width="\(width.coordinate)" \
      height="\(height.coordinate)" viewBox="0 0 \(width.coordinate) \(height.coordinate)">
      <title>\(escaped(cell.name))</title>
      <desc>\(escaped(cell.summary.joined(separator: " ")))</desc>
      <style>
      \(Self.style)
      </style>
      <rect class="paper" width="100%" height="100%" rx="8"/>
      <text class="title" x="\(Self.margin.coordinate)" y="24">\(escaped(cell.name))</text>
      <g transform="translate(\(Self.margin.coordinate) \((Self.margin + Self.titleHeight).coordinate))">
      \(lines)
      \(branches)
      \(nodes)
      </g>
      </svg>

      """
  }

  private static let style = """
    \(Theme.rules(for: ".cell-diagram"))
    .cell-diagram{font-family:\(Theme.font)}
    .cell-diagram .paper{fill:var(--paper)}
    .cell-diagram text{fill:var(--ink);font-size:\(DiagramShape.lineSize.coordinate)px;text-anchor:middle}
    .cell-diagram .title{font-size:15px;font-weight:600;text-anchor:start}
    .cell-diagram .heading{font-size:\(DiagramShape.headingSize.coordinate)px;font-weight:600}
    .cell-diagram .caption{font-size:\(DiagramShape.captionSize.coordinate)px;fill:var(--muted)}
    .cell-diagram .left{text-anchor:start}
    .cell-diagram .right{text-anchor:end}
    .cell-diagram .line{fill:none;stroke:var(--tint);stroke-width:1.6}
    .cell-diagram .belt{stroke-width:3}
    .cell-diagram .head,.cell-diagram .dot{fill:var(--tint)}
    .cell-diagram .port{fill:var(--paper);stroke:var(--tint);stroke-width:1.8}
    .cell-diagram .circle{fill:var(--paper);stroke:var(--ink);stroke-width:1.4}
    .cell-diagram .gate{fill:var(--gate);stroke:var(--gate-rule);stroke-width:1.4}
    .cell-diagram .squash{fill:var(--squash);stroke:var(--squash-rule);stroke-width:1.4}
    .cell-diagram .linear{fill:var(--linear);stroke:var(--linear-rule);stroke-width:1.4}
    .cell-diagram .tint-0{--tint:var(--muted)}
    \((1...6).map { ".cell-diagram .tint-\($0){--tint:var(--series-\($0))}" }.joined(separator: "\n"))
    """

  /// The inputs have a colour of their own, and so has each state, before the step and after it.
  private func tint(of node: Int) -> String {
    switch layout.flow.nodes[node].kind {
    case .input, .memory: return "tint-3"
    case .state(let state), .next(let state): return Self.tint(ofState: state)
    case .layer, .operation:
      if let state = layout.carried[node] { return Self.tint(ofState: state) }
      guard let equation = layout.flow.nodes[node].equation.map({ layout.flow.cell.equations[$0] }), equation.isUpdate,
        let state = layout.flow.cell.states.firstIndex(where: { $0.name == equation.target })
      else { return "tint-0" }
      return Self.tint(ofState: state)
    }
  }

  /// Green stays the inputs'.
  private static func tint(ofState state: Int) -> String { "tint-\([1, 2, 4, 5, 6][state % 5])" }
}

// MARK: Nodes

extension CellDiagram {
  private func element(of node: Int) -> String {
    let placed = layout.nodes[node]
    let (shape, centre) = (placed.shape, placed.centre)
    let (x, y) = (centre.x - shape.halfWidth, centre.y - shape.halfHeight)
    let size = "width=\"\((2 * shape.halfWidth).coordinate)\" height=\"\((2 * shape.halfHeight).coordinate)\""
    func outline(_ style: String, radius: Double) -> String {
      "<rect class=\"\(style)\" x=\"\(x.coordinate)\" y=\"\(y.coordinate)\" \(size) rx=\"\(radius.coordinate)\"/>"
    }
    var parts = [tooltip(of: node)]
    switch shape.outline {
    case .port:
      parts.append(outline("port \(tint(of: node))", radius: shape.halfHeight))
      parts.append(text(shape.heading, "heading", centre.x, centre.y + 4.5))
      if let caption = shape.caption {
        parts.append(text(caption, "caption left", centre.x + shape.halfWidth + 6, centre.y + 4))
      }
    case .circle:
      parts.append(outline("circle", radius: shape.halfHeight))
      parts.append(text(shape.heading, "heading", centre.x, centre.y + 4.5))
      if let name = shape.name { parts.append(text(name, "left", centre.x + shape.halfWidth + 3, centre.y - 6)) }
    case .box:
      parts.append(outline(boxStyle(of: node), radius: 5))
      var baseline = y + 6 + 12
      let rows =
        (shape.heading.isEmpty ? [] : [(shape.heading, "heading")]) + shape.lines.map { ($0, "") }
        + (shape.caption.map { [($0, "caption")] } ?? [])
      for (row, style) in rows {
        parts.append(text(row, style, centre.x, baseline))
        baseline += DiagramShape.lineHeight
      }
    }
    return "<g>\(parts.joined())</g>"
  }

  private func boxStyle(of node: Int) -> String {
    guard case .layer(let function?, _) = layout.flow.nodes[node].kind else { return "linear" }
    return function == "σ" ? "gate" : "squash"
  }

  /// The whole equation, shown to those who point at a node.
  private func tooltip(of node: Int) -> String {
    guard let equation = layout.flow.nodes[node].equation.map({ layout.flow.cell.equations[$0] }) else { return "" }
    let label = equation.label.map { "\n\($0)" } ?? ""
    return "<title>\(escaped("\(equation.name) = \(equation.expression)\(label)"))</title>"
  }

  private func text(_ text: MeasuredText, _ style: String, _ x: Double, _ y: Double) -> String {
    var shift = 0.0
    let runs = text.runs.map { run in
      let height = run.place == .line ? 0 : run.place == .below ? 3.0 : -4
      let move = height == shift ? "" : " dy=\"\((height - shift).coordinate)\""
      shift = height
      let size = run.place == .line ? "" : " font-size=\"\(MeasuredText.smaller.coordinate)em\""
      return move.isEmpty && size.isEmpty ? escaped(run.text) : "<tspan\(move)\(size)>\(escaped(run.text))</tspan>"
    }
    return "<text class=\"\(style)\" x=\"\(x.coordinate)\" y=\"\(y.coordinate)\">\(runs.joined())</text>"
  }
}

// MARK: Lines

extension CellDiagram {
  private func element(of line: DiagramLayout.Line) -> String {
    let edge = layout.flow.edges[line.edge]
    let (end, before) = (line.points[line.points.count - 1], line.points[line.points.count - 2])
    let tint = tint(of: edge.source)
    // The head's tip touches the node, and the line ends within the head.
    let (dx, dy) = (end.x == before.x ? 0.0 : 1.0, end.x == before.x ? (end.y > before.y ? 1.0 : -1.0) : 0)
    var points = line.points
    points[points.count - 1] = DiagramLayout.Point(x: end.x - dx * 5, y: end.y - dy * 5)
    let (backX, backY) = (end.x - dx * 7.5, end.y - dy * 7.5)
    let head = [(end.x, end.y), (backX - dy * 3.6, backY - dx * 3.6), (backX + dy * 3.6, backY + dx * 3.6)]
      .map { "\($0.0.coordinate),\($0.1.coordinate)" }.joined(separator: " ")
    let mark =
      edge.mark.isEmpty
      ? ""
      : dx == 0
        ? text(
          MeasuredText(formula: edge.mark), before.x < layout.nodes[edge.target].centre.x ? "caption right" : "caption left",
          before.x < layout.nodes[edge.target].centre.x ? end.x - 4 : end.x + 5, end.y + dy * -6 + 4)
        : text(MeasuredText(formula: edge.mark), "caption right", end.x - 9, end.y - 4)
    return "<path class=\"line \(tint)\(isBelt(line) ? " belt" : "")\" d=\"\(path(points))\"/>"
      + "<polygon class=\"head \(tint)\" points=\"\(head)\"/>\(mark)"
  }

  /// Whether the line carries a state straight through.
  private func isBelt(_ line: DiagramLayout.Line) -> Bool { layout.belts.contains(line.edge) }

  /// Straight pieces with rounded corners.
  private func path(_ points: [DiagramLayout.Point]) -> String {
    var path = "M\(points[0].x.coordinate) \(points[0].y.coordinate)"
    for index in points.indices.dropFirst() {
      let (here, before) = (points[index], points[index - 1])
      guard index + 1 < points.count else {
        path += "L\(here.x.coordinate) \(here.y.coordinate)"
        break
      }
      let after = points[index + 1]
      let radius = min(
        5, (abs(here.x - before.x) + abs(here.y - before.y)) / 2, (abs(after.x - here.x) + abs(after.y - here.y)) / 2)
      func toward(_ point: DiagramLayout.Point) -> String {
        let (dx, dy) = (point.x - here.x, point.y - here.y)
        let length = abs(dx) + abs(dy)
        let fraction = length == 0 ? 0 : radius / length
        return "\((here.x + dx * fraction).coordinate) \((here.y + dy * fraction).coordinate)"
      }
      path += "L\(toward(before))Q\(here.x.coordinate) \(here.y.coordinate) \(toward(after))"
    }
    return path
  }
}
