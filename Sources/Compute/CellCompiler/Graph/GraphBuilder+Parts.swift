import CellLanguage

/// Parts of vectors.
extension GraphBuilder {
  mutating func slice(of expression: Expression, _ range: Range<Int>) -> Graph.Value {
    slice(of: value(of: expression, shape: ownShape(of: expression)), range)
  }

  mutating func slice(of vector: Graph.Value, _ range: Range<Int>) -> Graph.Value {
    if range.count == graph[vector].width { return vector }
    switch graph[vector].operation {
    case .constant: return graph.add(graph[vector].operation, width: range.count)
    case .slice(let whole, let start):
      return graph.add(.slice(whole, start: start + range.lowerBound), width: range.count)
    default: return graph.add(.slice(vector, start: range.lowerBound), width: range.count)
    }
  }

  /// Parts of a vector of that width as whole vectors, as few as there can be if no two parts of one overlap.
  mutating func placed(_ parts: [Graph.Part], width: Int) -> [Graph.Value] {
    var groups: [[Graph.Part]] = []
    for part in parts.sorted(by: { $0.start < $1.start }) {
      let fit = groups.firstIndex { group in
        group.last.map { $0.start + graph[$0.value].width <= part.start } ?? true
      }
      if let fit { groups[fit].append(part) } else { groups.append([part]) }
    }
    return groups.map { graph.add(.placed($0), width: width) }
  }
}
