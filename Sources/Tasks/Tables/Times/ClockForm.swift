/// How the time of day after a date is written, such as `Thh:mm:ss`, ` hh:mm+hh:mm` or ` h:mm AM`.
package struct ClockForm: Sendable, Hashable {
  enum Detail: Int, Sendable, Hashable, Comparable {
    case hour, minute, second

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// How a clock of twelve hours tells its halves apart.
  struct Halves: Sendable, Hashable {
    var isSpaced: Bool
    var isUpper: Bool
  }

  /// How an offset from UTC is written.
  struct Offset: Sendable, Hashable {
    enum Style: String, Sendable, Hashable {
      case letter = "Z"
      case word = "UTC"
      case hours = "+hh"
      case digits = "+hhmm"
      case colon = "+hh:mm"
    }

    var style: Style
    var isSpaced: Bool
  }

  /// The letter T or a space; nil where the digits follow those of the date.
  var mark: UInt8?
  /// Whether there are no colons between the numbers.
  var isCompact: Bool
  var detail: Detail
  /// Digits of the fraction of a second.
  var decimals: Int
  /// Whether hours below 10 have a zero before them.
  var isPadded: Bool
  var halves: Halves?
  /// Nil if times have none.
  var offset: Offset?

  /// A form that shows all that either of two shows.
  func joined(with other: ClockForm) -> ClockForm {
    var both = self
    both.detail = max(detail, other.detail)
    both.decimals = max(decimals, other.decimals)
    both.isPadded = isPadded && other.isPadded
    // Only UTC itself is written as a letter.
    if offset == nil || offset?.style == .letter, let other = other.offset { both.offset = other }
    return both
  }
}

extension ClockForm {
  /// One that stands for all where texts are read.
  static let any = ClockForm(mark: UInt8(ascii: "T"), isCompact: false, detail: .second, decimals: 0, isPadded: true)

  /// The form that the end of a pattern stands for, after that of its date.
  init?(_ pattern: some StringProtocol) {
    var scanner = TextScanner(pattern.utf8)
    mark = scanner.takes("T") ? UInt8(ascii: "T") : scanner.takes(" ") ? UInt8(ascii: " ") : nil
    isPadded = scanner.takesWord("hh")
    guard isPadded || scanner.takesWord("h") else { return nil }
    (isCompact, detail, decimals) = (mark == nil, .hour, 0)
    if scanner.takesWord(":mm") {
      (isCompact, detail) = (false, scanner.takesWord(":ss") ? .second : .minute)
    } else if scanner.takesWord("mm") {
      (isCompact, detail) = (true, scanner.takesWord("ss") ? .second : .minute)
    }
    if detail == .second, scanner.takes(".") {
      while decimals < 9, scanner.takesWord("f") { decimals += 1 }
      guard decimals > 0 else { return nil }
    }
    var isSpaced = scanner.takes(" ")
    if let first = scanner.rest.first, scanner.takesWord("am") {
      halves = Halves(isSpaced: isSpaced, isUpper: first & 0x20 == 0)
      isSpaced = scanner.takes(" ")
    }
    if !scanner.isAtEnd {
      guard let style = Offset.Style(rawValue: String(decoding: scanner.rest, as: UTF8.self)) else { return nil }
      offset = Offset(style: style, isSpaced: isSpaced)
    } else if isSpaced {
      return nil
    }
    guard mark != nil || isCompact && isPadded else { return nil }
  }

  /// The form as ``init(_:)`` reads it.
  var pattern: String {
    let colon = isCompact ? "" : ":"
    var text = mark.map { String(Unicode.Scalar($0)) } ?? ""
    text += isPadded ? "hh" : "h"
    if detail >= .minute { text += colon + "mm" }
    if detail == .second { text += colon + "ss" }
    if decimals > 0 { text += "." + String(repeating: "f", count: decimals) }
    if let halves { text += (halves.isSpaced ? " " : "") + (halves.isUpper ? "AM" : "am") }
    if let offset { text += (offset.isSpaced ? " " : "") + offset.style.rawValue }
    return text
  }
}

extension ClockForm {
  /// A time of day that has been read.
  struct Reading {
    /// Seconds since the beginning of the day; 86,400 for 24:00.
    let seconds: Double
    /// Seconds ahead of UTC; nil if the text has no offset.
    let offset: Int?
    let form: ClockForm
  }

  /// Reads all of a text that stands after a date.
  ///
  /// - Parameter isCompact: whether the date has no marks between its numbers.
  static func read(_ text: ArraySlice<UInt8>, afterCompact isCompact: Bool) -> Reading? {
    var scanner = TextScanner(text)
    let mark = scanner.takes("T") ? UInt8(ascii: "T") : scanner.takes(" ") ? UInt8(ascii: " ") : nil
    guard mark != nil || isCompact else { return nil }
    let digits = scanner.digits
    var form = ClockForm(mark: mark, isCompact: digits > 2 || mark == nil, detail: .hour, decimals: 0, isPadded: digits != 1)
    guard var hour = form.isCompact ? scanner.number(2) : scanner.shortNumber() else { return nil }
    var (minute, second, fraction) = (0, 0, 0.0)
    func takesNext() -> Bool { form.isCompact ? scanner.digits > 0 : scanner.takes(":") }
    if takesNext() {
      guard let number = scanner.number(2) else { return nil }
      (minute, form.detail) = (number, .minute)
      if takesNext() {
        guard let number = scanner.number(2) else { return nil }
        (second, form.detail) = (number, .second)
        if scanner.takes(".") {
          guard let read = scanner.fraction() else { return nil }
          (fraction, form.decimals) = read
        }
      }
    }
    var isSpaced = scanner.takes(" ")
    if let first = scanner.rest.first, let isAfternoon = scanner.takesWord("am") ? false : scanner.takesWord("pm") ? true : nil {
      guard 1...12 ~= hour else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
      form.halves = Halves(isSpaced: isSpaced, isUpper: first & 0x20 == 0)
      isSpaced = scanner.takes(" ")
    }
    // 24:00 is the end of a day, and a minute may have a leap second.
    guard hour <= 24, minute < 60, second <= 60 else { return nil }
    let seconds = Double(hour * 3600 + minute * 60 + second) + fraction
    guard hour < 24 || seconds == 86_400 else { return nil }
    if scanner.isAtEnd { return isSpaced ? nil : Reading(seconds: seconds, offset: nil, form: form) }
    guard let (offset, style) = readOffset(&scanner), scanner.isAtEnd else { return nil }
    form.offset = Offset(style: style, isSpaced: isSpaced)
    return Reading(seconds: seconds, offset: offset, form: form)
  }

  /// Reads `Z`, `UTC`, `+02`, `+02:00` or `-0530`: seconds ahead of UTC, less than a day.
  private static func readOffset(_ scanner: inout TextScanner) -> (Int, Offset.Style)? {
    if scanner.takes("Z") { return (0, .letter) }
    if scanner.takesWord("utc") { return (0, .word) }
    let isAhead = scanner.takes("+")
    guard isAhead || scanner.takes("-"), let hours = scanner.number(2) else { return nil }
    let style: Offset.Style = scanner.isAtEnd ? .hours : scanner.takes(":") ? .colon : .digits
    guard let minutes = style == .hours ? 0 : scanner.number(2), hours < 24, minutes < 60 else { return nil }
    return ((isAhead ? 1 : -1) * (hours * 3600 + minutes * 60), style)
  }

  /// The text of a time of day.
  ///
  /// - Parameters:
  ///   - units: those of the last digit since the beginning of the day: seconds, or tenths of them with one decimal.
  ///   - offset: seconds ahead of UTC; nil to write none.
  func text(_ units: Int, offset: Int?) -> String {
    let (seconds, fraction) = units.dividedDown(by: unitsPerSecond)
    let hour = seconds / 3600
    let shown = halves == nil ? hour : (hour + 11) % 12 + 1
    let colon = isCompact ? "" : ":"
    var text = mark.map { String(Unicode.Scalar($0)) } ?? ""
    text += padded(shown, isPadded ? 2 : 1)
    if detail >= .minute { text += colon + padded(seconds / 60 % 60, 2) }
    if detail == .second { text += colon + padded(seconds % 60, 2) }
    if decimals > 0 { text += "." + padded(fraction, decimals) }
    if let halves {
      let half = hour < 12 ? "am" : "pm"
      text += (halves.isSpaced ? " " : "") + (halves.isUpper ? half.uppercased() : half)
    }
    return text + (offset.map { (self.offset ?? Offset(style: .colon, isSpaced: false)).text($0) } ?? "")
  }

  /// The number of units of the last digit in a second.
  var unitsPerSecond: Int { (0..<decimals).reduce(1) { units, _ in units * 10 } }
}

extension ClockForm.Offset {
  /// The text of an offset in seconds.
  func text(_ offset: Int) -> String {
    let space = isSpaced ? " " : ""
    if offset == 0, style == .letter || style == .word { return space + style.rawValue }
    let minutes = Int(offset.magnitude) / 60
    let sign = space + (offset < 0 ? "-" : "+") + padded(minutes / 60, 2)
    switch style {
    case .hours where minutes % 60 == 0: return sign
    case .hours, .digits: return sign + padded(minutes % 60, 2)
    case .letter, .word, .colon: return sign + ":" + padded(minutes % 60, 2)
    }
  }
}
