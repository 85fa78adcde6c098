import Tables

/// What was interpolated is read, and neither learnt nor scored. It lies between values before and behind it: where these are not known yet,
/// nothing may be made of it.
extension SeriesTable.Series {
  /// Whether a value of a step was interpolated.
  func isMadeUp(_ step: Int, _ width: Int) -> Bool {
    !filled.isEmpty && (step * width..<(step + 1) * width).contains(where: filled.contains)
  }

  /// Whether a step is what came, after a step that is, which had no part of it in it.
  func isKnown(_ step: Int, _ width: Int) -> Bool { !isMadeUp(step, width) && (step == 0 || !isMadeUp(step - 1, width)) }

  /// The series as it is known after some steps: in place of what was interpolated at their end, with values behind it, stands the last value
  /// before.
  func ending(at end: Int, _ width: Int) -> SeriesTable.Series {
    guard end > 0, isMadeUp(end - 1, width) else { return self }
    var series = self
    for target in 0..<width {
      var known = end - 1
      while known >= 0, filled.contains(known * width + target) { known -= 1 }
      guard known >= 0 else { continue }
      for step in known + 1..<end { series.targets[step * width + target] = series.targets[known * width + target] }
    }
    return series
  }
}
