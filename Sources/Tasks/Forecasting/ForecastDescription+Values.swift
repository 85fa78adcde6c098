import Networks
import Sequences
import Support
import Tables

/// Which values a model can take.
extension ForecastDescription {
  /// - Throws: ``RecurrentError`` if the model can't take one of a table's values.
  func check(_ table: SeriesTable, _ distribution: Distribution) throws(RecurrentError) {
    for series in table.series {
      for (place, value) in series.targets.prefix(series.observed * width).enumerated() where !canTake(value, distribution) {
        let (index, target) = place.quotientAndRemainder(dividingBy: width)
        let time = series.time(index, table.step).map { "at \(roles.text($0))" } ?? "in row \(index + 1)"
        let column = roles.isWide ? series.name : roles.targets[target]
        try check(
          value, distribution,
          "\(table.source), \(title(ofColumn: column)), \(time)"
            + (series.name.isEmpty || roles.isWide ? "" : ", series \(series.name)"))
      }
    }
  }

  private func canTake(_ value: Double, _ distribution: Distribution) -> Bool {
    if value.isNaN { return true }
    guard isDiscrete else { return !transform.isLogarithmic || value > 0 }
    return distribution.family.fault(in: CollectionOfOne(value)) == nil
  }

  /// - Throws: ``RecurrentError`` if the model can't take the value.
  func check(_ value: Double, _ distribution: Distribution, _ name: String) throws(RecurrentError) {
    if canTake(value, distribution) { return }
    guard isDiscrete else {
      throw RecurrentError(
        .data,
        naming:
          "\(name): the model has learned logarithms, and the value \(short(value)) has none; train with \(Setting("transform")) none"
      )
    }
    throw RecurrentError(
      .data, "\(name): the value \(short(value)) is not one of the \(distribution.family.values) that the model knows")
  }
}
