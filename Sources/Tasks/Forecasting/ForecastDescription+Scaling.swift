import Support
package import Tables

extension ForecastDescription {
  /// The least number of values from which a deviation is estimated.
  fileprivate static let fewestValues = 10

  /// Computes from the first steps of each series how large its values and its differences are.
  ///
  /// - Parameter isBinary: whether values are zeros and ones, which are read as they are.
  mutating func learnScaling(_ table: SeriesTable, ends: [Int], isBinary: Bool) {
    if isBinary {
      scaling = Array(repeating: .identity, count: width)
    } else {
      let columns = zip(table.series, ends).map { changes($0.ending(at: $1, width), steps: $1) }
      scaling = (0..<width).map { target in
        Scaling(of: columns.lazy.flatMap { $0[target].values }, size: columns.reduce(0) { max($0, $1[target].size) })
      }
      let deviations = (0..<width).map { target in Self.median(columns.compactMap { $0[target].scaling?.deviation }) }
      for (series, own) in zip(table.series, columns) where table.series.count > 1 {
        seriesScaling[series.name] = scaling(by: own, deviations)
      }
    }
    let count = roles.known.count
    knownScaling = (0..<count).map { place in
      Scaling(of: zip(table.series, ends).lazy.flatMap { series, end in (0..<end).map { series.known[$0 * count + place] } })
    }
  }

  /// Gives series that are too short to estimate their deviation, or have never varied, the median deviation of the others.
  private func scaling(by changes: [Changes], _ deviations: [Double?]) -> [Scaling] {
    changes.indices.map { target in
      changes[target].scaling
        ?? Scaling(mean: changes[target].mean, deviation: deviations[target] ?? scaling[target].deviation)
    }
  }

  private static func median(_ numbers: [Double]) -> Double? { numbers.isEmpty ? nil : numbers.sorted()[numbers.count / 2] }
}

extension ForecastDescription {
  /// The scaling of a series that was trained on; nil for other series.
  func scaling(of series: String) -> [Scaling]? {
    if let own = seriesScaling[series] { return own }
    let isScaled = !isDiscrete || scaling.contains { $0 != .identity }
    return seen[series] != nil || !isScaled ? scaling : nil
  }

  /// How many steps of a series that was not trained on are needed to find out how large its values are: ten differences or
  /// values, and a season of them, since the parts of a season differ.
  var stepsToScale: Int {
    let difference = transform.difference ?? 0
    return difference + max(Self.fewestValues, difference == season ? 0 : season ?? 0)
  }

  /// The number of steps of a series before the first one that can be forecast.
  package func warmup(of series: String) -> Int { scaling(of: series) == nil ? max(warmup, stepsToScale) : warmup }

  /// The scaling of a series: that computed in training, or else one from its first steps. In training each series is scaled by
  /// itself, so that a common scale of all series would not do.
  ///
  /// - Returns: nil if the steps are too few.
  package func scaling(of series: SeriesTable.Series, steps: Int) -> [Scaling]? {
    if let learnt = scaling(of: series.name) { return learnt }
    guard steps >= stepsToScale else { return nil }
    let deviations = (0..<width).map { target in Self.median(seriesScaling.values.map { $0[target].deviation }) }
    return scaling(by: changes(series.ending(at: steps, width), steps: steps), deviations)
  }

  /// The values from which a target's scale is computed.
  private struct Changes {
    /// The values after the transformation and after differences were taken; NaN where one is missing.
    let values: [Double]
    /// The largest of the values before differences were taken.
    let size: Double

    /// Nil for a few values, and for values that are all the same.
    var scaling: Scaling? {
      values.count { !$0.isNaN } < ForecastDescription.fewestValues ? nil : Scaling(differing: values, size: size)
    }

    var mean: Double { Scaling(of: values).mean }
  }

  /// The values of each target.
  private func changes(_ series: SeriesTable.Series, steps: Int) -> [Changes] {
    (0..<width).map { target in
      let values = (0..<steps).map { step in
        let value = series.targets[step * width + target]
        return value.isNaN ? value : transformed(value)
      }
      let size = values.reduce(transform.isLogarithmic ? 1 : 0) { $1.isNaN ? $0 : max($0, abs($1)) }
      guard let difference = transform.difference else { return Changes(values: values, size: size) }
      return Changes(values: zip(values.dropFirst(difference), values).map { $0 - $1 }, size: size)
    }
  }
}

extension SeriesTable {
  /// Warnings about columns that never change in the part trained on, in sentences.
  func constants(_ ends: [Int]) -> [Sentence] {
    func constant(_ names: [String], _ values: (Series) -> [Double]) -> [(name: String, value: Double)] {
      names.indices.compactMap { place in
        let own = zip(series, ends).flatMap { series, end in
          let all = values(series)
          return (0..<end).map { all[$0 * names.count + place] }.filter { !$0.isNaN }
        }
        guard let first = own.first, own.allSatisfy({ $0 == first }) else { return nil }
        return (names[place], first)
      }
    }
    func sentence(_ columns: [(name: String, value: Double)], _ remedy: Sentence) -> Sentence? {
      guard let first = columns.first else { return nil }
      return columns.count == 1
        ? "“\(first.name)” is \(short(first.value)) in every row that is trained on: \(remedy)"
        : "\(columns.count) columns, such as “\(first.name)”, are the same in every row that is trained on: \(remedy)"
    }
    let targets = roles.isWide ? [] : constant(roles.targets, \.targets)
    return [
      sentence(targets, "there is nothing to learn (\(Setting("target")))"),
      sentence(constant(roles.known, \.known), "it says nothing of what comes (\(Setting("known")))"),
    ]
    .compactMap { $0 }
  }
}
