/// Cuts UTF-8 text into words, numbers, punctuation marks and line ends, in one pass and without a `String`.
///
/// A word or number is a run of letters, digits, combining marks and underscores; an apostrophe between two letters and
/// a point or comma between two digits belong to it: `don't`, `3rd`, `1,234.5`. The unknown word's symbol, `<unk>`, is one
/// token, as texts have it that were prepared so. Every other character that is no white space stands alone.
struct WordScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position: Int
  /// The token that ``next()`` found.
  private(set) var range = 0..<0
  private(set) var hash = WordTable.emptyHash

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    position = UTF8Decoding.start(of: bytes)
  }

  /// Moves to the next token; false at the end of the text, or where it is no UTF-8: ``invalidOffset`` tells.
  mutating func next() -> Bool {
    while position < bytes.count {
      let start = position
      let scalar = UTF8Decoding.scalar(bytes, at: &position)
      if scalar == UTF8Decoding.invalid { return false }
      switch CharacterClass(scalar) {
      case .space: continue
      case .mark:
        if scalar == 0x3C && startsUnknown(at: start) { position = start + unknown.count }
      case .letter, .digit: finishWord(after: CharacterClass(scalar))
      }
      range = start..<position
      hash = WordTable.emptyHash
      for place in start..<position { hash = WordTable.hash(hash, bytes[place]) }
      return true
    }
    return false
  }

  /// Where the bytes stop being UTF-8, once ``next()`` has been false.
  var invalidOffset: Int? { position < bytes.count ? position : nil }

  private mutating func finishWord(after first: CharacterClass) {
    var last = first
    while position < bytes.count {
      var end = position
      let scalar = UTF8Decoding.scalar(bytes, at: &end)
      if scalar == UTF8Decoding.invalid { return }
      let found = CharacterClass(scalar)
      switch found {
      case .letter, .digit:
        last = found
        position = end
      case .space: return
      case .mark:
        guard joins(scalar, last), end < bytes.count else { return }
        var after = end
        let following = UTF8Decoding.scalar(bytes, at: &after)
        guard following != UTF8Decoding.invalid, CharacterClass(following) == last else { return }
        position = after
      }
    }
  }

  /// Whether the mark holds together two letters, or two digits.
  private func joins(_ mark: UInt32, _ sides: CharacterClass) -> Bool {
    switch sides {
    case .letter: mark == 0x27 || mark == 0x2019
    case .digit: mark == 0x2E || mark == 0x2C
    case .space, .mark: false
    }
  }

  private func startsUnknown(at start: Int) -> Bool {
    start + unknown.count <= bytes.count && (0..<unknown.count).allSatisfy { bytes[start + $0] == unknown[$0] }
  }
}

private let unknown = Array(Vocabulary.unknown.utf8)

/// What a character is to ``WordScanner``.
enum CharacterClass: UInt8 {
  /// White space other than a line end.
  case space
  /// A character that stands alone; a line end is one.
  case mark
  case letter
  case digit

  @inline(__always)
  init(_ scalar: UInt32) {
    switch scalar {
    case 0x61...0x7A, 0x41...0x5A, 0x5F: self = .letter
    case 0x30...0x39: self = .digit
    case 0x0A, 0x21...0x7E: self = .mark
    case 0...0x7F: self = .space
    default: self = CharacterClass.table[Int(scalar)]
    }
  }

  /// One for each scalar: looking its properties up again takes longer than all the rest.
  private static let table: [CharacterClass] = (0...0x10FFFF).map(looked(up:))

  private static func looked(up code: UInt32) -> CharacterClass {
    guard let scalar = Unicode.Scalar(code) else { return .mark }
    let properties = scalar.properties
    if properties.isWhitespace { return .space }
    switch properties.generalCategory {
    case .decimalNumber: return .digit
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber, .nonspacingMark,
      .spacingMark, .enclosingMark:
      return .letter
    case .control, .format: return .space
    default: return .mark
    }
  }
}
