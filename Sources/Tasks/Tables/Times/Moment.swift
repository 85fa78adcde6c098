import Support

extension TimeValue {
  /// A point in time: `1949-01`, `2024-02-29`, `2024-02-29T13:45`, `2024-02-29T13:45:30.5+02:00`.
  ///
  /// One with an offset is a point of UTC, however the clock shows it; one without is taken as it is read on the clock.
  public struct Moment: Sendable, Codable {
    /// Seconds since the beginning of 1970, without leap seconds: of UTC if the offset is known, or else as the clock shows it.
    public let seconds: Double
    /// Seconds that the clock is ahead of UTC; nil if that isn't known.
    public let offset: Int?
    /// The precision with which the time was written.
    package let precision: Precision

    package enum Precision: Int, Sendable, Hashable, Codable, Comparable {
      case month, day, minute, second

      package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    package init(seconds: Double, offset: Int? = nil, precision: Precision) {
      self.seconds = seconds
      self.offset = offset
      self.precision = precision
    }

    /// The moment at which a clock shows a time.
    package init(clock: Double, offset: Int?, precision: Precision) {
      self.init(seconds: clock - Double(offset ?? 0), offset: offset, precision: precision)
    }

    /// Seconds from the beginning of 1970 to what the clock shows.
    package var clock: Double { seconds + Double(offset ?? 0) }

    /// The moment that a text in a form of ISO 8601 stands for, if it is one.
    package init?(_ text: some Collection<UInt8>) {
      let text = Array(text)[...]
      guard let reading = Self.standard.lazy.compactMap({ $0.read(text) }).first else { return nil }
      self.init(clock: reading.clock, offset: reading.offset, precision: reading.precision)
    }

    private static let standard = DateForm.standard.map { TimeFormat(.written($0, .any)) }

    /// The parts on the clock and the calendar: month and day from 1, weekday from 0 for Monday.
    package struct Parts: Sendable, Hashable {
      package let year, month, day, weekday, secondOfDay, dayOfYear: Int
    }

    package var parts: Parts {
      let (day, date) = (day, day.date)
      return Parts(
        year: date.year, month: date.month, day: date.day, weekday: day.weekday,
        secondOfDay: Int(clock - Double(day.number) * 86_400), dayOfYear: day.number - CalendarDay(date.year, 1, 1).number)
    }

    private var day: CalendarDay { CalendarDay(number: Int((clock / 86_400).rounded(.down))) }

    /// The moment at which the clock shows a time a number of months later, on a day of the month, or on its last one if it has fewer.
    ///
    /// - Parameter day: from 1; nil for the same day, where the last of a month goes to the last of another.
    package func adding(months: Int, onDay day: Int? = nil) -> Moment {
      let parts = parts
      let (year, month) = (self.month + months).dividedDown(by: 12)
      let last = CalendarDay.count(inMonth: month + 1, of: year)
      let day = min(day ?? (isLastOfMonth && parts.day > 27 ? 31 : parts.day), last)
      return later(Double(CalendarDay(year, month + 1, day).number - self.day.number) * 86_400)
    }

    /// The moment at which the clock shows a time some seconds later.
    func later(_ seconds: Double) -> Moment { Moment(seconds: self.seconds + seconds, offset: offset, precision: precision) }

    var isLastOfMonth: Bool { parts.day == CalendarDay.count(inMonth: parts.month, of: parts.year) }

    /// Months since the beginning of year 0.
    var month: Int { parts.year * 12 + parts.month - 1 }
  }
}

package typealias Moment = TimeValue.Moment

/// Moments are compared as points in time, however they are written.
extension Moment: Hashable, Comparable {
  /// Whether two moments are the same point in time.
  public static func == (left: Self, right: Self) -> Bool { left.seconds == right.seconds }

  /// Whether one moment comes before another.
  public static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

  public func hash(into hasher: inout Hasher) { hasher.combine(seconds) }
}

extension Moment: CustomStringConvertible {
  /// The time as ISO 8601 writes it, with the precision and the offset that it has.
  public var description: String {
    let fraction = clock - clock.rounded(.down)
    var pattern = precision == .month ? "yyyy-mm" : "yyyy-mm-dd"
    if precision > .day { pattern += precision == .minute ? "Thh:mm" : "Thh:mm:ss" }
    if precision == .second, fraction > 0.0005, fraction < 0.9995 {
      let digits = short((fraction * 1000).rounded() / 1000).count - 2
      pattern += "." + String(repeating: "f", count: max(1, min(3, digits)))
    }
    if precision > .day, let offset { pattern += offset == 0 ? "Z" : "+hh:mm" }
    return TimeFormat(pattern)?.text(clock: clock, offset: offset) ?? pattern
  }
}
