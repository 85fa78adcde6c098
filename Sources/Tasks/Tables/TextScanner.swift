/// Reads numbers, marks and words from the beginning of a text.
struct TextScanner {
  var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  init(_ text: some Collection<UInt8>) { rest = Array(text)[...] }

  var isAtEnd: Bool { rest.isEmpty }

  /// How many digits come next.
  var digits: Int { rest.prefix { Self.digits ~= $0 }.count }

  static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

  mutating func takes(_ scalar: Unicode.Scalar) -> Bool { takes(UInt8(ascii: scalar)) }

  mutating func takes(_ byte: UInt8) -> Bool {
    guard rest.first == byte else { return false }
    rest.removeFirst()
    return true
  }

  /// A number with exactly `count` digits.
  mutating func number(_ count: Int) -> Int? {
    guard rest.count >= count else { return nil }
    var number = 0
    for byte in rest.prefix(count) {
      guard Self.digits ~= byte else { return nil }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    rest = rest.dropFirst(count)
    return number
  }

  /// A number of one or two digits.
  mutating func shortNumber() -> Int? {
    let count = digits
    return 1...2 ~= count ? number(count) : nil
  }

  /// The fraction after a decimal point, with at least one digit, and how many digits it has.
  mutating func fraction() -> (value: Double, digits: Int)? {
    let count = digits
    guard count > 0 else { return nil }
    // More digits than nine are more than a double has beside the seconds since 1970.
    guard let number = number(min(count, 9)) else { return nil }
    rest = rest.dropFirst(count - min(count, 9))
    return (Double(number) / Double((0..<min(count, 9)).reduce(1) { scale, _ in scale * 10 }), min(count, 9))
  }

  /// Whether a word in small letters comes next, in letters of any case, which is then taken.
  mutating func takesWord(_ word: String) -> Bool {
    guard rest.count >= word.utf8.count, zip(rest, word.utf8).allSatisfy({ $0 | 0x20 == $1 }) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }
}

/// A number with zeros before it, so that it has at least `count` digits.
func padded(_ number: Int, _ count: Int) -> String {
  let digits = "\(number.magnitude)"
  return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, count - digits.count)) + digits
}

extension Int {
  /// The quotient rounded down, and a remainder that is never negative.
  func dividedDown(by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
