/// Which numbers a setting takes. None takes an infinite one or NaN.
package enum Bounds: Sendable, Hashable {
  /// Above zero.
  case positive
  /// Zero or above.
  case notNegative
  /// At least the first and below the second.
  case range(Double, below: Double)
  /// Above 0 and at most the number given.
  case upTo(Double)

  package func contains(_ number: Double) -> Bool {
    guard number.isFinite else { return false }
    return switch self {
    case .positive: number > 0
    case .notNegative: number >= 0
    case .range(let first, let end): number >= first && number < end
    case .upTo(let most): number > 0 && number <= most
    }
  }

  package var expectation: String {
    switch self {
    case .positive: "a number above 0"
    case .notNegative: "a number of at least 0"
    case .range(let first, let end): "a number of at least \(short(first)) and below \(short(end))"
    case .upTo(let most): "a number above 0 and at most \(short(most))"
    }
  }
}

/// What a whole number in `range` is called in a message.
package func expectation(_ range: ClosedRange<Int>) -> String {
  switch (range.lowerBound, range.upperBound) {
  case (.min, .max): "a whole number"
  case (let least, .max): "a whole number of at least \(least)"
  case (let least, let most): "a whole number from \(least) to \(most)"
  }
}

/// The whole number that `text` stands for, if it stands for one in `range`.
package func wholeNumber(_ text: String, in range: ClosedRange<Int>) -> Int? {
  guard let number = Int(text), range.contains(number) else { return nil }
  return number
}

/// The number that `text` stands for, if it stands for one within `bounds`.
package func decimalNumber(_ text: String, _ bounds: Bounds) -> Double? {
  decimalNumber(text).flatMap { bounds.contains($0) ? $0 : nil }
}

/// The finite number that `text` stands for, in decimal digits.
package func decimalNumber(_ text: String) -> Double? {
  // Swift would take `nan`, `inf` and hexadecimal numbers too.
  guard text.allSatisfy({ "0123456789+-.eE".contains($0) }), let number = Double(text), number.isFinite else { return nil }
  return number
}
