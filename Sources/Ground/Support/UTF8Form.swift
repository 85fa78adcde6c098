/// What the first byte of a character in UTF-8 says of those after it (The Unicode Standard, table 3-7).
///
/// Overlong forms, surrogates and numbers above 10FFFF are no characters: they are known by the first two bytes.
package struct UTF8Form {
  /// How many bytes come after the first one.
  package let following: Int
  /// Between which the second byte lies; any later one lies in 80…BF.
  package let second: ClosedRange<UInt8>

  @inlinable
  init(_ following: Int, _ second: ClosedRange<UInt8> = 0x80...0xBF) {
    self.following = following
    self.second = second
  }

  /// Nil if no character begins with that byte.
  @inlinable
  package init?(first: UInt8) {
    switch first {
    case 0x00...0x7F: self.init(0)
    case 0xC2...0xDF: self.init(1)
    case 0xE0: self.init(2, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE, 0xEF: self.init(2)
    case 0xED: self.init(2, 0x80...0x9F)
    case 0xF0: self.init(3, 0x90...0xBF)
    case 0xF1...0xF3: self.init(3)
    case 0xF4: self.init(3, 0x80...0x8F)
    default: return nil
    }
  }
}

extension UInt8 {
  /// Two hexadecimal digits: `0A`.
  package var hexadecimal: String { (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: true) }
}
