import Platform
import Support

/// How far apart the steps of a series are.
package enum TimeStep: Sendable, Hashable, Codable {
  /// A number of months: 3 for quarters, 12 for years.
  case months(Int)
  /// The days from Monday to Friday.
  case weekdays
  case seconds(Double)
  /// Seconds on the local clock: a day has 86,400, although it may last an hour more or less where daylight saving ends or begins.
  case clock(Double)
  /// A difference in a column of numbers.
  case number(Double)
  /// The rows themselves, where there is no column of times.
  case rows

  /// The time a number of steps later; nil if the rows themselves are the steps.
  ///
  /// - Parameters:
  ///   - day: for steps of months, the day on which they are, as ``DayOfMonth`` gives it.
  ///   - zone: the rules by which the offset changes; nil to leave it as it is.
  package func advance(
    _ time: TimeValue, by steps: Int, onDay day: Int? = nil, in zone: TimeZoneRules? = nil
  ) -> TimeValue? {
    guard let later = advanceKeepingOffset(time, by: steps, onDay: day) else { return nil }
    guard let zone, case .moment(let moment) = later else { return later }
    return .moment(
      isOnClock
        ? zone.moment(atClock: moment.clock, precision: moment.precision)
        : Moment(seconds: moment.seconds, offset: zone.offset(at: moment.seconds), precision: moment.precision))
  }

  /// Whether steps are taken on the local clock and its calendar, so that they need not last equally long.
  var isOnClock: Bool {
    switch self {
    case .months, .weekdays, .clock: true
    case .seconds, .number, .rows: false
    }
  }

  private func advanceKeepingOffset(_ time: TimeValue, by steps: Int, onDay day: Int?) -> TimeValue? {
    switch (self, time) {
    case (.months(let count), .moment(let moment)): return .moment(moment.adding(months: count * steps, onDay: day))
    case (.seconds(let seconds), .moment(let moment)), (.clock(let seconds), .moment(let moment)):
      return .moment(moment.later(seconds * Double(steps)))
    case (.weekdays, .moment(let moment)):
      // A day at a weekend counts as the Friday before.
      let weekday = moment.parts.weekday
      let (weeks, day) = (min(weekday, 4) + steps).quotientAndRemainder(dividingBy: 5)
      let days = day < 0 ? (weeks - 1) * 7 + day + 5 - weekday : weeks * 7 + day - weekday
      return .moment(moment.later(Double(days) * 86_400))
    case (.number(let step), .number(let number)): return .number(number + step * Double(steps))
    case (.rows, _), (.number, .moment), (.months, .number), (.seconds, .number), (.clock, .number), (.weekdays, .number):
      return nil
    }
  }

  /// How many steps lie between two times of a series; nil if it is not a whole number.
  package func steps(from first: TimeValue, to second: TimeValue) -> Int? {
    guard let gap = TimeGap(from: first, to: second) else { return nil }
    switch self {
    case .months(let count): return gap.months.flatMap { $0 % count == 0 ? $0 / count : nil }
    case .weekdays: return gap.weekdays
    case .seconds(let size): return Self.whole(gap.size / size)
    case .clock(let size): return Self.whole(gap.clock / size)
    case .number(let size): return Self.whole(gap.size / size, within: gap.rounding.map { $0 / size } ?? 0)
    case .rows: return nil
    }
  }

  /// The nearest whole number, unless it is more than a hundredth away, or than what rounding explains.
  private static func whole(_ ratio: Double, within rounding: Double = 0) -> Int? {
    let bound = rounding <= mostRounding ? max(0.01, rounding) : 0.01
    return abs(ratio) < 1e9 && abs(ratio - ratio.rounded()) < bound ? Int(ratio.rounded()) : nil
  }

  /// The largest fraction of a step that rounding may be. For months as years with two decimals, such as 1749.08, it is 0.12.
  static let mostRounding = 0.15
}

extension Double {
  /// The nearest number of microseconds, in seconds: fractions of seconds since 1970 have no more digits.
  fileprivate var inMicroseconds: Double { self == rounded() ? self : (self * 1e6).rounded() / 1e6 }
}

extension TimeStep: CustomStringConvertible {
  /// What a step is called: `a month`, `7 days`.
  package var description: String {
    func count(_ number: Double, _ unit: String) -> String {
      number == 1 ? "a\(unit == "hour" ? "n" : "") \(unit)" : "\(short(number)) \(unit)s"
    }
    switch self {
    case .months(let months) where months % 12 == 0: return count(Double(months / 12), "year")
    case .months(3): return "a quarter"
    case .months(let months): return count(Double(months), "month")
    case .weekdays: return "a weekday"
    case .seconds(let seconds), .clock(let seconds):
      for (size, unit) in [(604_800.0, "week"), (86_400, "day"), (3600, "hour"), (60, "minute")]
      where seconds.truncatingRemainder(dividingBy: size) == 0 {
        return count(seconds / size, unit)
      }
      return count(seconds, "second")
    case .number(let step): return short(step.rounded(toDigits: 6))
    case .rows: return "a row"
    }
  }
}

/// The gap between two times, in the units that steps may have.
struct TimeGap: Hashable {
  /// The months between them, if both are on the same day of their months, or one is on the last day of a month that is too short
  /// for it, at the same time of day.
  let months: Int?
  /// The weekdays between them, if both are at the same time of a day from Monday to Friday.
  let weekdays: Int?
  /// The seconds between them, or the difference of two numbers.
  let size: Double
  /// The seconds between what clocks show.
  let clock: Double
  /// For two numbers with decimals, by how much their difference may be off because of rounding: a unit of the last decimal.
  let rounding: Double?

  init?(from first: TimeValue, to second: TimeValue) {
    switch (first, second) {
    case (.number(let first), .number(let second)):
      (months, weekdays, size, clock) = (nil, nil, second - first, second - first)
      // The one with more decimals counts: beside 1749.917, 1750 stands for 1750.000.
      rounding = [first.unitOfLastDecimal, second.unitOfLastDecimal].compactMap { $0 }.min()
    case (.moment(let first), .moment(let second)):
      rounding = nil
      (size, clock) = ((second.seconds - first.seconds).inMicroseconds, (second.clock - first.clock).inMicroseconds)
      let (one, two) = (first.parts, second.parts)
      let isSameTime = one.secondOfDay == two.secondOfDay
      let isSameDay = one.day == two.day || (one.day < two.day ? first : second).isLastOfMonth
      months = isSameTime && isSameDay ? second.month - first.month : nil
      let weeks = Int((clock / 604_800).rounded(.down))
      let rest = ((two.weekday - one.weekday) % 7 + 7) % 7
      // There is one more weekend in between if the second day comes before the first one in the week.
      let days = weeks * 5 + (two.weekday >= one.weekday ? rest : rest - 2)
      weekdays = isSameTime && one.weekday < 5 && two.weekday < 5 ? days : nil
    case (.number, .moment), (.moment, .number): return nil
    }
  }
}
