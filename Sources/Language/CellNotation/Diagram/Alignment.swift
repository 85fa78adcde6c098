/// Places on a line that keep their distances and are as well aligned as possible.
///
/// Minimises Σ weight · |y[b] + offset - y[a]| where y[b] - y[a] ≥ distance for each separation. Its dual is a circulation of
/// greatest gain, which is found by sending flow round cycles that gain; the places are then the longest ways in what is left
/// (Klein 1967, A primal method for minimal cost flows).
struct Alignment {
  private struct Arc {
    let from: Int
    let to: Int
    let gain: Int
    var room: Int
  }

  private let count: Int
  /// Arcs in pairs that run both ways.
  private var arcs: [Arc] = []

  init(count: Int) { self.count = count }

  /// Requires y[b] - y[a] ≥ distance.
  mutating func separate(_ a: Int, _ b: Int, by distance: Int) {
    arcs.append(Arc(from: a, to: b, gain: distance, room: .max / 4))
    arcs.append(Arc(from: b, to: a, gain: -distance, room: 0))
  }

  /// Wants y[a] = y[b] + offset.
  mutating func align(_ a: Int, _ b: Int, offset: Int, weight: Int) {
    arcs.append(Arc(from: b, to: a, gain: offset, room: weight))
    arcs.append(Arc(from: a, to: b, gain: -offset, room: weight))
  }

  /// The places, the smallest one 0.
  mutating func solved() -> [Int] {
    while true {
      var distances = [Int](repeating: 0, count: count)
      var arrivals = [Int](repeating: -1, count: count)
      var changes = true
      var cycle: [Int] = []
      while changes && cycle.isEmpty {
        changes = false
        for (index, arc) in arcs.enumerated() where arc.room > 0 && distances[arc.from] + arc.gain > distances[arc.to] {
          distances[arc.to] = distances[arc.from] + arc.gain
          arrivals[arc.to] = index
          changes = true
        }
        if changes { cycle = self.cycle(in: arrivals) }
      }
      guard let room = cycle.map({ arcs[$0].room }).min() else {
        let least = distances.min() ?? 0
        return distances.map { $0 - least }
      }
      for index in cycle {
        arcs[index].room -= room
        arcs[index ^ 1].room += room
      }
    }
  }

  /// The arcs of a cycle among those by which places were last reached; none if there is none.
  private func cycle(in arrivals: [Int]) -> [Int] {
    var visits = [Int](repeating: -1, count: count)
    for start in 0..<count where visits[start] < 0 {
      var place = start
      while visits[place] < 0 && arrivals[place] >= 0 {
        visits[place] = start
        place = arcs[arrivals[place]].from
      }
      guard arrivals[place] >= 0 && visits[place] == start else { continue }
      var cycle = [arrivals[place]]
      while arcs[cycle[cycle.count - 1]].from != place { cycle.append(arrivals[arcs[cycle[cycle.count - 1]].from]) }
      return cycle
    }
    return []
  }
}
