import CellAnalysis
import CellLanguage
import CellNotation
import ChartPictures
import Markup
import Testing

/// Every cell of the library, and some whose equations take every form that a diagram has to show.
private var cells: [Cell] {
  get throws {
    try Cell.library
      + [
        "h' = x", "h' = σ(p) * x", "h' = -x + 1 - 2 * h", "h' = x / h / 2 + 1 / (x * h)",
        "h' = leaky_relu(W x, 0.1) + clip(h, x, 1)",
        "a = x\nb = a\nh' = a * a * 0.5 * b", "h' = max(max(x, h), min(x, h)) - (x - h) - (x * h)",
        "h' = layer_norm(h) + layer_norm(x) * x",
      ].enumerated().map { try Cell(parsing: "cell form-\($0)\ninput x\nstate h(8)\n\($1)") }
  }
}

struct DiagramTests {
  @Test(arguments: try cells)
  func nodesLieApartAndWithinThePicture(cell: Cell) {
    let layout = CellDiagram(cell).layout
    for (index, node) in layout.nodes.enumerated() {
      #expect(node.frame.left >= 0 && node.frame.top >= 0)
      #expect(node.frame.right <= layout.width && node.frame.bottom <= layout.height)
      for other in layout.nodes[..<index] { #expect(!node.frame.area.meets(other.frame), "node \(index)") }
    }
  }

  @Test(arguments: try cells)
  func everyEdgeHasALineFromNodeToNodeThatRunsThroughNoOther(cell: Cell) throws {
    let layout = CellDiagram(cell).layout
    #expect(layout.lines.map(\.edge) == Array(layout.flow.edges.indices))
    for line in layout.lines {
      let edge = layout.flow.edges[line.edge]
      let (first, last) = (try #require(line.points.first), try #require(line.points.last))
      #expect(layout.nodes[edge.source].frame.holds(first) && layout.nodes[edge.target].frame.holds(last))
      for piece in line.pieces {
        #expect(piece.left == piece.right || piece.top == piece.bottom, "lines run across or down")
        for (index, node) in layout.nodes.enumerated() where index != edge.source && index != edge.target {
          #expect(!piece.meets(node.frame), "the line of edge \(edge) runs through node \(index)")
        }
      }
    }
  }

  /// Lines of one value may share their way; those of different values may only cross.
  @Test(arguments: try cells)
  func linesOfDifferentValuesNeverLieOnEachOther(cell: Cell) {
    let layout = CellDiagram(cell).layout
    let pieces = layout.lines.flatMap { line in line.pieces.map { (source: layout.flow.edges[line.edge].source, frame: $0) } }
    for (index, piece) in pieces.enumerated() {
      for other in pieces[..<index] where other.source != piece.source {
        let isAcross = piece.frame.top == piece.frame.bottom
        let areParallel = isAcross == (other.frame.top == other.frame.bottom)
        #expect(!(areParallel && piece.frame.meets(other.frame)), "\(piece) \(other)")
      }
    }
  }

  /// States that flow through operations alone run straight across.
  @Test(arguments: [("lstm", ["c"]), ("gru", ["h"]), ("slstm", ["c", "n", "m"]), ("lem", ["y", "z"]), ("rnn", [])])
  func beltsAreStraightAndOnTop(name: String, states: [String]) throws {
    let layout = CellDiagram(try Cell.named(name)).layout
    func height(_ kind: DataFlow.Kind) -> Double? {
      layout.flow.nodes.firstIndex { $0.kind == kind }.map { layout.nodes[$0].centre.y }
    }
    let belts = try states.map { state in
      let index = try #require(layout.flow.cell.states.firstIndex { $0.name == state })
      let belt = try #require(height(.state(index)))
      #expect(height(.next(index)) == belt)
      return belt
    }
    let boxes = layout.nodes.indices.filter { if case .layer = layout.flow.nodes[$0].kind { true } else { false } }
    for box in boxes { for belt in belts { #expect(layout.nodes[box].frame.top > belt) } }
  }

  @Test func thePictureIsTheSameEachTimeAndSaysWhatItShows() throws {
    let cell = try Cell.named("lstm-layer-norm")
    let svg = CellDiagram(cell).svg
    #expect(svg == CellDiagram(cell).svg)
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    for part in ["<title>lstm-layer-norm</title>", "forget gate", "prefers-color-scheme:dark", "layer_norm(W"] {
      #expect(svg.contains(part))
    }
    // Every tag that opens is closed.
    for tag in ["svg", "g", "text", "tspan", "title", "style"] {
      let opened = svg.ranges(of: "<\(tag)>").count + svg.ranges(of: "<\(tag) ").count
      #expect(opened == svg.ranges(of: "</\(tag)>").count, "\(tag)")
    }
  }

  @Test func textIsEscaped() {
    #expect(escaped("a < b & \"c\" > d") == "a &lt; b &amp; &quot;c&quot; &gt; d")
  }
}

/// A rectangle; a piece of a line is one without an area.
private struct Area {
  let left: Double
  let top: Double
  let right: Double
  let bottom: Double

  func meets(_ other: DiagramLayout.Frame) -> Bool {
    meets(Area(left: other.left, top: other.top, right: other.right, bottom: other.bottom))
  }

  func meets(_ other: Area) -> Bool {
    left < other.right + 0.5 && other.left < right + 0.5 && top < other.bottom + 0.5 && other.top < bottom + 0.5
  }
}

extension DiagramLayout.Frame {
  fileprivate var area: Area { Area(left: left, top: top, right: right, bottom: bottom) }

  fileprivate func holds(_ point: DiagramLayout.Point) -> Bool {
    (left...right).contains(point.x) && (top...bottom).contains(point.y)
  }
}

extension DiagramLayout.Line {
  fileprivate var pieces: [Area] {
    zip(points, points.dropFirst()).filter { $0 != $1 }.map { a, b in
      Area(left: min(a.x, b.x), top: min(a.y, b.y), right: max(a.x, b.x), bottom: max(a.y, b.y))
    }
  }
}
