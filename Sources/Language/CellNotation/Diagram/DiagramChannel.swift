import Markup

/// The space between two columns, in which lines climb and fall, each on a track of its own.
struct DiagramChannel {
  /// A value on its way through the channel.
  private struct Net {
    /// The node whose value it is.
    let source: Int
    let start: Int
    var ends: [Int]

    var heights: ClosedRange<Int> { min(start, ends.min() ?? start)...max(start, ends.max() ?? start) }
    var isStraight: Bool { ends.allSatisfy { $0 == start } }

    /// The heights at which its line falls into several.
    var branches: [Int] {
      if isStraight { return [] }
      let inside = (ends + [start]).filter { $0 > heights.lowerBound && $0 < heights.upperBound }
      return Set(inside + ends.filter { $0 == start }).sorted()
    }
  }

  let column: Int
  /// The track of each value that changes its height, by the node that it comes from.
  let tracks: [Int: Int]
  /// Where a line branches.
  let branches: [(source: Int, height: Int)]
  package let width: Double

  /// Between tracks.
  static let pitch = 9.0

  init(_ column: Int, grid: DiagramGrid, heights: [Int], ports: DiagramPorts, marks: [String]) {
    self.column = column
    var nets: [Net] = []
    var markWidth = 0.0
    for link in grid.links where grid.columnOf[link.from] == column {
      let source = grid.items[link.from].source
      let port = link.edge.flatMap { ports.ports[$0] }
      let end = heights[link.to] + (port?.offset ?? 0)
      if let index = nets.firstIndex(where: { $0.source == source }) {
        nets[index].ends.append(end)
      } else {
        nets.append(Net(source: source, start: heights[link.from], ends: [end]))
      }
      if let edge = link.edge, port?.side == .left, !marks[edge].isEmpty {
        markWidth = max(markWidth, MeasuredText(words: marks[edge]).width(size: DiagramShape.captionSize) + 4)
      }
    }
    branches = nets.flatMap { net in net.branches.map { (net.source, $0) } }
    let tracks = Self.tracks(of: nets.filter { !$0.isStraight })
    self.tracks = tracks
    width = 28 + Double(tracks.values.max() ?? 0) * Self.pitch + markWidth
  }

  /// Tracks from left to right; values that climb at different heights may share one.
  private static func tracks(of nets: [Net]) -> [Int: Int] {
    let ordered = ordered(nets)
    var tracks: [Int: Int] = [:]
    for (place, net) in ordered.enumerated() {
      let before = ordered[..<place].filter { overlap($0, net) }.compactMap { tracks[$0.source] }
      tracks[net.source] = (before.max() ?? -1) + 1
    }
    return tracks
  }

  private static func overlap(_ a: Net, _ b: Net) -> Bool {
    a.heights.lowerBound - 8 <= b.heights.upperBound && b.heights.lowerBound - 8 <= a.heights.upperBound
  }

  /// The order from left to right in which the fewest lines cross.
  private static func ordered(_ nets: [Net]) -> [Net] {
    var order = nets.sorted { ($0.start, $0.source) < ($1.start, $1.source) }
    var improves = true
    while improves {
      improves = false
      for from in order.indices {
        for to in order.indices where to != from {
          var other = order
          other.insert(other.remove(at: from), at: to)
          if cost(other) < cost(order) { (order, improves) = (other, true) }
        }
      }
    }
    return order
  }

  private static func cost(_ order: [Net]) -> Int {
    order.indices.reduce(0) { sum, left in order[(left + 1)...].reduce(sum) { $0 + cost(order[left], leftOf: $1) } }
  }

  /// Crossings, and, what is worse, lines that would lie on or close to each other: from the left one's track its ends run to the
  /// right, and to the right one's track its start comes from the left.
  private static func cost(_ left: Net, leftOf right: Net) -> Int {
    let crossings = left.ends.filter(right.heights.contains).count + (left.heights.contains(right.start) ? 1 : 0)
    let collisions = left.ends.filter { abs($0 - right.start) < 5 }.count
    return crossings + collisions * 1000
  }
}
