import Support

/// What is done about values that are missing, and about rows that are missing between two times.
public enum MissingPolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// Refuse the table and say where.
  case error
  /// Interpolate between the values before and after on a straight line; at the ends, repeat the nearest one.
  case interpolate
  /// Leave them out of what is learned, and let the network read that they are missing.
  case mask

  /// The most rows that may be missing in one gap of a series with a number of rows: a longer gap is a mistyped time, or the end
  /// of one series and the beginning of another, and interpolated rows would say nothing.
  package static func mostRows(between rows: Int) -> Int { max(1000, rows) }

  /// The end of a message about a missing value.
  ///
  /// - Parameter canMask: whether the network that reads the values has, or will have, a mask of what is missing.
  static func remedies(canMask: Bool) -> Sentence {
    ("or give \(Setting("missing")) interpolate" as Sentence) + (canMask ? " or \(Setting("missing")) mask" : "")
  }

  /// A sentence that says how many values were missing and what was done.
  func sentence(_ count: Int) -> String {
    let what = count == 1 ? "1 missing value" : "\(count) missing values"
    return self == .mask
      ? "\(what) \(count == 1 ? "is" : "are") masked: the network reads that, and learns nothing from \(count == 1 ? "it" : "them")"
      : "\(what) \(count == 1 ? "was" : "were") interpolated"
  }
}

/// Replaces the NaNs of a column by values on a straight line between those before and after, and at the ends by the
/// nearest one.
///
/// - Parameters:
///   - values: `[steps, width]`
///   - steps: the range of steps to fill.
/// - Returns: whether the column had a value to interpolate from.
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
