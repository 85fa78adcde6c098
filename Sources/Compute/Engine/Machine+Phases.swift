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
  /// Runs phases one after the other, the parts of each on as many threads as there are.
  ///
  /// Threads are woken once for all phases, not once for each, and take the next part that no other has: one that comes late
  /// delays no other.
  package func run(_ phases: [Phase]) {
    let members = min(threads, phases.map(\.parts).max() ?? 0)
    if members <= 1 {
      for phase in phases { for part in 0..<phase.parts { phase.body(part) } }
      return
    }
    let queues = UnsafeMutablePointer<rk_queue>.allocate(capacity: phases.count)
    queues.initialize(repeating: rk_queue(), count: phases.count)
    defer { queues.deallocate() }
    nonisolated(unsafe) let work = (phases: phases, queues: queues)
    concurrently(members) { _ in
      for (place, phase) in work.phases.enumerated() {
        let (queue, parts) = (work.queues + place, Int32(phase.parts))
        while case let part = rk_queue_take(queue, parts), part >= 0 {
          phase.body(Int(part))
          rk_queue_finish(queue)
        }
        rk_queue_wait(queue, parts)
      }
    }
  }
}
