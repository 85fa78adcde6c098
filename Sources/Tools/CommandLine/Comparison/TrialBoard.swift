import CommandKit
import Engine
import Support
import Synchronization

/// How far several trainings have come that go on side by side: one line for all of them.
final class TrialBoard: Sendable {
  private let state: Mutex<State>
  private let terminal: Terminal
  private let deadline: Duration?

  private struct State {
    var line: ProgressLine
    var done: [String: Int] = [:]
    var running: [String: Double] = [:]
    var failure: (any Error)?
  }

  /// - Parameters:
  ///   - iterations: of all trainings.
  ///   - done: how many of them earlier calls have done, by training.
  ///   - deadline: when all stop, as ``uptime()`` has it.
  init(iterations: Int, done: [String: Int], until deadline: Duration? = nil, on terminal: Terminal) {
    self.terminal = terminal
    self.deadline = deadline
    let sum = done.values.reduce(0, +)
    state = Mutex(
      State(line: ProgressLine(total: iterations, done: sum, things: "iterations", on: terminal), done: done))
  }

  /// Says how far a training is.
  func update(_ name: String, iteration: Int, loss: Double) {
    state.withLock { state in
      state.done[name] = iteration
      state.running[name] = loss
      let detail = state.running.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.fixed(3))" }.joined(separator: ", ")
      state.line.update(state.done.values.reduce(0, +), detail)
    }
  }

  /// Takes a training off the line. What it leaves undone of its iterations counts as done.
  func end(_ name: String, iterations: Int) {
    state.withLock { state in
      state.done[name] = iterations
      state.running[name] = nil
    }
  }

  /// Does what no two trainings may do at once.
  func alone(_ body: () -> Void) { state.withLock { _ in body() } }

  /// Writes a message between two states of the line.
  func say(_ message: String) {
    state.withLock { state in
      state.line.clear()
      terminal.say(message)
    }
  }

  /// Takes the line off the terminal.
  func clear() { state.withLock { $0.line.clear() } }

  // MARK: Side by side

  /// Whether somebody asked to stop, the time is up, or one of the trainings could not go on.
  var isStopped: Bool {
    Interrupt.request != nil || deadline.map { uptime() >= $0 } ?? false || state.withLock { $0.failure != nil }
  }

  /// Does each of the jobs, `count` at a time, until all are done or one of them throws.
  ///
  /// - Throws: what the first one threw; ``Interrupted`` if somebody asked to stop.
  func run<Job: Sendable>(_ jobs: [Job], atOnce count: Int, on machine: Machine, _ body: @Sendable (Job) throws -> Void) throws {
    let next = Atomic(0)
    defer { clear() }
    machine.concurrently(min(count, jobs.count)) { _ in
      while !isStopped {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < jobs.count else { return }
        do { try body(jobs[index]) } catch { state.withLock { $0.failure = $0.failure ?? error } }
      }
    }
    clear()
    if let failure = state.withLock({ $0.failure }) { throw failure }
    if let request = Interrupt.request { throw request }
  }
}
