import Support

/// Reads JSON text front to back into whatever the caller expects at each place.
///
/// Many readers keep one of two equal keys and say nothing, while the safetensors format forbids them and a
/// file that names a tensor twice must not be read as either. The caller asks for each value by its kind and there is
/// no way to skip one, so depth and memory are bounded by what the caller asks for.
package struct StrictJSON {
  /// Where and why the text is not what the caller expects.
  package struct Problem: Error {
    package let text: String

    package init(_ text: String) { self.text = text }
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Reads an object; `member` is called with each key and must read the key's value.
  package mutating func object(_ member: (inout StrictJSON, String) throws(Problem) -> Void) throws(Problem) {
    var keys: Set<String> = []
    try sequence("{", "}", of: "an object") { json throws(Problem) in
      let key = try json.string()
      guard keys.insert(key).inserted else { throw Problem("the key \(quoted(key)) stands there twice") }
      try json.expect(":")
      try member(&json, key)
    }
  }

  /// Reads an array; `element` is called for each element and must read it.
  package mutating func array(_ element: (inout StrictJSON) throws(Problem) -> Void) throws(Problem) {
    try sequence("[", "]", of: "an array", element)
  }

  /// Reads a number without a fraction or an exponent; nil if it does not fit in an `Int`.
  package mutating func integer() throws(Problem) -> Int? {
    skipSpace()
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    let first = position
    while let byte = peek, digits.contains(byte) { position += 1 }
    let leadingZero = position - first > 1 && bytes[first] == UInt8(ascii: "0")
    if position == first || leadingZero || [".", "e", "E"].contains(where: { peek == UInt8(ascii: $0) }) {
      position = start
      throw unexpected("a whole number")
    }
    return Int(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  /// The next character after white space.
  var next: Unicode.Scalar? {
    bytes[position...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.map(Unicode.Scalar.init)
  }

  /// Whether an array comes next.
  package var beginsArray: Bool { next == "[" }
  /// Whether a string comes next.
  package var beginsString: Bool { next == "\"" }

  /// Takes a word such as `true` if it comes next.
  mutating func takes(word: String) -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  /// Reads a number.
  package mutating func number() throws(Problem) -> Double { try finiteNumber().value }

  /// Reads a number and gives its digits as they stand.
  package mutating func numberText() throws(Problem) -> String { try finiteNumber().text }

  private mutating func finiteNumber() throws(Problem) -> (text: String, value: Double) {
    skipSpace()
    let start = position
    guard let first = peek, first == UInt8(ascii: "-") || digits.contains(first) else { throw unexpected("a number") }
    _ = takesHere("-")
    // A number begins with 0 only if that is all before the point.
    if !takesHere("0") { try takeDigits() }
    if takesHere(".") { try takeDigits() }
    if takesHere("e") || takesHere("E") {
      if !takesHere("+") { _ = takesHere("-") }
      try takeDigits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw Problem("the number at byte \(start - bytes.startIndex) is larger than any that can be stored")
    }
    return (text, value)
  }

  private mutating func takeDigits() throws(Problem) {
    let start = position
    while let byte = peek, digits.contains(byte) { position += 1 }
    if position == start { throw unexpected("a digit") }
  }

  /// Reads what is no array and no object, as text: a string's own, a number's digits, 1 and 0 for true and false, nothing for
  /// null.
  package mutating func scalarText() throws(Problem) -> String {
    skipSpace()
    if peek == UInt8(ascii: "\"") { return try string() }
    for (word, text) in [("true", "1"), ("false", "0"), ("null", "")] where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return text
    }
    return try numberText()
  }

  /// Reads an array of numbers, of words such as `null`, or of arrays of these, and gives its text as it stands: what it holds is
  /// for others to say.
  package mutating func numberArrayText() throws(Problem) -> String {
    skipSpace()
    let start = position
    var depth = 0
    repeat {
      switch peek {
      case UInt8(ascii: "[")?:
        depth += 1
        if depth > 2 { throw unexpected("a number: arrays within arrays of arrays are not read") }
      case UInt8(ascii: "]")?: depth -= 1
      case nil, UInt8(ascii: "\"")?, UInt8(ascii: "{")?, UInt8(ascii: "}")?: throw unexpected("a number")
      default: break
      }
      position += 1
    } while depth > 0
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Reads a string.
  package mutating func string() throws(Problem) -> String {
    try expect("\"", "a string")
    var text: [UInt8] = []
    while true {
      guard let byte = peek else { throw unexpected("the end of a string") }
      guard byte >= 0x20 else { throw unexpected("a string without bare control characters") }
      position += 1
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: String(try escape()).utf8)
      } else {
        text.append(byte)
      }
    }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw Problem("the string that ends at byte \(position - bytes.startIndex) is not UTF-8")
    }
    return string
  }

  /// Fails unless only white space follows.
  package mutating func end() throws(Problem) {
    skipSpace()
    if peek != nil { throw unexpected("nothing more") }
  }

  private mutating func sequence(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, of kind: String, _ element: (inout StrictJSON) throws(Problem) -> Void
  ) throws(Problem) {
    try expect(open, kind)
    if takes(close) { return }
    repeat { try element(&self) } while takes(",")
    try expect(close, "`,` or `\(close)`")
  }

  private mutating func escape() throws(Problem) -> Unicode.Scalar {
    let byte = peek
    position += byte == nil ? 0 : 1
    switch byte.map(Unicode.Scalar.init) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let first = try hexadecimal()
      if let scalar = Unicode.Scalar(first) { return scalar }
      // A character beyond the first plane is written as two halves.
      guard first < 0xDC00, takesHere("\\"), takesHere("u") else { throw unexpected("the second half of a character") }
      let second = try hexadecimal()
      guard 0xDC00...0xDFFF ~= second, let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) else {
        throw unexpected("the second half of a character")
      }
      return scalar
    default: throw unexpected("an escape such as `\\n`")
    }
  }

  private mutating func hexadecimal() throws(Problem) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw unexpected("four hexadecimal digits") }
    position += 4
    return value
  }

  private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    return takesHere(scalar)
  }

  private mutating func takesHere(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ scalar: Unicode.Scalar, _ kind: String? = nil) throws(Problem) {
    guard takes(scalar) else { throw unexpected(kind ?? "`\(scalar)`") }
  }

  private func unexpected(_ expected: String) -> Problem {
    let found = peek.map { $0 > 0x20 && $0 < 0x7F ? "`\(Character(Unicode.Scalar($0)))`" : "byte \($0)" } ?? "its end"
    return Problem("expected \(expected) at byte \(position - bytes.startIndex), found \(found)")
  }
}

private let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
