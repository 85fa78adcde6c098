import Engine
import Kernels
import Testing

/// Work in phases that threads share.
struct PhaseTests {
  /// More threads than this machine has processors come late or in turns: still every part runs once, and sees all that the
  /// phase before it wrote.
  @Test(arguments: [1, 2, 7])
  func eachPartRunsOnceAfterThePhaseBefore(threads: Int) throws {
    let machine = try Machine(threads: threads)
    let (parts, rounds) = ([3, 1, 7, 2], 200)
    for _ in 0..<rounds {
      nonisolated(unsafe) let runs = UnsafeMutablePointer<Int32>.allocate(capacity: 16)
      runs.initialize(repeating: 0, count: 16)
      defer { runs.deallocate() }
      nonisolated(unsafe) let early = UnsafeMutablePointer<Bool>.allocate(capacity: 16)
      early.initialize(repeating: false, count: 16)
      defer { early.deallocate() }
      var (phases, first) = ([Phase](), 0)
      for (place, count) in parts.enumerated() {
        let (own, before) = (first, place == 0 ? 0..<0 : first - parts[place - 1]..<first)
        phases.append(
          Phase(parts: count) { part in
            early[own + part] = before.contains { runs[$0] != 1 }
            runs[own + part] += 1
          })
        first += count
      }
      machine.run(phases)
      #expect((0..<first).allSatisfy { runs[$0] == 1 && !early[$0] })
    }
  }

  @Test func piecesTogetherAreAllTheirParts() throws {
    nonisolated(unsafe) let done = UnsafeMutablePointer<Int>.allocate(capacity: 5)
    done.initialize(repeating: 0, count: 5)
    defer { done.deallocate() }
    let pieces = [Phase(parts: 2) { done[$0] += 1 }, Phase(parts: 0) { _ in }, Phase(parts: 3) { done[2 + $0] += 1 }]
    try Machine(threads: 2).run([Phase(together: pieces)])
    #expect((0..<5).map { done[$0] } == [1, 1, 1, 1, 1])
  }

  @Test func noPartIsTakenTwice() {
    var queue = rk_queue()
    #expect((0..<5).map { _ in rk_queue_take(&queue, 3) } == [0, 1, 2, -1, -1])
    for _ in 0..<3 { rk_queue_finish(&queue) }
    rk_queue_wait(&queue, 3)
  }
}
