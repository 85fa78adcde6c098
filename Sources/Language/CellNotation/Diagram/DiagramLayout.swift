package import CellAnalysis
import CellLanguage
import Markup

/// Where everything in a cell's diagram lies, in pixels.
///
/// Nodes stand in columns, each to the right of all that it reads. Lines pass columns in lanes of their own and change their
/// height only between columns, so that none runs through a node. States that flow through operations alone run straight along
/// the top.
package struct DiagramLayout: Sendable {
  package struct Point: Sendable, Hashable {
    package var x: Double
    package var y: Double
  }

  package struct Placed: Sendable {
    let shape: DiagramShape
    package let centre: Point
    /// The node's bounds with everything that is written at it and the lines that bend to enter it.
    package let frame: Frame
  }

  package struct Frame: Sendable, Hashable {
    package let left: Double
    package let top: Double
    package let right: Double
    package let bottom: Double
  }

  /// A value's way from one node to another, with its bends.
  package struct Line: Sendable {
    package let edge: Int
    package let points: [Point]
  }

  package let flow: DataFlow
  package let nodes: [Placed]
  package let lines: [Line]
  /// Where a line branches off, with the node whose value it is.
  let branches: [(source: Int, point: Point)]
  /// The edges on which states flow straight through.
  let belts: Set<Int>
  /// The states that operations carry straight through.
  let carried: [Int: Int]
  package let width: Double
  package let height: Double

  init(_ flow: DataFlow) {
    self.flow = flow
    var grid = DiagramGrid(flow)
    grid.reduceCrossings()
    let shapes = flow.nodes.indices.map { DiagramShape($0, of: flow) }
    let ports = DiagramPorts(flow, grid: grid, shapes: shapes)
    let heights = Self.heights(grid, ports)
    let channels = grid.columns.indices.dropLast().map {
      DiagramChannel($0, grid: grid, heights: heights, ports: ports, marks: flow.edges.map(\.mark))
    }

    // Columns and the channels between them, from the left.
    var x = 0.0
    var centres: [Double] = []
    var tracks: [[Int: Double]] = []
    for (column, items) in grid.columns.enumerated() {
      let inside = items.compactMap { item -> Int? in if case .node(let node) = grid.items[item] { node } else { nil } }
      let left = inside.reduce(0) { max($0, ports.reach(of: $1, shapes[$1], marks: flow.edges)) }
      centres.append(x + left)
      // Summed up as nodes' frames are, so that none reaches out of the picture by a rounding.
      x = x + left + inside.reduce(0) { max($0, shapes[$1].reach) }
      guard column < channels.count else { break }
      tracks.append(channels[column].tracks.mapValues { x + 10 + Double($0) * DiagramChannel.pitch })
      x += channels[column].width
    }
    width = x

    var centre = flow.nodes.map { _ in Point(x: 0, y: 0) }
    for (number, item) in grid.items.enumerated() {
      if case .node(let node) = item { centre[node] = Point(x: centres[grid.columnOf[number]], y: Double(heights[number])) }
    }
    nodes = shapes.indices.map { node in
      let (shape, middle) = (shapes[node], centre[node])
      return Placed(
        shape: shape, centre: middle,
        frame: Frame(
          left: middle.x - ports.reach(of: node, shape, marks: flow.edges), top: middle.y - Double(ports.extents[node].above),
          right: middle.x + shape.reach, bottom: middle.y + Double(ports.extents[node].below)))
    }
    let onBelts = grid.belts.map(Set.init)
    belts = Set(
      grid.links.compactMap { link in onBelts.contains { $0.contains(link.from) && $0.contains(link.to) } ? link.edge : nil })
    carried = grid.belts.reduce(into: [:]) { carried, belt in
      guard case .node(let first)? = belt.first.map({ grid.items[$0] }), case .state(let state) = flow.nodes[first].kind else {
        return
      }
      for case .node(let node) in belt.map({ grid.items[$0] }) { carried[node] = state }
    }
    height = max(nodes.reduce(0) { max($0, $1.frame.bottom) }, Double(heights.max() ?? 0) + 4)
    lines = Self.lines(flow, grid, nodes, heights, ports, tracks)
    branches = channels.flatMap { channel in
      channel.branches.compactMap { branch in
        tracks[channel.column][branch.source].map { (branch.source, Point(x: $0, y: Double(branch.height))) }
      }
    }
  }

  /// The height of each item: as straight as its lines allow, with room between neighbours.
  private static func heights(_ grid: DiagramGrid, _ ports: DiagramPorts) -> [Int] {
    var alignment = Alignment(count: grid.items.count)
    func extent(_ item: Int) -> (above: Int, below: Int) {
      if case .node(let node) = grid.items[item] { ports.extents[node] } else { (0, 0) }
    }
    func isLane(_ item: Int) -> Bool { if case .lane = grid.items[item] { true } else { false } }
    for column in grid.columns {
      for (upper, lower) in zip(column, column.dropFirst()) {
        let gap = isLane(upper) && isLane(lower) ? 12 : 14
        alignment.separate(upper, lower, by: extent(upper).below + extent(lower).above + gap)
      }
    }
    let belts = grid.belts.map(Set.init)
    for link in grid.links {
      let onBelt = belts.contains { $0.contains(link.from) && $0.contains(link.to) }
      let weight = onBelt ? 1000 : isLane(link.from) ? (isLane(link.to) ? 8 : 4) : isLane(link.to) ? 3 : 2
      alignment.align(link.from, link.to, offset: link.edge.flatMap { ports.ports[$0]?.offset } ?? 0, weight: weight)
    }
    let heights = alignment.solved()
    let top = grid.items.indices.reduce(Int.max) { min($0, heights[$1] - max(extent($1).above, 4)) }
    return heights.map { $0 - top }
  }

  private static func lines(
    _ flow: DataFlow, _ grid: DiagramGrid, _ nodes: [Placed], _ heights: [Int], _ ports: DiagramPorts, _ tracks: [[Int: Double]]
  ) -> [Line] {
    let numbers = Dictionary(uniqueKeysWithValues: grid.items.indices.map { (Key(grid.items[$0], grid.columnOf[$0]), $0) })
    return flow.edges.enumerated().compactMap { index, edge in
      guard let port = ports.ports[index], let first = numbers.first(where: { $0.key.item == .node(edge.source) })?.value,
        let last = numbers.first(where: { $0.key.item == .node(edge.target) })?.value
      else { return nil }
      let target = nodes[edge.target]
      let arrival = target.centre.y + Double(port.offset)
      var points = [Point(x: nodes[edge.source].centre.x + nodes[edge.source].shape.halfWidth, y: nodes[edge.source].centre.y)]
      for column in grid.columnOf[first]..<grid.columnOf[last] {
        let isLast = column + 1 == grid.columnOf[last]
        let next =
          isLast ? arrival : numbers[Key(.lane(edge.source), column + 1)].map { Double(heights[$0]) } ?? arrival
        if next != points[points.count - 1].y, let x = tracks[column][edge.source] {
          points += [Point(x: x, y: points[points.count - 1].y), Point(x: x, y: next)]
        }
      }
      switch port.side {
      case .left: points.append(Point(x: target.centre.x - target.shape.halfWidth, y: arrival))
      case .above, .below:
        let x = target.centre.x + Double(port.shift)
        let edge = target.shape.halfHeight - (port.shift == 0 ? 0 : 2)
        points += [Point(x: x, y: arrival), Point(x: x, y: target.centre.y + (port.side == .above ? -edge : edge))]
      }
      return Line(edge: index, points: points)
    }
  }

  private struct Key: Hashable {
    let item: DiagramGrid.Item
    let column: Int

    init(_ item: DiagramGrid.Item, _ column: Int) { (self.item, self.column) = (item, column) }
  }
}

extension DiagramPorts {
  /// How far a node reaches to the left, with the marks of lines that enter from above and below.
  func reach(of node: Int, _ shape: DiagramShape, marks edges: [DataFlow.Edge]) -> Double {
    edges.enumerated().reduce(shape.halfWidth) { reach, edge in
      guard edge.element.target == node, !edge.element.mark.isEmpty, let port = ports[edge.offset], port.side != .left
      else { return reach }
      return max(reach, Double(-port.shift) + MeasuredText(words: edge.element.mark).width(size: DiagramShape.captionSize) + 6)
    }
  }
}
