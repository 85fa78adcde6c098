import CellAnalysis
import CellLanguage

/// The diagram's columns: nodes, and the lanes in which values pass columns on their way.
struct DiagramGrid {
  /// What stands in a column.
  enum Item: Hashable {
    case node(Int)
    /// The value of a node on its way to a later column.
    case lane(Int)

    /// The node whose value leaves the item to the right.
    var source: Int {
      switch self {
      case .node(let node), .lane(let node): node
      }
    }
  }

  /// A place in the grid: the item's number.
  struct Link: Hashable {
    let from: Int
    let to: Int
    /// The edge that ends here; nil if it goes on in a lane.
    let edge: Int?
  }

  private(set) var items: [Item] = []
  private(set) var columnOf: [Int] = []
  /// The items of each column, from the top down.
  var columns: [[Int]]
  /// The links from each column to the next.
  private(set) var links: [Link] = []
  /// The states that flow straight through the step, with the items on their way.
  private(set) var belts: [[Int]] = []

  init(_ flow: DataFlow) {
    let depths = Self.depths(of: flow)
    columns = Array(repeating: [], count: (depths.max() ?? 0) + 1)
    var numbers: [[Item: Int]] = Array(repeating: [:], count: columns.count)
    func reach(_ node: Int) -> Int { flow.edges.reduce(depths[node]) { $1.source == node ? max($0, depths[$1.target]) : $0 } }
    for node in flow.nodes.indices {
      let lanes = (depths[node] + 1..<max(reach(node), depths[node] + 1)).map { ($0, Item.lane(node)) }
      for (column, item) in [(depths[node], Item.node(node))] + lanes {
        numbers[column][item] = items.count
        columns[column].append(items.count)
        items.append(item)
        columnOf.append(column)
      }
    }
    for (number, item) in items.enumerated() {
      let next = columnOf[number] + 1
      guard next < columns.count else { continue }
      if let lane = numbers[next][.lane(item.source)] { links.append(Link(from: number, to: lane, edge: nil)) }
      for (index, edge) in flow.edges.enumerated() where edge.source == item.source && depths[edge.target] == next {
        if let target = numbers[next][.node(edge.target)] { links.append(Link(from: number, to: target, edge: index)) }
      }
    }
    var used: Set<Int> = []
    for state in flow.cell.states.indices {
      guard let path = Self.path(of: state, in: flow, avoiding: used) else { continue }
      used.formUnion(path)
      var belt: [Int?] = []
      for (node, next) in zip(path, path.dropFirst()) {
        belt.append(numbers[depths[node]][.node(node)])
        for column in depths[node] + 1..<depths[next] { belt.append(numbers[column][.lane(node)]) }
      }
      belt.append(path.last.flatMap { numbers[depths[$0]][.node($0)] })
      belts.append(belt.compactMap { $0 })
    }
  }

  /// The column of each node: to the right of all that it reads, as far left as possible; what leaves the step stands last.
  private static func depths(of flow: DataFlow) -> [Int] {
    var depths = flow.nodes.map { _ in 0 }
    for node in flow.nodes.indices {
      depths[node] = flow.edges.reduce(0) { $1.target == node ? max($0, depths[$1.source] + 1) : $0 }
    }
    let last = depths.max() ?? 0
    for (node, value) in flow.nodes.enumerated() {
      if case .next = value.kind { depths[node] = last }
    }
    return depths
  }

  /// The shortest way of a state to its next value that leads through operations alone; nil if there is none.
  private static func path(of state: Int, in flow: DataFlow, avoiding used: Set<Int>) -> [Int]? {
    guard let start = flow.nodes.firstIndex(where: { $0.kind == .state(state) }) else { return nil }
    var paths = [[start]]
    var seen = used
    while !paths.isEmpty {
      var longer: [[Int]] = []
      for path in paths {
        for edge in flow.edges where edge.source == path[path.count - 1] && !seen.contains(edge.target) {
          switch flow.nodes[edge.target].kind {
          case .next(state): return path + [edge.target]
          case .operation:
            seen.insert(edge.target)
            longer.append(path + [edge.target])
          case .input, .memory, .state, .next, .layer: break
          }
        }
      }
      paths = longer
    }
    return nil
  }
}
