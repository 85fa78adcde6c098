import Foundation
import Kernels
import Testing

/// Threads that meet, or don't.
struct BarrierTests {
  @Test func whoeverWaitsInVainGoesAlone() {
    var barrier = rk_barrier()
    #expect(Int(rk_barrier_join(&barrier, 2)) == RK_ALONE)
    #expect(Int(rk_barrier_join(&barrier, 2)) == RK_GONE)
    #expect(Int(rk_barrier_join(&barrier, 2)) == RK_GONE)
  }

  @Test func aloneOneIsComplete() {
    var barrier = rk_barrier()
    #expect(rk_barrier_join(&barrier, 1) == 0)
  }

  /// Either all come together, each with a number of its own, or one does it all. On a busy machine it may take many tries until
  /// both threads have a processor at once.
  @Test func oneOrAll() {
    var (tries, together) = (0, 0)
    let begin = ContinuousClock.now
    while tries < 500 || together == 0 && ContinuousClock.now - begin < .seconds(60) {
      tries += 1
      nonisolated(unsafe) let places = UnsafeMutablePointer<Int32>.allocate(capacity: 2)
      nonisolated(unsafe) let barrier = UnsafeMutablePointer<rk_barrier>.allocate(capacity: 1)
      barrier.initialize(to: rk_barrier())
      DispatchQueue.concurrentPerform(iterations: 2) { places[$0] = rk_barrier_join(barrier, 2) }
      let found = [places[0], places[1]].sorted().map(Int.init)
      #expect(found == [0, 1] || found == [RK_GONE, RK_ALONE])
      if found == [0, 1] { together += 1 }
      places.deallocate()
      barrier.deallocate()
    }
    #expect(together > 0 || ProcessInfo.processInfo.activeProcessorCount == 1)
  }
}
