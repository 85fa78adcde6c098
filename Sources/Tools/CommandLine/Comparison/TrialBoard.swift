import CommandKit
import Console
import Experiments
import Support
import Synchronization
import TaskKit

/// Shows in one line how far several trainings have come that run side by side.
final class TrialBoard: Sendable {
  private let state = Mutex(State())
  private let terminal: Terminal

  private struct State {
    var line: ProgressLine?
    /// The number of iterations done, by run.
    var done: [String: Int] = [:]
    /// The losses of the runs that are under way.
    var running: [String: Double] = [:]
  }

  init(on terminal: Terminal) { self.terminal = terminal }

  /// Shows an event.
  func show(_ event: StudyEvent) {
    state.withLock { state in
      switch event {
      case .message(let sentence):
        state.line?.clear()
        terminal.say(sentence.inCommand)
      case .note(let note):
        state.line?.clear()
        terminal.say(note)
      case .begun(let iterations, let done):
        let sum = done.values.reduce(0, +)
        state.line = ProgressLine(total: iterations, done: sum, things: "iterations", on: terminal)
        state.done = done
      case .advanced(let run, let iteration, let loss):
        state.done[run] = iteration
        state.running[run] = loss
        let losses = state.running.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.fixed(3))" }
        state.line?.update(state.done.values.reduce(0, +), losses.joined(separator: ", "))
      case .ended(let run, let iterations):
        state.done[run] = iterations
        state.running[run] = nil
      case .finished:
        state.line?.clear()
        state.line = nil
        state.running = [:]
      }
    }
  }
}
