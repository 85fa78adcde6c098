extension DiagramGrid {
  /// Orders the items of each column such that few lines cross. Belts stay on top.
  mutating func reduceCrossings() {
    let lanes = belts.enumerated().reduce(into: [Int: Int]()) { lanes, belt in
      for item in belt.element { lanes[item] = belt.offset }
    }
    func belt(_ item: Int) -> Int { lanes[item] ?? belts.count }
    let neighbours = links.reduce(into: (left: [Int: [Int]](), right: [Int: [Int]]())) { found, link in
      found.left[link.to, default: []].append(link.from)
      found.right[link.from, default: []].append(link.to)
    }
    var best = columns
    var least = Int.max
    for start in 0..<8 {
      var order = columns.map { column in
        column.sorted { (belt($0), Self.rank($0, start)) < (belt($1), Self.rank($1, start)) }
      }
      for sweep in 0..<12 {
        let isForward = sweep % 2 == 0
        let near = isForward ? neighbours.left : neighbours.right
        for column in isForward ? Array(order.indices.dropFirst()) : Array(order.indices.dropLast().reversed()) {
          let places = Self.places(in: order[isForward ? column - 1 : column + 1])
          let keys = order[column].enumerated().reduce(into: [Int: Double]()) { keys, item in
            let around = (near[item.element] ?? []).compactMap { places[$0] }
            keys[item.element] = around.isEmpty ? Double(item.offset) : Double(around.reduce(0, +)) / Double(around.count)
          }
          let current = Self.places(in: order[column])
          order[column].sort { a, b in
            (belt(a), keys[a] ?? 0, current[a] ?? 0) < (belt(b), keys[b] ?? 0, current[b] ?? 0)
          }
        }
        swapNeighbours(&order, belt)
        let count = cost(of: order)
        if count < least { (best, least) = (order, count) }
      }
    }
    columns = best
  }

  /// Swaps items that stand side by side as long as that helps.
  private func swapNeighbours(_ order: inout [[Int]], _ belt: (Int) -> Int) {
    var count = cost(of: order)
    var improves = true
    while improves {
      improves = false
      for column in order.indices {
        for place in order[column].indices.dropLast() where belt(order[column][place]) == belt(order[column][place + 1]) {
          order[column].swapAt(place, place + 1)
          let swapped = cost(of: order)
          if swapped < count {
            (count, improves) = (swapped, true)
          } else {
            order[column].swapAt(place, place + 1)
          }
        }
      }
    }
  }

  /// Crossings count most, then how many places lines climb.
  private func cost(of order: [[Int]]) -> Int {
    var places = [Int](repeating: 0, count: items.count)
    for column in order {
      for (place, item) in column.enumerated() { places[item] = place }
    }
    var cost = 0
    for (index, a) in links.enumerated() {
      cost += abs(places[a.from] - places[a.to])
      for b in links[(index + 1)...] where columnOf[a.from] == columnOf[b.from] {
        if (places[a.from] - places[b.from]) * (places[a.to] - places[b.to]) < 0 { cost += 100 }
      }
    }
    return cost
  }

  private static func places(in column: [Int]) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: column.enumerated().map { ($1, $0) })
  }

  /// A few different orders to begin with, the same ones each time.
  private static func rank(_ item: Int, _ start: Int) -> Int {
    switch start {
    case 0: item
    case 1: -item
    default: (item + 1) * (start * 7919) % 104_729
    }
  }
}
