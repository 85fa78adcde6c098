extension TimeValue {
  /// A point in time as ISO 8601 writes it: `1949-01`, `2024-02-29`, `2024-02-29T13:45`, `2024-02-29 13:45:30.5+02:00`.
  ///
  /// A time with an offset is kept in UTC; one without is taken as it is read on the clock.
  public struct Moment: Sendable, Hashable, Comparable, Codable {
    /// Seconds since the beginning of 1970, without leap seconds.
    public let seconds: Double
    /// The precision with which the time was written.
    package let precision: Precision

    package enum Precision: Int, Sendable, Hashable, Codable, Comparable {
      case month, day, minute, second

      package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    package init(seconds: Double, precision: Precision) {
      self.seconds = seconds
      self.precision = precision
    }

    /// Whether one moment comes before another.
    public static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }

    /// The moment that a text stands for, if it is one.
    package init?(_ text: some Collection<UInt8>) {
      var reader = Digits(rest: Array(text)[...])
      guard let year = reader.number(4), reader.takes("-"), let month = reader.number(2), 1...12 ~= month else { return nil }
      guard reader.takes("-") else {
        guard reader.rest.isEmpty else { return nil }
        self.init(seconds: Double(Self.days(year, month, 1)) * 86_400, precision: .month)
        return
      }
      guard let day = reader.number(2), day >= 1, day <= Self.daysInMonth(year, month) else { return nil }
      var seconds = Double(Self.days(year, month, day)) * 86_400
      guard reader.takes("T") || reader.takes(" ") else {
        guard reader.rest.isEmpty else { return nil }
        self.init(seconds: seconds, precision: .day)
        return
      }
      // 24:00 is the end of a day.
      guard let hour = reader.number(2), hour <= 24, reader.takes(":"), let minute = reader.number(2),
        minute < (hour == 24 ? 1 : 60)
      else { return nil }
      seconds += Double(hour * 3600 + minute * 60)
      var precision = Precision.minute
      if reader.takes(":") {
        guard let second = reader.number(2), second <= (hour == 24 ? 0 : 60) else { return nil }
        let fraction = reader.takes(".") ? reader.fraction() : 0
        if hour == 24, fraction > 0 { return nil }
        seconds += Double(second) + fraction
        precision = .second
      }
      guard let offset = reader.offset(), reader.rest.isEmpty else { return nil }
      self.init(seconds: seconds - offset, precision: precision)
    }

    /// The parts on the clock and the calendar: month and day from 1, weekday from 0 for Monday.
    package struct Parts: Sendable, Hashable {
      package let year, month, day, weekday, secondOfDay, dayOfYear: Int
    }

    package var parts: Parts {
      let days = Int((seconds / 86_400).rounded(.down))
      let (year, month, day) = Self.date(days)
      return Parts(
        year: year, month: month, day: day, weekday: ((days + 3) % 7 + 7) % 7, secondOfDay: Int(seconds - Double(days) * 86_400),
        dayOfYear: days - Self.days(year, 1, 1))
    }

    /// The moment a number of months later, on a day of the month, or on its last one if it has fewer.
    ///
    /// - Parameter day: from 1; nil for the same day, where the last of a month goes to the last of another.
    package func adding(months: Int, onDay day: Int? = nil) -> Moment {
      let parts = parts
      let count = parts.year * 12 + parts.month - 1 + months
      let year = Int((Double(count) / 12).rounded(.down))
      let month = count - year * 12 + 1
      let day = min(day ?? (isLastOfMonth && parts.day > 27 ? 31 : parts.day), Self.daysInMonth(year, month))
      let time = seconds - Double(Self.days(parts.year, parts.month, parts.day)) * 86_400
      return Moment(seconds: Double(Self.days(year, month, day)) * 86_400 + time, precision: precision)
    }

    var isLastOfMonth: Bool { parts.day == Self.daysInMonth(parts.year, parts.month) }

    /// Months since the beginning of year 0.
    var month: Int { parts.year * 12 + parts.month - 1 }
  }
}

package typealias Moment = TimeValue.Moment

extension Moment: CustomStringConvertible {
  /// The time as ISO 8601 writes it, with the precision that it has.
  public var description: String {
    let parts = parts
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let year = String(repeating: "0", count: max(0, 4 - "\(parts.year)".count)) + "\(parts.year)"
    let month = "\(year)-\(two(parts.month))"
    if precision == .month { return month }
    let day = "\(month)-\(two(parts.day))"
    if precision == .day { return day }
    let minute = "\(day)T\(two(parts.secondOfDay / 3600)):\(two(parts.secondOfDay / 60 % 60))"
    if precision == .minute { return minute }
    let fraction = seconds - seconds.rounded(.down)
    let decimals = fraction == 0 ? "" : "\((fraction * 1000).rounded() / 1000)".dropFirst()
    return "\(minute):\(two(parts.secondOfDay % 60))\(decimals)"
  }
}

extension Moment {
  /// Days since the beginning of 1970 of a day of the Gregorian calendar: years begin in March, so that the leap day comes last,
  /// and 400 of them have 146,097 days.
  static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let index = (5 * dayOfYear + 2) / 153
    let month = index < 10 ? index + 3 : index - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * index + 2) / 5 + 1)
  }

  private static func daysInMonth(_ year: Int, _ month: Int) -> Int {
    days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - days(year, month, 1)
  }
}

/// Reads numbers from the beginning of a text.
private struct Digits {
  var rest: ArraySlice<UInt8>

  mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: scalar) else { return false }
    rest.removeFirst()
    return true
  }

  /// A number with exactly `count` digits.
  mutating func number(_ count: Int) -> Int? {
    guard rest.count >= count else { return nil }
    var number = 0
    for byte in rest.prefix(count) {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    rest = rest.dropFirst(count)
    return number
  }

  /// The fraction after a decimal point.
  mutating func fraction() -> Double {
    var (value, unit) = (0.0, 0.1)
    while let digit = number(1) {
      value += Double(digit) * unit
      unit /= 10
    }
    return value
  }

  /// `Z`, `+02:00`, `-0530`, or nothing: seconds ahead of UTC, less than a day; nil if it is none of these.
  mutating func offset() -> Double? {
    if rest.isEmpty || takes("Z") { return 0 }
    let isAhead = takes("+")
    guard isAhead || takes("-"), let hours = number(2) else { return nil }
    let minutes = takes(":") || !rest.isEmpty ? number(2) : 0
    guard let minutes, hours < 24, minutes < 60 else { return nil }
    return Double((isAhead ? 1 : -1) * (hours * 3600 + minutes * 60))
  }
}
