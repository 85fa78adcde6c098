import Platform
import Support

/// Shows how far long work has come: one line that is redrawn on a terminal, a plain line every few seconds elsewhere, and
/// nothing at all for work that takes less than two seconds.
package struct ProgressLine {
  private let terminal: Terminal
  private let total: Int
  private let things: String
  private let now: @Sendable () -> Duration
  private let start: Duration
  private var shown: Duration?
  private var isDrawn = false
  private var pace: Pace

  /// - Parameters:
  ///   - total: how many things there are to do.
  ///   - done: how many of them an earlier run has done.
  ///   - things: what they are called, such as `steps`.
  ///   - now: a clock that never goes back.
  package init(
    total: Int, done: Int = 0, things: String, on terminal: Terminal, now: @escaping @Sendable () -> Duration = uptime
  ) {
    self.terminal = terminal
    self.total = total
    self.things = things
    self.now = now
    start = now()
    pace = Pace(time: start, done: done)
  }

  /// Says that `done` of the things are done; `detail`, such as `loss 1.640`, is shown with it.
  package mutating func update(_ done: Int, _ detail: @autoclosure () -> String = "") {
    let time = now()
    let isTerminal = terminal.messages.abilities.isTerminal
    // Ten times a second is smooth to the eye and costs nothing.
    let due = shown.map { $0 + (isTerminal ? .milliseconds(100) : .seconds(5)) } ?? start + .seconds(2)
    guard time >= due else { return }
    shown = time
    pace.note(time: time, done: done)
    let parts = parts(done, detail())
    if isTerminal {
      isDrawn = true
      try? terminal.messages.send("\r" + line(done, parts) + "\u{1B}[K")
    } else {
      terminal.say(parts.joined(separator: ", "))
    }
  }

  /// Takes the line off the terminal, so that something else can be written; the next update draws it again.
  package mutating func clear() {
    guard isDrawn else { return }
    isDrawn = false
    try? terminal.messages.send("\r\u{1B}[K")
  }

  private func parts(_ done: Int, _ detail: String) -> [String] {
    let percent = total > 0 ? Int(Double(done) / Double(total) * 100) : 100
    var parts = ["\(percent) %", "\(done.grouped) of \(total.grouped) \(things)"]
    let perSecond = pace.perSecond
    if perSecond > 0 { parts.append(rate(perSecond, things)) }
    if !detail.isEmpty { parts.append(detail) }
    if perSecond > 0 { parts.append("\(Duration.seconds(Double(max(0, total - done)) / perSecond).brief) left") }
    return parts
  }

  /// The bar and as many of the parts as fit; the last columns stay free, as writing in the very last may
  /// start a new line, and Ctrl-C shows as `^C`.
  private func line(_ done: Int, _ parts: [String]) -> String {
    let room = max(0, terminal.messages.width - 3)
    var text = parts.joined(separator: "  ")
    if room - text.count - 2 < 10 && parts.count > 2 {
      // In a narrow window the counts, which the bar shows as well, make room for the rate and the time left.
      text = (parts[..<1] + parts[2...]).joined(separator: "  ")
    }
    let length = min(30, room - text.count - 2)
    guard length >= 5 else { return String(text.prefix(room)) }
    let full = total > 0 ? min(length, length * done / total) : length
    let (on, off) = terminal.messages.abilities.hasUnicode ? ("█", "░") : ("#", "-")
    return String(repeating: on, count: full) + String(repeating: off, count: length - full) + "  " + text
  }
}

/// How fast the work goes: a mean in which what is older than a quarter of a minute counts little.
private struct Pace {
  private var time: Duration
  private var done: Int
  private var weightedSeconds = 0.0
  private var weightedCount = 0.0

  init(time: Duration, done: Int) {
    self.time = time
    self.done = done
  }

  mutating func note(time: Duration, done: Int) {
    let seconds = (time - self.time).seconds
    let kept = exp(-seconds / 15)
    weightedSeconds = weightedSeconds * kept + seconds
    weightedCount = weightedCount * kept + Double(done - self.done)
    self.time = time
    self.done = done
  }

  var perSecond: Double { weightedSeconds > 0 ? weightedCount / weightedSeconds : 0 }
}

/// The time since some fixed moment.
@Sendable package func uptime() -> Duration { ContinuousClock.now - beginning }

private let beginning = ContinuousClock.now
