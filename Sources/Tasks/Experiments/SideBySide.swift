import Engine
import Synchronization

/// Trainings that run side by side until all are done, one of them fails, or they are asked to stop.
final class SideBySide: Sendable {
  private let observe: StudyObserver
  private let mustStop: @Sendable () -> Bool
  private let failure = Mutex<(any Error)?>(nil)
  private let turn = Mutex(())

  /// - Parameter mustStop: asked after each iteration of each training.
  init(_ observe: @escaping StudyObserver, until mustStop: @escaping @Sendable () -> Bool) {
    self.observe = observe
    self.mustStop = mustStop
  }

  /// Whether the trainings should stop where they are.
  var isStopped: Bool { mustStop() || failure.withLock { $0 != nil } }

  /// Sends an event to the observer.
  func send(_ event: StudyEvent) { alone { observe(event) } }

  /// Runs what only one training may do at a time.
  func alone(_ body: () -> Void) { turn.withLock { _ in body() } }

  /// Runs the jobs, `count` at a time.
  ///
  /// - Throws: what the first job threw, if one did.
  func run<Job: Sendable>(_ jobs: [Job], atOnce count: Int, _ body: @Sendable (Job) throws -> Void) throws {
    let next = Atomic(0)
    defer { send(.finished) }
    try Machine(threads: count).concurrently(min(count, jobs.count)) { _ in
      while !isStopped {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < jobs.count else { return }
        do { try body(jobs[index]) } catch { failure.withLock { $0 = $0 ?? error } }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}

/// How many trainings run at once, each on such a machine: as many as there are processors for. Runs with one thread each never
/// wait for each other: two LSTMs of 36 units took 0.7 of the time that they took one after the other on two threads.
func runsAtOnce(_ machine: Machine) throws -> Int { max(1, try Machine().threads / machine.threads) }
