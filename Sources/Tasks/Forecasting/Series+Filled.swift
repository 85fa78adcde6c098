import Tables

/// Interpolated values are read, but neither learned nor scored. They lie between values before and after them: where these are
/// not known yet, interpolated values must not be used.
extension SeriesTable.Series {
  /// Whether a value of a step was interpolated.
  func isMadeUp(_ step: Int, _ width: Int) -> Bool {
    !filled.isEmpty && (step * width..<(step + 1) * width).contains(where: filled.contains)
  }

  /// Whether a step and the one before it have actual values, so that the earlier one does not depend on the later.
  func isKnown(_ step: Int, _ width: Int) -> Bool { !isMadeUp(step, width) && (step == 0 || !isMadeUp(step - 1, width)) }

  /// The series as it is known after some steps: values at their end that were interpolated with later ones are replaced by the
  /// last value before them.
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
