import Platform
import Support

/// When a step of a series is: a moment, or a number by which the table counts steps.
public enum TimeValue: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// A number of a column that counts steps.
  case number(Double)
  /// A date, with or without a time of day.
  case moment(Moment)

  /// Whether one time comes before another; numbers come before moments.
  public static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)): left < right
    case (.moment(let left), .moment(let right)): left < right
    case (.number, .moment): true
    case (.moment, .number): false
    }
  }

  /// The time as a table has it: `2024-02-29`, or a number.
  public var description: String {
    switch self {
    case .moment(let moment): moment.description
    // Fifteen digits are those that a decimal number keeps.
    case .number(let number): short(number.rounded(toDigits: 15))
    }
  }
}

extension Double {
  /// The nearest number with a number of decimal digits.
  fileprivate func rounded(toDigits digits: Int) -> Double {
    guard self != 0, isFinite else { return self }
    let exponent = digits - 1 - Int(log10(magnitude).rounded(.down))
    guard exponent > 0 else { return exponent == 0 ? rounded() : self }
    let scale = pow(10, Double(exponent))
    return scale.isFinite ? (self * scale).rounded() / scale : self
  }

  /// The unit of the number's last decimal; nil for a whole number, and for one with more than nine decimals.
  fileprivate var unitOfLastDecimal: Double? {
    var scale = 1.0
    for _ in 0...9 {
      let scaled = self * scale
      // The product is rounded twice.
      if abs(scaled - scaled.rounded()) <= abs(scaled) * 0x1p-51 { return scale == 1 ? nil : 1 / scale }
      scale *= 10
    }
    return nil
  }
}

/// How far apart the steps of a series are.
package enum TimeStep: Sendable, Hashable, Codable {
  /// A number of months: 3 for quarters, 12 for years.
  case months(Int)
  /// The days from Monday to Friday.
  case weekdays
  case seconds(Double)
  /// A difference in a column of numbers.
  case number(Double)
  /// The rows themselves, where there is no column of times.
  case rows

  /// The time a number of steps later; nil if the rows themselves are the steps.
  ///
  /// - Parameter day: for steps of months, the day on which they are, as ``DayOfMonth`` gives it.
  package func advance(_ time: TimeValue, by steps: Int, onDay day: Int? = nil) -> TimeValue? {
    switch (self, time) {
    case (.months(let count), .moment(let moment)): return .moment(moment.adding(months: count * steps, onDay: day))
    case (.seconds(let seconds), .moment(let moment)):
      return .moment(Moment(seconds: moment.seconds + seconds * Double(steps), precision: moment.precision))
    case (.weekdays, .moment(let moment)):
      // A day at a weekend counts as the Friday before.
      let weekday = moment.parts.weekday
      let (weeks, day) = (min(weekday, 4) + steps).quotientAndRemainder(dividingBy: 5)
      let days = day < 0 ? (weeks - 1) * 7 + day + 5 - weekday : weeks * 7 + day - weekday
      return .moment(Moment(seconds: moment.seconds + Double(days) * 86_400, precision: moment.precision))
    case (.number(let step), .number(let number)): return .number(number + step * Double(steps))
    case (.rows, _), (.number, .moment), (.months, .number), (.seconds, .number), (.weekdays, .number): return nil
    }
  }

  /// How many steps lie between two times of a series; nil if it is not a whole number.
  package func steps(from first: TimeValue, to second: TimeValue) -> Int? {
    guard let gap = TimeGap(from: first, to: second) else { return nil }
    switch self {
    case .months(let count): return gap.months.flatMap { $0 % count == 0 ? $0 / count : nil }
    case .weekdays: return gap.weekdays
    case .seconds(let size): return Self.whole(gap.size / size)
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
    case .seconds(let seconds):
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
  /// For two numbers with decimals, by how much their difference may be off because of rounding: a unit of the last decimal.
  let rounding: Double?

  init?(from first: TimeValue, to second: TimeValue) {
    switch (first, second) {
    case (.number(let first), .number(let second)):
      (months, weekdays, size) = (nil, nil, second - first)
      // The one with more decimals counts: beside 1749.917, 1750 stands for 1750.000.
      rounding = [first.unitOfLastDecimal, second.unitOfLastDecimal].compactMap { $0 }.min()
    case (.moment(let first), .moment(let second)):
      (size, rounding) = (second.seconds - first.seconds, nil)
      let (one, two) = (first.parts, second.parts)
      let isSameTime = one.secondOfDay == two.secondOfDay
      let isSameDay = one.day == two.day || (one.day < two.day ? first : second).isLastOfMonth
      months = isSameTime && isSameDay ? second.month - first.month : nil
      let weeks = Int((size / 604_800).rounded(.down))
      let rest = ((two.weekday - one.weekday) % 7 + 7) % 7
      // There is one more weekend in between if the second day comes before the first one in the week.
      let days = weeks * 5 + (two.weekday >= one.weekday ? rest : rest - 2)
      weekdays = isSameTime && one.weekday < 5 && two.weekday < 5 ? days : nil
    case (.number, .moment), (.moment, .number): return nil
    }
  }
}
