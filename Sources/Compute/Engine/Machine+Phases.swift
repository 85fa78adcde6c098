import Kernels

/// A piece of work in parts that may run in any order and at the same time.
package struct Phase {
  let parts: Int
  let body: (Int) -> Void

  package init(parts: Int, _ body: @escaping (Int) -> Void) {
    self.parts = parts
    self.body = body
  }

  /// One part for each range.
  init(_ ranges: [Range<Int>], _ body: @escaping (Range<Int>) -> Void) {
    self.init(parts: ranges.count) { body(ranges[$0]) }
  }

  /// Several pieces of work none of which needs what another one leaves.
  package init(together pieces: [Phase]) {
    let owners = pieces.indices.flatMap { piece in (0..<pieces[piece].parts).map { (piece, $0) } }
    self.init(parts: owners.count) { pieces[owners[$0].0].body(owners[$0].1) }
  }
}

extension Machine {
  /// Runs phases one behind the other, the parts of each on as many threads as there are.
  ///
  /// Threads are woken once for all phases, not once for each, and take the next part that nobody has: one that comes late
  /// holds nobody up.
  package func run(_ phases: [Phase]) {
    let members = min(threads, phases.map(\.parts).max() ?? 0)
    if members <= 1 {
      for phase in phases { for part in 0..<phase.parts { phase.body(part) } }
      return
    }
    let turns = UnsafeMutablePointer<rk_turn>.allocate(capacity: phases.count)
    turns.initialize(repeating: rk_turn(), count: phases.count)
    defer { turns.deallocate() }
    nonisolated(unsafe) let work = (phases: phases, turns: turns)
    concurrently(members) { _ in
      for (place, phase) in work.phases.enumerated() {
        let (turn, parts) = (work.turns + place, Int32(phase.parts))
        while case let part = rk_take(turn, parts), part >= 0 {
          phase.body(Int(part))
          rk_finish(turn)
        }
        rk_wait_for_all(turn, parts)
      }
    }
  }
}
