/// How numbers are written in a file, and the one place where a text becomes a number.
package struct NumberReading: Sendable, Hashable {
  package let decimal: TableDialect.DecimalMark
  package let thousands: TableDialect.ThousandsMark

  package init(decimal: TableDialect.DecimalMark, thousands: TableDialect.ThousandsMark) {
    self.decimal = decimal
    self.thousands = thousands
  }

  /// Decimal points, and nothing between groups of digits.
  package static let plain = Self(decimal: .point, thousands: .none)

  /// All readings, those that occur more often first.
  static let all: [Self] = [
    .plain, Self(decimal: .comma, thousands: .none), Self(decimal: .point, thousands: .comma),
    Self(decimal: .comma, thousands: .point), Self(decimal: .point, thousands: .space),
    Self(decimal: .comma, thousands: .space), Self(decimal: .point, thousands: .apostrophe),
    Self(decimal: .comma, thousands: .apostrophe),
  ]

  /// The number that a text stands for, and the unit that stands beside it; nil if it is no number.
  ///
  /// A number may have a sign, an exponent, and before or after it a sign of a currency, or after it one of hundredths. Groups have
  /// three digits each but for the first, which does not begin with 0, and a number with an exponent has none.
  package func amount(_ text: ArraySlice<UInt8>) -> (number: Double, unit: NumberUnit?)? {
    guard Self.mayBegin(with: text) else { return nil }
    if let number = simpleNumber(text) { return (number, nil) }
    var scanner = TextScanner(text)
    var digits: [UInt8] = []
    var isSigned = Self.takeSign(&scanner, &digits)
    var unit = scanner.currency()
    if unit != nil {
      while scanner.takesSpace() {}
      isSigned = isSigned || Self.takeSign(&scanner, &digits)
    }
    guard takeDigits(&scanner, &digits) else { return nil }
    if unit == nil, !scanner.isAtEnd {
      while scanner.takesSpace() {}
      unit = scanner.share() ?? scanner.currency()
      if unit == nil { return nil }
    }
    guard scanner.isAtEnd, let number = Double(String(decoding: digits, as: UTF8.self)), number.isFinite else { return nil }
    return (number, unit)
  }

  /// Whether a text begins as numbers do in one reading or another.
  static func mayBegin(with text: ArraySlice<UInt8>) -> Bool { text.first.map { firstBytes[Int($0)] } ?? false }

  /// The bytes with which a number may begin: digits, signs, marks, and the first ones of currencies and of the minus sign.
  private static let firstBytes: [Bool] = {
    var marks = [Bool](repeating: false, count: 256)
    for byte in "0123456789+-.,$".utf8 { marks[Int(byte)] = true }
    for byte in [0xC2, 0xE2] { marks[byte] = true }
    return marks
  }()

  private static func takeSign(_ scanner: inout TextScanner, _ digits: inout [UInt8]) -> Bool {
    if scanner.takesMinus() {
      digits.append(UInt8(ascii: "-"))
      return true
    }
    return scanner.takes(UInt8(ascii: "+"))
  }

  /// Takes the digits of a number with the marks between them, and adds them as Swift writes them.
  private func takeDigits(_ scanner: inout TextScanner, _ digits: inout [UInt8]) -> Bool {
    let first = scanner.takeDigits()
    digits += first.isEmpty ? [UInt8(ascii: "0")][...] : first
    var hasGroups = false
    if thousands != .none, 1...3 ~= first.count, first.first != UInt8(ascii: "0") {
      var ahead = scanner
      while takesThousands(&ahead) {
        let group = ahead.takeDigits()
        guard group.count == 3 else { break }
        digits += group
        hasGroups = true
        scanner = ahead
      }
    }
    var hasDecimals = false
    if scanner.takes(decimal.byte) {
      let decimals = scanner.takeDigits()
      hasDecimals = !decimals.isEmpty
      if hasDecimals { digits += [UInt8(ascii: ".")] + decimals }
    }
    guard hasDecimals || !first.isEmpty else { return false }
    if scanner.takes(UInt8(ascii: "e")) || scanner.takes(UInt8(ascii: "E")) {
      if hasGroups { return false }
      digits.append(UInt8(ascii: "e"))
      _ = Self.takeSign(&scanner, &digits)
      let exponent = scanner.takeDigits()
      if exponent.isEmpty { return false }
      digits += exponent
    }
    return true
  }

  private func takesThousands(_ scanner: inout TextScanner) -> Bool {
    switch thousands {
    case .none: false
    case .point: scanner.takes(UInt8(ascii: "."))
    case .comma: scanner.takes(UInt8(ascii: ","))
    case .space: scanner.takesSpace()
    case .apostrophe: scanner.takesApostrophe()
    }
  }

  /// A number of up to 15 digits, with a sign and decimals or without. It and a power of ten up to 22 are exact in a quotient of two
  /// doubles (Clinger 1990, How to read floating point numbers accurately).
  private func simpleNumber(_ text: ArraySlice<UInt8>) -> Double? {
    var place = text.startIndex
    let isNegative = text[place] == UInt8(ascii: "-")
    if isNegative || text[place] == UInt8(ascii: "+") { place += 1 }
    let mark = decimal.byte
    var (mantissa, digits, decimals) = (UInt64(0), 0, 0)
    var hasMark = false
    while place < text.endIndex {
      let byte = text[place]
      if byte == mark, !hasMark {
        hasMark = true
      } else {
        let digit = byte &- UInt8(ascii: "0")
        guard digit <= 9, digits < 15 else { return nil }
        mantissa = mantissa * 10 + UInt64(digit)
        digits += 1
        if hasMark { decimals += 1 }
      }
      place += 1
    }
    guard digits > 0 else { return nil }
    let number = Double(mantissa) / Self.powers[decimals]
    return isNegative ? -number : number
  }

  private static let powers: [Double] = (0..<16).reduce(into: []) { powers, _ in powers.append((powers.last ?? 0.1) * 10) }
}
