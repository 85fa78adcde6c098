import CommandKit
import Console
import Foundation
import Testing

/// Each in a process of its own, since signals belong to the process.
struct InterruptTests {
  @Test func theFirstSignalAsks() async {
    await #expect(processExitsWith: .exitCode(7)) {
      signal(SIGINT, SIG_DFL)
      Interrupt.watching {
        guard Interrupt.request == nil else { exit(1) }
        send(SIGINT) { Interrupt.request != nil }
        exit(Interrupt.request == Interrupted(signal: SIGINT) && Interrupt.request?.exitCode == 130 ? 7 : 2)
      }
    }
  }

  @Test func theSecondEndsAtOnce() async {
    await #expect(processExitsWith: .exitCode(130)) {
      signal(SIGINT, SIG_DFL)
      Interrupt.watching {
        send(SIGINT) { Interrupt.request != nil }
        send(SIGINT) { false }
      }
    }
  }

  @Test func terminationAsksToo() async {
    await #expect(processExitsWith: .exitCode(143)) {
      let command = Command("work", "Works.") { _ in
        { _ in
          try Interrupt.watching {
            send(SIGTERM) { Interrupt.request != nil }
            if let request = Interrupt.request { throw request }
          }
        }
      }
      exit(command.run([], on: .system()))
    }
  }

  @Test func outsideItEndsAsAlways() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      signal(SIGINT, SIG_DFL)
      Interrupt.watching { send(SIGINT) { Interrupt.request != nil } }
      send(SIGINT) { false }
    }
  }

  @Test func anEarlierRequestIsForgotten() async {
    await #expect(processExitsWith: .exitCode(7)) {
      Interrupt.watching { send(SIGTERM) { Interrupt.request != nil } }
      exit(Interrupt.watching { Interrupt.request == nil } ? 7 : 1)
    }
  }

  @Test func whatIsIgnoredStaysIgnored() async {
    await #expect(processExitsWith: .exitCode(7)) {
      signal(SIGINT, SIG_IGN)
      let asked = Interrupt.watching {
        // The second signal comes after the first, so once it has come that one would have been noticed.
        kill(getpid(), SIGINT)
        send(SIGTERM) { Interrupt.request != nil }
        return Interrupt.request
      }
      kill(getpid(), SIGINT)
      exit(asked == Interrupted(signal: SIGTERM) ? 7 : 1)
    }
  }
}

/// Sends a signal to this process, not to this thread, which may have it blocked, and waits until `arrived`; gives up with
/// exit code 3 after ten seconds, which a signal that ends the process never needs.
private func send(_ number: Int32, until arrived: () -> Bool) {
  kill(getpid(), number)
  for _ in 0..<1000 where !arrived() { usleep(10_000) }
  if !arrived() { exit(3) }
}
