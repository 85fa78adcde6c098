import Support

/// The next Unicode scalar of UTF-8 text, decoded by hand: over a gigabyte the standard library's iterators take too long.
enum UTF8Decoding {
  /// What stands for bytes that are no UTF-8.
  static let invalid = UInt32.max

  /// The scalar at `position`, which moves behind it; ``invalid``, and the position stays, if there is none:
  /// overlong forms, surrogates and numbers above 10FFFF are refused as the Unicode standard demands.
  @inline(__always)
  static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> UInt32 {
    let first = bytes[position]
    if first < 0x80 {
      position += 1
      return UInt32(first)
    }
    return longScalar(bytes, at: &position)
  }

  private static func longScalar(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> UInt32 {
    let first = bytes[position]
    let (length, least): (Int, UInt32)
    switch first {
    case 0xC2...0xDF: (length, least) = (2, 0x80)
    case 0xE0...0xEF: (length, least) = (3, 0x800)
    case 0xF0...0xF4: (length, least) = (4, 0x10000)
    default: return invalid
    }
    guard position + length <= bytes.count else { return invalid }
    var scalar = UInt32(first) & (0x7F >> UInt32(length))
    for place in position + 1..<position + length {
      guard bytes[place] & 0xC0 == 0x80 else { return invalid }
      scalar = scalar << 6 | UInt32(bytes[place] & 0x3F)
    }
    guard scalar >= least, scalar <= 0x10FFFF, !(0xD800...0xDFFF).contains(scalar) else { return invalid }
    position += length
    return scalar
  }

  /// Where text begins: behind the mark that some programs put in front of UTF-8.
  static func start(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
  }

  /// The error for the byte at `offset`, where no scalar begins.
  static func error(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, in source: String) -> RecurrentError {
    let line = bytes[..<offset].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    return RecurrentError(
      .data,
      "\(source) is not UTF-8: no character begins with byte \(hexadecimal(bytes[offset])) at offset \(offset), line \(line); "
        + "convert the text to UTF-8, or read it as bytes")
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16, uppercase: true)
  }
}
