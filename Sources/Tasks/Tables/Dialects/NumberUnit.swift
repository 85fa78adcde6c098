/// What stands beside the numbers of a column and says what they are: `$`, `%`.
package struct NumberUnit: Sendable, Hashable, Codable, CustomStringConvertible {
  package let symbol: String

  package init(symbol: String) { self.symbol = symbol }

  package var description: String { symbol }

  /// That of numbers that stand for true and false.
  package static let truth = Self(symbol: "true or false")

  package init(from decoder: any Decoder) throws { symbol = try decoder.singleValueContainer().decode(String.self) }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(symbol)
  }
}

/// What numbers have beside their digits.
extension TextScanner {
  private mutating func takes(_ bytes: [UInt8]) -> Bool {
    guard rest.starts(with: bytes) else { return false }
    rest.removeFirst(bytes.count)
    return true
  }

  /// A space: the usual one, the one that keeps a line together (U+00A0), a narrow one that does (U+202F), or a thin one (U+2009).
  mutating func takesSpace() -> Bool {
    takes(UInt8(ascii: " ")) || takes([0xC2, 0xA0]) || takes([0xE2, 0x80, 0xAF]) || takes([0xE2, 0x80, 0x89])
  }

  /// An apostrophe, straight or curved.
  mutating func takesApostrophe() -> Bool { takes(UInt8(ascii: "'")) || takes([0xE2, 0x80, 0x99]) }

  /// A hyphen or a minus sign (U+2212).
  mutating func takesMinus() -> Bool { takes(UInt8(ascii: "-")) || takes([0xE2, 0x88, 0x92]) }

  /// As many digits as there are.
  mutating func takeDigits() -> ArraySlice<UInt8> {
    let digits = rest.prefix { Self.digits ~= $0 }
    rest = rest[digits.endIndex...]
    return digits
  }

  /// A sign of a currency: `$`, one of `¢£¤¥`, or one of the block from U+20A0.
  mutating func currency() -> NumberUnit? {
    let bytes = Array(rest.prefix(3))
    let isDollar = bytes.first == UInt8(ascii: "$")
    let isLatin = bytes.count >= 2 && bytes[0] == 0xC2 && 0xA2...0xA5 ~= bytes[1]
    let isOther = bytes.count == 3 && bytes[0] == 0xE2 && bytes[1] == 0x82 && 0xA0...0xBF ~= bytes[2]
    guard isDollar || isLatin || isOther else { return nil }
    return unit(isDollar ? 1 : isLatin ? 2 : 3)
  }

  /// A sign of hundredths or thousandths.
  mutating func share() -> NumberUnit? {
    rest.first == UInt8(ascii: "%") ? unit(1) : rest.starts(with: [0xE2, 0x80, 0xB0]) ? unit(3) : nil
  }

  private mutating func unit(_ count: Int) -> NumberUnit {
    defer { rest.removeFirst(count) }
    return NumberUnit(symbol: String(decoding: rest.prefix(count), as: UTF8.self))
  }
}
