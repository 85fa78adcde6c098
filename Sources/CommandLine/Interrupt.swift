import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The user's wish to stop, by Ctrl-C or `kill`, for work that wants to save something first.
package enum Interrupt {
  /// Runs `body`, in which the first SIGINT or SIGTERM only makes ``request`` answer; a second one ends the process at once.
  ///
  /// Outside of it, both end the process as always, so that nothing that does not ask can't be stopped. A signal that
  /// the process was started to ignore, as under `nohup`, stays ignored.
  package static func watching<Result>(_ body: () throws -> Result) rethrows -> Result {
    received.store(0, ordering: .relaxed)
    let signals = [SIGINT, SIGTERM]
    let before = signals.map(install)
    defer {
      for (signal, var action) in zip(signals, before) { sigaction(signal, &action, nil) }
    }
    return try body()
  }

  /// What has asked to stop since ``watching(_:)`` began, if anything has.
  package static var request: Interrupted? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : Interrupted(signal: number)
  }

  private static func install(_ signal: Int32) -> sigaction {
    var old = sigaction()
    sigaction(signal, nil, &old)
    guard !ignores(old) else { return old }
    var new = sigaction()
    // Reads and writes under way go on.
    new.sa_flags = SA_RESTART
    setHandler(&new) { number in
      // Only what is safe at any moment: one atomic exchange, and the call that ends the process without ceremony.
      if received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
    }
    sigaction(signal, &new, nil)
    return old
  }

  private static func ignores(_ action: sigaction) -> Bool {
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func setHandler(_ action: inout sigaction, _ handler: @escaping @convention(c) (Int32) -> Void) {
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
  }
}

/// Thrown by work that stopped because it was asked to. It has said itself what it saved.
package struct Interrupted: Error, Hashable {
  package let signal: Int32

  package init(signal: Int32) { self.signal = signal }

  /// 130 for Ctrl-C, as shells have it.
  package var exitCode: Int32 { 128 + signal }
}

/// The signal received, or 0.
private let received = Atomic<Int32>(0)
