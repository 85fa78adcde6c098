import Engine
import Platform
import Processes
import Synchronization

/// Trainings that run side by side until all are done, one of them fails, or they are asked to stop.
final class SideBySide: Sendable {
  private let observe: StudyObserver
  private let mustStop: @Sendable () -> Bool
  private let failure = Mutex<(any Error)?>(nil)
  private let turn = Mutex(())
  private let team: any Communicator

  /// - Parameters:
  ///   - team: the processes that share the trainings.
  ///   - mustStop: asked after each iteration of each training.
  init(_ observe: @escaping StudyObserver, _ team: any Communicator, until mustStop: @escaping @Sendable () -> Bool) {
    self.observe = observe
    self.team = team
    self.mustStop = mustStop
  }

  /// Whether the trainings should stop where they are, and be saved.
  var isStopped: Bool { mustStop() || failure.withLock { $0 != nil } || team.loss != nil }

  /// Sends an event to the observer.
  func send(_ event: StudyEvent) { turn.withLock { _ in observe(event) } }

  /// Runs the jobs, `count` at a time in each process, which all come here with the same jobs.
  ///
  /// - Parameters:
  ///   - body: runs a job, and returns a number that came of it.
  ///   - ended: takes in what came of each job, in the first process only and one at a time.
  /// - Throws: what the first job threw, if one did.
  func run<Job: Sendable>(
    _ jobs: [Job], atOnce count: Int, _ body: @Sendable (Job) throws -> Double?, ended: @Sendable (Job, Double?) throws -> Void
  ) throws {
    defer { send(.finished) }
    let dealer = JobDealer(team, jobs: jobs.count)
    try serving(jobs, dealer, ended) {
      try Machine(threads: count).concurrently(min(count, jobs.count)) { _ in
        do { try work(jobs, dealer, body, ended) } catch { fail(error) }
      }
      do { try dealer.leave() } catch { fail(error) }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// Runs `body` while a thread for each of the other processes deals jobs to it, in the first process.
  private func serving<Job: Sendable>(
    _ jobs: [Job], _ dealer: JobDealer, _ ended: @Sendable (Job, Double?) throws -> Void, _ body: () throws -> Void
  ) throws {
    guard team.isFirst && team.size > 1 else { return try body() }
    try withoutActuallyEscaping(ended) { ended in
      // One thread waits for them all to leave, so that none outlives this call.
      let servers = SystemThread { [self] in serveAll(jobs, dealer, 1, ended) }
      let outcome = Result { try body() }
      servers.join()
      try outcome.get()
    }
  }

  /// Serves a process, and those after it in threads of their own.
  private func serveAll<Job: Sendable>(
    _ jobs: [Job], _ dealer: JobDealer, _ other: Int, _ ended: @escaping @Sendable (Job, Double?) throws -> Void
  ) {
    let rest = SystemThread { [self] in if other + 1 < team.size { serveAll(jobs, dealer, other + 1, ended) } }
    do {
      try dealer.serve(other, isStopped: { isStopped }) { job, result in
        do { try takeIn(jobs[job], result, ended) } catch { fail(error) }
      }
    } catch { fail(error) }
    rest.join()
  }

  private func work<Job>(
    _ jobs: [Job], _ dealer: JobDealer, _ body: (Job) throws -> Double?, _ ended: (Job, Double?) throws -> Void
  ) throws {
    var last: (job: Int, result: Double?)?
    while !isStopped, let place = try dealer.take(after: last) {
      let result = try body(jobs[place])
      if team.isFirst { try takeIn(jobs[place], result, ended) }
      last = (place, result)
    }
    // The last one that was ended before it had to stop.
    if isStopped, let last { try dealer.report(last) }
  }

  private func takeIn<Job>(_ job: Job, _ result: Double?, _ ended: (Job, Double?) throws -> Void) throws {
    try turn.withLock { _ in try ended(job, result) }
  }

  private func fail(_ error: any Error) { failure.withLock { $0 = $0 ?? error } }
}

/// How many trainings run at once, each on such a machine: as many as there are processors for. Runs with one thread each never
/// wait for each other: two LSTMs of 36 units took 0.7 of the time that they took one after the other on two threads.
///
/// - Parameter processors: those that this process may use; nil for all.
func runsAtOnce(_ machine: Machine, of processors: Int?) throws -> Int {
  max(1, try (processors ?? Machine().threads) / machine.threads)
}
