import Support

/// Checks that bytes, which come in pieces, are UTF-8 text, and says in which line they are not.
///
/// Otherwise they would become replacement characters, above all in labels and names of columns, which would then look alike.
struct TextCheck {
  private var line = 1
  private var isBeginning = true
  /// How many bytes the current character still needs, and the range of the next one.
  private var needed = 0
  private var next: ClosedRange<UInt8> = 0x80...0xBF
  /// The first byte of the current character.
  private var first: UInt8 = 0

  /// - Throws: ``RecurrentError`` if these bytes, after those before them, are not text.
  mutating func check(_ bytes: UnsafeBufferPointer<UInt8>, _ name: String) throws(RecurrentError) {
    if isBeginning, let what = Self.kind(bytes) { throw RecurrentError(.data, "\(name) is \(what)") }
    isBeginning = false
    // Most pieces of most files are ASCII.
    if needed == 0, bytes.allSatisfy({ $0 < 0x80 && $0 > 0 }) {
      line += bytes.count { $0 == UInt8(ascii: "\n") }
      return
    }
    for byte in bytes {
      if !take(byte) {
        throw RecurrentError(
          .data,
          byte == 0
            ? "\(name), line \(line): a byte is 0 there, which no text has: give a text file"
            : "\(name), line \(line): the byte \((needed > 0 ? first : byte).hexadecimal) is not UTF-8 there: save the file in UTF-8; of Latin-1, `iconv -f latin1 -t utf-8` "
              + "makes it")
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
    }
  }

  /// - Throws: ``RecurrentError`` if the last character is not complete.
  func end(_ name: String) throws(RecurrentError) {
    if needed > 0 { throw RecurrentError(.data, "\(name), line \(line): it ends within a character of UTF-8: is it whole?") }
  }

  /// Whether a byte may come next; 0 may not, although it is a character.
  private mutating func take(_ byte: UInt8) -> Bool {
    if needed > 0 {
      guard next.contains(byte) else { return false }
      (needed, next) = (needed - 1, 0x80...0xBF)
      return true
    }
    first = byte
    guard byte > 0, let form = UTF8Form(first: byte) else { return false }
    (needed, next) = (form.following, form.second)
    return true
  }

  /// What kind of file begins with some bytes, and what to do about it; nil if it may be text.
  private static func kind(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    let kinds: [([UInt8], String)] = [
      ([0xFF, 0xFE], "in UTF-16: save it in UTF-8, or `iconv -f utf-16 -t utf-8` makes it"),
      ([0xFE, 0xFF], "in UTF-16: save it in UTF-8, or `iconv -f utf-16 -t utf-8` makes it"),
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive, as spreadsheets are: unpack it, or export the sheet as CSV"),
      ([0xD0, 0xCF, 0x11, 0xE0], "an old spreadsheet or document: export the sheet as CSV"),
      ([0x1F, 0x8B], "compressed: unpack it with gunzip"),
    ]
    return kinds.first { bytes.starts(with: $0.0) }?.1
  }
}
