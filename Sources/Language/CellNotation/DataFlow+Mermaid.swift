package import CellAnalysis
import CellLanguage

extension DataFlow {
  /// The graph in Mermaid's language for flow charts, which many editors and sites draw from text.
  package var mermaid: String {
    let repeats = cell.repeats.map { "%% \($0.count) times: \(cell.equations[$0.equations].map(\.name).joined(separator: ", "))" }
    var lines = ["%% \(cell.name)"] + repeats + ["flowchart LR"]
    for (index, node) in nodes.enumerated() { lines.append("  n\(index)\(shape(of: node, index))") }
    for edge in edges {
      let mark = edge.mark.isEmpty ? "" : "|\"\(edge.mark)\"|"
      lines.append("  n\(edge.source) -->\(mark) n\(edge.target)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func shape(of node: Node, _ index: Int) -> String {
    let name = name(of: index)
    let definition = name.map { "\($0) = " } ?? ""
    return switch node.kind {
    case .input, .memory, .state, .next: "([\"\(name ?? "")\"])"
    case .layer(let function, let terms):
      "[\"\(definition)\(function.map { Self.call($0, Self.text(of: terms)) } ?? Self.text(of: terms))\"]"
    case .operation(let sign): "((\"\(definition)\(sign)\"))"
    }
  }

  /// A function's text with its argument, which `·` may have kept a place for: `clip(·, -1, 1)`.
  private static func call(_ function: String, _ argument: String) -> String {
    function.contains("·") ? function.replacing("·", with: argument) : "\(function)(\(argument))"
  }
}
