/// Bars of characters, in halves of a character where the channel shows more than ASCII.
package struct Bars {
  let hasUnicode: Bool

  package init(hasUnicode: Bool) { self.hasUnicode = hasUnicode }

  /// A bar to the right, `length` characters long for a fraction of 1.
  package func right(_ fraction: Double, _ length: Int) -> String {
    let halves = halves(fraction, length)
    return full(halves / 2) + (halves % 2 == 1 ? "▌" : "")
  }

  /// A bar that grows from the middle of `2 * length + 1` characters: to the left for numbers below 0, to the right above.
  package func diverging(_ fraction: Double, _ length: Int) -> (left: String, middle: String, right: String) {
    let halves = halves(abs(fraction), length)
    let space = String(repeating: " ", count: length - (halves + 1) / 2)
    let empty = String(repeating: " ", count: length)
    let middle = hasUnicode ? "│" : "|"
    if fraction < 0 { return (space + (halves % 2 == 1 ? "▐" : "") + full(halves / 2), middle, empty) }
    return (empty, middle, right(fraction, length) + space)
  }

  private func full(_ count: Int) -> String { String(repeating: hasUnicode ? "█" : "#", count: count) }

  private func halves(_ fraction: Double, _ length: Int) -> Int {
    let fraction = min(1, max(0, fraction))
    return hasUnicode ? Int((fraction * Double(2 * length)).rounded()) : 2 * Int((fraction * Double(length)).rounded())
  }
}
