import Support

/// What is done about values that are missing, and about rows that are missing between two times.
public enum MissingPolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// Refuse the table and say where.
  case error
  /// Put what lies on a straight line between the values before and behind; at the ends the nearest one.
  case interpolate
  /// Leave them out of what is learnt, and tell the network that they are missing.
  case mask

  /// Rows that may be missing between two of a series of so many: a longer gap is a mistyped time, or the end of one series and the beginning
  /// of another, and what would be put in for it says nothing.
  package static func mostRows(between rows: Int) -> Int { max(1000, rows) }

  /// What a message about a missing value ends with.
  ///
  /// - Parameter canMask: whether a network reads the values that can be told what is missing, or will be trained to.
  static func remedies(canMask: Bool) -> Sentence {
    ("or give \(Setting("missing")) interpolate" as Sentence) + (canMask ? " or \(Setting("missing")) mask" : "")
  }

  /// That so many values were missing, and what was done.
  func sentence(_ count: Int) -> String {
    let what = count == 1 ? "1 missing value" : "\(count) missing values"
    return self == .mask
      ? "\(what) \(count == 1 ? "is" : "are") masked: the network is told, and learns nothing from \(count == 1 ? "it" : "them")"
      : "\(what) \(count == 1 ? "was" : "were") interpolated"
  }
}

/// Puts into the places of a column that are NaN what lies on a straight line between the values before and behind, and at the ends the
/// nearest one.
///
/// - Parameters:
///   - values: `[steps, width]`
///   - steps: those that are looked at.
/// - Returns: whether there was a value to begin with.
func interpolate(_ values: inout [Double], column: Int, of width: Int, in steps: Range<Int>) -> Bool {
  let known = steps.filter { !values[$0 * width + column].isNaN }
  guard let first = known.first, let last = known.last else { return false }
  func value(_ step: Int) -> Double { values[step * width + column] }
  for step in steps.lowerBound..<first { values[step * width + column] = value(first) }
  for (left, right) in zip(known, known.dropFirst()) where right > left + 1 {
    let (from, to) = (value(left), value(right))
    for step in left + 1..<right {
      values[step * width + column] = from + (to - from) * (Double(step - left) / Double(right - left))
    }
  }
  for step in last + 1..<steps.upperBound { values[step * width + column] = value(last) }
  return true
}
