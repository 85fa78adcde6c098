/// A row of a table as the file has it: texts, without the quotes around them.
package struct TableRow: Sendable {
  /// The line of the file in which it begins, from 1.
  package internal(set) var line = 0
  /// All texts, one after the other.
  var bytes: [UInt8] = []
  /// The index at which each text ends.
  var ends: [Int] = []

  package init() {}

  package var count: Int { ends.count }

  /// The text of a field, in UTF-8.
  package subscript(index: Int) -> ArraySlice<UInt8> { bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

  /// The value of a field.
  package func value(_ index: Int) -> TableValue { TableValue(self[index]) }

  /// The text of a field.
  package func text(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }

  mutating func clear(line: Int) {
    self.line = line
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  mutating func add(_ text: some Collection<UInt8>) {
    bytes += text
    ends.append(bytes.count)
  }
}

/// What a field of a table holds.
package enum TableValue: Sendable, Hashable {
  case missing
  case number(Double)
  case moment(Moment)
  /// An array of numbers, or of arrays of numbers.
  case array
  case text

  /// The texts that stand for missing values, in lower case.
  package static let missingTexts: Set<String> = ["", "na", "n/a", "nan", "null", "none", "?", "nil", "-"]

  /// The value that a text stands for.
  package init(_ text: ArraySlice<UInt8>) {
    guard let first = text.first else {
      self = .missing
      return
    }
    let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= first
    let isSign = first == UInt8(ascii: "-") || first == UInt8(ascii: "+") || first == UInt8(ascii: ".")
    if isDigit || isSign, let number = Self.number(text) {
      self = .number(number)
    } else if isDigit, let moment = Moment(text) {
      self = .moment(moment)
    } else if text.count <= 4, Self.missingTexts.contains(String(decoding: text, as: UTF8.self).lowercased()) {
      self = .missing
    } else if NumberArray.isLikely(text) {
      self = .array
    } else {
      self = .text
    }
  }

  /// A decimal number. Up to 15 digits and a power of ten up to 22 are exact in a product or quotient of two doubles (Clinger
  /// 1990, How to read floating point numbers accurately); others are parsed by the standard library.
  static func number(_ text: ArraySlice<UInt8>) -> Double? {
    var place = text.startIndex
    let isNegative = text[place] == UInt8(ascii: "-")
    if isNegative || text[place] == UInt8(ascii: "+") { place += 1 }
    var (mantissa, digits, decimals) = (UInt64(0), 0, 0)
    var hasPoint = false
    while place < text.endIndex {
      let byte = text[place]
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        let digit = byte &- UInt8(ascii: "0")
        guard digit <= 9, digits < 15 else { return slowNumber(text) }
        mantissa = mantissa * 10 + UInt64(digit)
        digits += 1
        if hasPoint { decimals += 1 }
      }
      place += 1
    }
    guard digits > 0 else { return nil }
    let number = Double(mantissa) / powers[decimals]
    return isNegative ? -number : number
  }

  private static let powers: [Double] = (0..<16).reduce(into: []) { powers, _ in powers.append((powers.last ?? 0.1) * 10) }

  /// Numbers with exponents or many digits. Swift would also take hexadecimal numbers and words.
  private static func slowNumber(_ text: ArraySlice<UInt8>) -> Double? {
    guard text.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "+-.eE".utf8.contains($0) }),
      let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite
    else { return nil }
    return number
  }
}
