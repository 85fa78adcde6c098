/// Whether the numbers of a column count the rows: each is one more than the one before, or the first one again where another series
/// begins; where the rows of several series alternate, each comes equally often.
struct RunningNumber: Sendable {
  private var first: Double?
  private var last = 0.0
  private var repeats = 0
  private var most: Int?
  private var isRunning = true
  private var range = 0.0

  /// Fewer numbers that rise by one may mean anything.
  private static let fewest = 10.0

  /// Whether the column counts the rows.
  var isIndex: Bool { isRunning && range + 1 >= Self.fewest }

  mutating func add(_ number: Double) {
    guard isRunning else { return }
    guard let first else {
      (first, last, repeats) = (number, number, 1)
      isRunning = number == number.rounded()
      return
    }
    range = max(range, number - first)
    if number == last {
      repeats += 1
      if let most, repeats > most { isRunning = false }
      return
    }
    if let most, repeats != most { isRunning = false }
    most = repeats
    if number != last + 1 && number != first { isRunning = false }
    (last, repeats) = (number, 1)
  }
}
