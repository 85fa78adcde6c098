import Platform
import Tables

/// Where in a cycle of the calendar a step is, as sines and cosines of a few frequencies.
package enum CalendarFeature: String, Sendable, Hashable, Codable, CaseIterable {
  case hourOfDay = "hour of day"
  case dayOfWeek = "day of week"
  case dayOfYear = "day of year"
  case monthOfYear = "month of year"

  /// Waves in the cycle, each with a sine and a cosine: enough for every hour of the working day, every day of the week and every
  /// month to have an effect of its own, nearly.
  var waves: Int {
    switch self {
    case .hourOfDay: 4
    case .dayOfWeek: 3
    case .dayOfYear: 2
    case .monthOfYear: 3
    }
  }

  /// The place in the cycle, from 0 to below 1.
  func place(_ moment: Moment) -> Double {
    let parts = moment.parts
    return switch self {
    case .hourOfDay: Double(parts.secondOfDay) / 86_400
    case .dayOfWeek: Double(parts.weekday) / 7
    case .dayOfYear: Double(parts.dayOfYear) / 366
    case .monthOfYear: Double(parts.month - 1) / 12
    }
  }

  /// Appends the sines and cosines of a time.
  func append(_ time: TimeValue?, to features: inout [Float]) {
    guard case .moment(let moment)? = time else { return features.append(contentsOf: repeatElement(0, count: 2 * waves)) }
    let angle = 2 * Double.pi * place(moment)
    for wave in 1...waves {
      features.append(Float(sin(Double(wave) * angle)))
      features.append(Float(cos(Double(wave) * angle)))
    }
  }

  /// The cycles in which steps of such a length have different places.
  static func defaults(for step: TimeStep) -> [CalendarFeature] {
    switch step {
    case .months(let months): return months < 12 ? [.monthOfYear] : []
    case .weekdays: return [.dayOfWeek, .dayOfYear]
    case .seconds(let seconds), .clock(let seconds):
      if seconds < 86_400 { return [.hourOfDay, .dayOfWeek, .dayOfYear] }
      return seconds < 7 * 86_400 ? [.dayOfWeek, .dayOfYear] : seconds < 300 * 86_400 ? [.dayOfYear] : []
    case .number, .rows: return []
    }
  }

  /// The number of steps after which the calendar repeats itself.
  static func season(of step: TimeStep) -> Int? {
    switch step {
    case .months(let months): return months < 12 && 12 % months == 0 ? 12 / months : nil
    case .weekdays: return 5
    case .seconds(86_400), .clock(86_400): return 7
    case .seconds(let seconds) where seconds < 86_400 && 86_400.truncatingRemainder(dividingBy: seconds) == 0,
      .clock(let seconds) where seconds < 86_400 && 86_400.truncatingRemainder(dividingBy: seconds) == 0:
      return Int(86_400 / seconds)
    case .seconds, .clock, .number, .rows: return nil
    }
  }
}
