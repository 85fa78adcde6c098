import Support

/// The next Unicode scalar of UTF-8 text, decoded by hand: over a gigabyte the standard library's iterators take too long.
enum UTF8Decoding {
  /// What stands for bytes that are no UTF-8.
  static let invalid = UInt32.max

  /// The scalar at `position`, which moves past it; ``invalid``, and the position stays, if there is none.
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
    guard let form = UTF8Form(first: first) else { return invalid }
    let end = position + 1 + form.following
    guard end <= bytes.count, form.second.contains(bytes[position + 1]) else { return invalid }
    var scalar = UInt32(first) & (0x3F >> UInt32(form.following))
    for place in position + 1..<end {
      guard bytes[place] & 0xC0 == 0x80 else { return invalid }
      scalar = scalar << 6 | UInt32(bytes[place] & 0x3F)
    }
    position = end
    return scalar
  }

  /// Where text begins: after the mark that some programs put in front of UTF-8.
  static func start(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
  }

  /// The error for the byte at `offset`, where no scalar begins.
  static func error(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, in source: String) -> RecurrentError {
    if bytes.starts(with: [0x1F, 0x8B]) { return RecurrentError(.data, "\(source) is compressed: unpack it with gunzip") }
    let line = bytes[..<offset].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    return RecurrentError(
      .data,
      "\(source) is not UTF-8: no character begins with byte 0x\(bytes[offset].hexadecimal) at offset \(offset), line \(line); "
        + "convert the text to UTF-8, or read it as bytes")
  }
}
