import Platform
import Synchronization

/// The user's wish to stop, by Ctrl-C or `kill`, for work that wants to save something first.
package enum Interrupt {
  /// Runs `body`, during which the first SIGINT or SIGTERM only sets ``request``; a second one ends the process at once.
  ///
  /// Outside of it, both end the process as usual, so that work that does not ask can be stopped, too. A signal that
  /// the process was started to ignore, as under `nohup`, stays ignored.
  package static func watching<Result>(_ body: () throws -> Result) rethrows -> Result {
    received.store(0, ordering: .relaxed)
    let signals = [SIGINT, SIGTERM]
    let before = signals.map(SignalAction.init(of:))
    for (signal, action) in zip(signals, before) where !action.isIgnored { stop.install(for: signal) }
    defer {
      for (signal, action) in zip(signals, before) { action.install(for: signal) }
    }
    return try body()
  }

  /// The signal that has asked to stop since ``watching(_:)`` began; nil if there was none.
  package static var request: Interrupted? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : Interrupted(signal: number)
  }

  /// The handler, which only does what is safe at any moment: one atomic exchange, and the call that ends the process at once.
  private static var stop: SignalAction {
    SignalAction { number in
      if received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
    }
  }
}

/// Thrown by work that stopped because it was asked to, after it has said what it saved.
package struct Interrupted: Error, Hashable {
  package let signal: Int32

  package init(signal: Int32) { self.signal = signal }

  /// 130 for Ctrl-C, as shells have it.
  package var exitCode: Int32 { 128 + signal }
}

/// The signal received, or 0.
private let received = Atomic<Int32>(0)
