import CommandKit
import Console
import Synchronization
import Testing

struct ProgressLineTests {
  /// A clock that stands still until it is set.
  private final class Clock: Sendable {
    private let time = Mutex(Duration.zero)
    func set(_ seconds: Double) { set(.seconds(seconds)) }
    func set(_ time: Duration) { self.time.withLock { $0 = time } }
    func now() -> Duration { time.withLock { $0 } }
  }

  private let captured = CapturedTerminal()
  private let clock = Clock()

  private func progress(_ total: Int, done: Int = 0, on terminal: Terminal) -> ProgressLine {
    ProgressLine(total: total, done: done, things: "steps", on: terminal, now: { [clock] in clock.now() })
  }

  @Test(arguments: [true, false])
  func shortWorkShowsNothing(isTerminal: Bool) {
    var progress = progress(10, on: captured.terminal(isTerminal: isTerminal))
    for step in 1...10 {
      clock.set(Double(step) * 0.19)
      progress.update(step)
    }
    progress.clear()
    #expect(captured.messages == "")
  }

  @Test func aLineIsRedrawnOnATerminalAndTakenAway() {
    var progress = progress(4000, on: captured.terminal(isTerminal: true, width: 100))
    clock.set(2)
    progress.update(1000, "loss 1.640")
    progress.clear()
    progress.clear()
    #expect(
      captured.messages
        == "\r" + String(repeating: "█", count: 7) + String(repeating: "░", count: 23)
        + "  25 %  1,000 of 4,000 steps  500 steps/s  loss 1.640  6.0 s left\u{1B}[K\r\u{1B}[K")
  }

  @Test func withoutUnicodeTheBarIsPlain() {
    var progress = progress(4, on: captured.terminal(isTerminal: true, hasUnicode: false, width: 100))
    clock.set(2)
    progress.update(2)
    #expect(captured.messages == "\r" + "###############---------------  50 %  2 of 4 steps  1.00 steps/s  2.0 s left\u{1B}[K")
  }

  @Test(arguments: 1...100)
  func theLineStaysShorterThanTheTerminal(width: Int) {
    var progress = progress(4000, on: captured.terminal(isTerminal: true, width: width))
    clock.set(2)
    progress.update(4000, "loss 1.640")
    #expect(captured.messages.count <= max(0, width - 3) + "\r\u{1B}[K".count)
  }

  @Test func itIsDrawnTenTimesASecondAtMost() {
    var progress = progress(10_000, on: captured.terminal(isTerminal: true))
    for step in 1...10_000 {
      clock.set(.milliseconds(step))
      progress.update(step)
    }
    // From second 2 to second 10, both ends included.
    #expect(captured.messages.count { $0 == "\r" } == 81)
  }

  @Test func elsewhereThereIsALineEveryFiveSeconds() {
    var progress = progress(2000, on: captured.terminal())
    for second in 1...12 {
      clock.set(Double(second))
      progress.update(second * 100, "loss 1.640")
    }
    progress.clear()
    #expect(
      captured.messages == """
        10 %, 200 of 2,000 steps, 100 steps/s, loss 1.640, 18 s left
        35 %, 700 of 2,000 steps, 100 steps/s, loss 1.640, 13 s left
        60 %, 1,200 of 2,000 steps, 100 steps/s, loss 1.640, 8.0 s left

        """)
  }

  /// What an earlier run has done says nothing of this one's pace.
  @Test func resumedWorkKnowsItsPace() {
    var progress = progress(2000, done: 1000, on: captured.terminal())
    clock.set(2)
    progress.update(1002)
    #expect(captured.messages == "50 %, 1,002 of 2,000 steps, 1.00 steps/s, 16 min 38 s left\n")
  }

  @Test func aChangeOfPaceIsNoticed() {
    var progress = progress(1_000_000, on: captured.terminal())
    var done = 0
    for second in 1...100 {
      clock.set(Double(second))
      done += second <= 50 ? 1000 : 10
      progress.update(done)
    }
    // 45 s or more after the change, what was before counts e^-3 or less: 10 + 0.05 * 1000.
    let last = captured.messages.split(separator: "\n").last ?? ""
    let shown = last.split(separator: ", ").compactMap { $0.hasSuffix(" steps/s") ? Double($0.dropLast(8)) : nil }
    #expect(shown.count == 1 && shown.allSatisfy { 10...60 ~= $0 }, "\(last)")
  }
}
