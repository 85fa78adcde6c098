import CellAnalysis

/// Where lines reach the nodes.
struct DiagramPorts {
  /// How a line enters a node.
  struct Port: Hashable {
    enum Side: Hashable { case left, above, below }

    let side: Side
    /// The distance from the node's centre to the height at which the line arrives.
    let offset: Int
    /// The distance from the node's centre to where a line from above or below enters.
    var shift = 0
  }

  /// The ports by the edges' indices.
  private(set) var ports: [Int: Port] = [:]
  /// How far each node reaches above and below its centre, with the lines that enter from there.
  private(set) var extents: [(above: Int, below: Int)]

  /// A line that enters from above or below does so this far from the outline.
  static let stub = 15
  /// Between lines that enter a node side by side.
  static let pitch = 14

  init(_ flow: DataFlow, grid: DiagramGrid, shapes: [DiagramShape]) {
    extents = shapes.map { (Int($0.halfHeight), Int($0.halfHeight)) }
    let places = grid.columns.reduce(into: [Int: Int]()) { places, column in
      for (place, item) in column.enumerated() { places[item] = place }
    }
    let onBelts = Set(grid.belts.flatMap { $0 })
    for (node, shape) in shapes.enumerated() {
      let incoming = grid.links.filter { link in link.edge.map { flow.edges[$0].target == node } ?? false }
        .sorted { (places[$0.from] ?? 0, $0.edge ?? 0) < (places[$1.from] ?? 0, $1.edge ?? 0) }
      let edges = incoming.compactMap(\.edge)
      if shape.outline == .circle && edges.count > 1 {
        let main = incoming.firstIndex { onBelts.contains($0.from) && onBelts.contains($0.to) } ?? 0
        enterCircle(node, edges, main: main)
      } else {
        // Evenly beside each other round the middle.
        let pitch = edges.count < 2 ? 0 : min(22, max(Self.pitch, 2 * (extents[node].above - 12) / (edges.count - 1)))
        for (place, edge) in edges.enumerated() {
          ports[edge] = Port(side: .left, offset: (2 * place - (edges.count - 1)) * pitch / 2)
        }
        let needed = (edges.count - 1) * pitch / 2 + 8
        extents[node] = (max(extents[node].above, needed), max(extents[node].below, needed))
      }
    }
  }

  /// The main line enters in the middle, those from higher up from above and those from lower down from below.
  private mutating func enterCircle(_ node: Int, _ edges: [Int], main: Int) {
    ports[edges[main]] = Port(side: .left, offset: 0)
    for (place, edge) in edges[..<main].reversed().enumerated() {
      extents[node].above += place == 0 ? Self.stub : Self.pitch
      ports[edge] = Port(side: .above, offset: -extents[node].above, shift: Self.shift(place, of: main))
    }
    let below = edges[(main + 1)...]
    for (place, edge) in below.enumerated() {
      extents[node].below += place == 0 ? Self.stub : Self.pitch
      ports[edge] = Port(side: .below, offset: extents[node].below, shift: Self.shift(place, of: below.count))
    }
  }

  /// The line that arrives nearest enters furthest to the left, so that none crosses another.
  private static func shift(_ place: Int, of count: Int) -> Int { count < 2 ? 0 : place * 14 / (count - 1) - 7 }
}
