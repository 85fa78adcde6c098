import Support
import Tables

/// Which series have something to learn from.
extension ForecastDescription {
  /// Whether the first steps of a series have a value that can be learned.
  ///
  /// - Parameter target: the one that needs a value; nil for any.
  func canLearn(_ series: SeriesTable.Series, until end: Int, target: Int? = nil) -> Bool {
    (firstLearned * width..<max(firstLearned, end) * width).contains { place in
      (target == nil || place % width == target) && !series.targets[place].isNaN && !series.filled.contains(place)
    }
  }

  /// Checks that there is something to learn of each target.
  ///
  /// - Parameter ends: the number of steps of each series that are trained on.
  /// - Returns: for each series whether it is trained on, and what has to be said of the others and of what else is missing.
  /// - Throws: ``RecurrentError`` if a target has no value in any series.
  func learned(_ table: SeriesTable, ends: [Int]) throws(RecurrentError) -> (isLearned: [Bool], reasons: [Sentence]) {
    var reasons: [Sentence] = []
    let isLearned = zip(table.series, ends).map { canLearn($0, until: $1) }
    let rest = zip(table.series, isLearned).filter { !$1 }.map(\.0.name)
    if let first = rest.first, rest.count < isLearned.count {
      reasons.append(
        rest.count == 1
          ? "the series \(first) has nothing left to train on: it is forecast like one that training has not seen (\(Setting("validation")), \(Setting("test")))"
          : "\(rest.count.grouped) series, such as \(first), have nothing left to train on: they are forecast like those that training has not seen (\(Setting("validation")), \(Setting("test")))"
      )
    }
    for (target, name) in roles.targetNames.enumerated() {
      let lacking = zip(zip(table.series, ends), isLearned).filter { $1 && !canLearn($0.0, until: $0.1, target: target) }
      if lacking.count == isLearned.count(where: \.self) {
        throw RecurrentError(
          .data,
          naming:
            "\(table.source), \(title(ofColumn: name)): it has no value in the steps that are trained on; hold out less with \(Setting("validation")) and \(Setting("test")), or leave it out of \(Setting("target"))"
        )
      }
      if let first = lacking.first?.0.0.name {
        reasons.append(
          lacking.count == 1
            ? "the series \(first) has no value of “\(name)” to train on: it is taken to be as large there as the others (\(Setting("target")))"
            : "\(lacking.count.grouped) series, such as \(first), have no value of “\(name)” to train on: they are taken to be as large there as the others (\(Setting("target")))"
        )
      }
    }
    return (isLearned, reasons)
  }
}
