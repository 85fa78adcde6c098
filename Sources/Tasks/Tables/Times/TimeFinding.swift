package import Support

/// How the times of a column are written, as far as it shows that.
package enum TimeFinding: Sendable {
  /// Nothing that is known.
  case none
  case found(Found)
  /// In one of two ways, which both make sense of it.
  case undecided(Undecided)

  package struct Found: Sendable {
    package let format: TimeFormat
    /// The number of texts that are read.
    let count: Int
    /// The first text that is not.
    let odd: ColumnSummary.Odd?
    /// The first and the last time, as the column writes them.
    package let earliest, latest: String
  }

  package struct Undecided: Sendable {
    /// A text that shows the difference.
    package let example: ColumnSummary.Odd
    /// Two formats, and the days that the example stands for.
    package let readings: [(format: TimeFormat, day: String)]
  }
}

extension TimeFinding {
  /// Whether the values are times, although they may be read in two ways.
  var areTimes: Bool { if case .none = self { false } else { true } }
}

extension TimeFinding.Undecided {
  /// A sentence with both readings and the choice for each.
  package var sentence: Sentence {
    let shown = readings.map { "\($0.day) (\(Setting("dates")) \($0.format.order))" as Sentence }
    return "\(quotedValue(example.text)) is \(shown[0]) or \(shown[1]), and the rows fit both: say which"
  }
}
