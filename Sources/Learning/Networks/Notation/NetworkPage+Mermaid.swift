import CellLanguage

extension NetworkPage {
  /// The layers and what each reads as a flow chart in Mermaid's language, which many editors and sites draw from text. What several read
  /// alike stands in it once.
  package var mermaid: String {
    var chart = NetworkChart()
    chart.add(.input, "([\"\(Architecture.Reading.inputName)\"])")
    for layer in layers {
      let source = chart.node(of: layer.reads)
      let units = layer.units.map { ", \($0) units" } ?? ""
      let target = chart.add(.layer(layer.name), "[\"\(layer.name): \(layer.cell.name)\(units)\(layer.direction.note)\"]")
      chart.link(source, target)
    }
    chart.link(chart.node(of: top), "output([\"output\"])")
    return (["%% \(name ?? "network")", "flowchart LR"] + chart.lines.map { "  " + $0 }).joined(separator: "\n") + "\n"
  }
}

/// The lines of a chart, and where in it stands what has been read.
private struct NetworkChart {
  private(set) var lines: [String] = []
  private var nodes: [Architecture.Reading: String] = [:]

  /// Adds a node of that shape.
  @discardableResult
  mutating func add(_ reading: Architecture.Reading, _ shape: String) -> String {
    let node = "n\(nodes.count)"
    nodes[reading] = node
    lines.append(node + shape)
    return node
  }

  mutating func link(_ source: String, _ target: String) { lines.append("\(source) --> \(target)") }

  /// The node of a reading, which is added with those of its parts if it is not there.
  mutating func node(of reading: Architecture.Reading) -> String {
    if let known = nodes[reading] { return known }
    let sources = reading.parts.map { self.node(of: $0) }
    let sign =
      switch reading {
      case .sum: "+"
      case .product: "×"
      case .input, .layer, .concatenation: "[ ]"
      }
    let added = add(reading, "((\"\(sign)\"))")
    for source in sources { link(source, added) }
    return added
  }
}

extension Architecture.Direction {
  /// What a label says of a layer that does not just read forward.
  fileprivate var note: String {
    switch self {
    case .forward: ""
    case .reverse: ", in reverse"
    case .bidirectional(let merge, _): ", both ways, \(merge.rawValue)"
    }
  }
}
