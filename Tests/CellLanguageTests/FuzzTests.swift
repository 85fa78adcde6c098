import CellLanguage
import Testing

/// Text of any kind gives a cell or a diagnostic, never a trap.
struct FuzzTests {
  @Test(arguments: Cell.library)
  func brokenCellsAreExplained(cell: Cell) {
    var random = SplitMix(state: cell.name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    let original = Array(cell.description)
    for _ in 0..<150 {
      var text = original
      for _ in 0...Int.random(in: 0..<4, using: &random) { Self.breakSomething(in: &text, using: &random) }
      do throws(Diagnostic) {
        let found = try Cell(parsing: String(text))
        #expect(throws: Never.self) { try #expect(Cell(parsing: found.description) == found) }
      } catch {
        #expect(!error.message.isEmpty && !error.help.isEmpty)
        #expect(error.line >= 1 && error.column >= 1 && error.length >= 1)
        #expect(error.column <= error.source.count + 1)
      }
    }
  }

  private static let pieces: [[Character]] = [
    "(", ")", "[", "]", ",", "=", "'", "^T", "^", "#", "\n", " ", "+", "-", "*", "/", "x", "h", "c'", "W ", "1", "1e", "0.5", "~",
    "tanh(", "max(", "W^T ", "[h, x]", "\ninit ", "\nstate ", "\nsize P = units / 2", "\nscalar ", "(P)", "\u{0}", "é", "\u{301}",
    "\r\n", "\t", "𝛔", "👩‍👩‍👧", "1e999", "99999999999999999999", "= identity", "= uniform(1, 2)", "\nh' = ", "units",
    "\nheads 2", "\nblock W", "\nrepeat 3\n", "\n  ",
  ].map(Array.init)

  private static func breakSomething(in text: inout [Character], using random: inout SplitMix) {
    let place = Int.random(in: 0...text.count, using: &random)
    let end = min(text.count, place + Int.random(in: 0..<8, using: &random))
    switch Int.random(in: 0..<5, using: &random) {
    case 0: text.removeSubrange(place..<end)
    case 1: text.insert(contentsOf: text[place..<end], at: Int.random(in: 0...text.count, using: &random))
    case 2: text.replaceSubrange(place..<end, with: pieces.randomElement(using: &random) ?? [])
    case 3: if end > place { text.swapAt(place, Int.random(in: 0..<text.count, using: &random)) }
    default: text.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
    }
  }
}

/// A random number generator that repeats itself (Steele, Lea & Flood 2014).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
