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
  func rounded(toDigits digits: Int) -> Double {
    guard self != 0, isFinite else { return self }
    let exponent = digits - 1 - Int(log10(magnitude).rounded(.down))
    guard exponent > 0 else { return exponent == 0 ? rounded() : self }
    let scale = pow(10, Double(exponent))
    return scale.isFinite ? (self * scale).rounded() / scale : self
  }

  /// The unit of the number's last decimal; nil for a whole number, and for one with more than nine decimals.
  var unitOfLastDecimal: Double? {
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
