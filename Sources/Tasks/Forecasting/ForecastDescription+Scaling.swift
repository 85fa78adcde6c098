import Platform
import Support
package import Tables

extension ForecastDescription {
  /// The least number of values from which a deviation is estimated.
  fileprivate static let fewestValues = 10

  /// Computes from the first steps of each series how large its values and its differences are.
  ///
  /// - Parameters:
  ///   - learned: the series that have something to learn, with the number of steps that are trained on. Others have no scale
  ///     of their own: that of a series is taken from its own past when there is some.
  ///   - isAlone: whether there are no other series.
  mutating func learnScaling(_ learned: [(series: SeriesTable.Series, end: Int)], isAlone: Bool) {
    let columns = learned.map { changes($0.series.ending(at: $0.end, width), steps: $0.end) }
    scaling = (0..<width).map { target in
      let all = Scaling(of: columns.lazy.flatMap { $0[target].values }, size: columns.reduce(0) { max($0, $1[target].size) })
      return linear == nil
        ? all : Scaling(mean: Scaling(of: columns.lazy.map { $0[target].mean }).mean, deviation: all.deviation)
    }
    let deviations = (0..<width).map { target in Self.median(columns.compactMap { $0[target].scaling?.deviation }) }
    for ((series, _), own) in zip(learned, columns) where !isAlone {
      seriesScaling[series.name] = scaling(by: own, deviations)
    }
    let (count, known) = (roles.besides.count, roles.known.count)
    knownScaling = (0..<count).map { place in
      let values = learned.lazy.flatMap { series, end in (0..<end).map { series.known[$0 * count + place] } }
      return place == known && roles.further?.elapsed != nil ? Scaling(ofTimes: values) : Scaling(of: values)
    }
  }

  /// Gives series that are too short to estimate their deviation, or have never varied, the median deviation of the others, and
  /// a target that has no value at all in a series the mean of the others, too.
  private func scaling(by changes: [Changes], _ deviations: [Double?]) -> [Scaling] {
    changes.indices.map { target in
      changes[target].scaling
        ?? Scaling(
          mean: changes[target].hasValues || transform.difference != nil ? changes[target].mean : scaling[target].mean,
          deviation: changes[target].ownDeviation ?? deviations[target] ?? scaling[target].deviation)
    }
  }

  private static func median(_ numbers: [Double]) -> Double? { numbers.isEmpty ? nil : numbers.sorted()[numbers.count / 2] }
}

extension ForecastDescription {
  /// The scaling of a series that was trained on; nil for other series.
  func scaling(of series: String) -> [Scaling]? {
    if let own = seriesScaling[series] { return own }
    let isScaled = !isDiscrete || scaling.contains { $0 != .identity }
    return !isScaled || seriesScaling.isEmpty && seen[series] != nil ? scaling : nil
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
  /// - Returns: nil if the steps are too few, or none has a value.
  package func scaling(of series: SeriesTable.Series, steps: Int) -> [Scaling]? {
    if let learned = scaling(of: series.name) { return learned }
    guard steps >= stepsToScale else { return nil }
    let deviations = (0..<width).map { target in Self.median(seriesScaling.values.map { $0[target].deviation }) }
    let changes = changes(series.ending(at: steps, width), steps: steps)
    return changes.contains(where: \.hasValues) ? scaling(by: changes, deviations) : nil
  }

  /// What the network's numbers for counts, or for zeros and ones, are relative to: about the mean of the series, after what is done to its values; 1 if they
  /// are not relative.
  func level(_ scaling: Scaling) -> Double {
    guard isRelative else { return 1 }
    return max(Self.leastLevel, transform.isLogarithmic ? expm1(scaling.mean) : scaling.mean)
  }

  /// The level of a series in which training has seen next to nothing but zeros.
  private static let leastLevel = 0.01

  /// The values from which a target's scale is computed.
  private struct Changes {
    /// The values after the transformation and after differences were taken; NaN where one is missing.
    let values: [Double]
    /// The largest of the values before differences were taken.
    let size: Double
    /// Whether there was any value.
    let hasValues: Bool

    /// The mean of the values themselves and the deviation that their differences would have by it, where these are from what a linear
    /// autoregression expects.
    var own: Scaling?

    /// Nil for a few values, and for values that are all the same.
    var scaling: Scaling? {
      guard values.count(where: { !$0.isNaN }) >= ForecastDescription.fewestValues,
        let scaling = Scaling(differing: values, size: size)
      else { return nil }
      return own.map { Scaling(mean: $0.mean, deviation: scaling.deviation) } ?? scaling
    }

    var mean: Double { own?.mean ?? Scaling(of: values).mean }
    var ownDeviation: Double? { own?.deviation }
  }

  /// The values of each target.
  private func changes(_ series: SeriesTable.Series, steps: Int) -> [Changes] {
    (0..<width).map { target in
      let values = (0..<steps).map { step in
        let value = series.targets[step * width + target]
        return value.isNaN ? value : transformed(value)
      }
      let size = values.reduce(transform.isLogarithmic ? 1 : 0) { $1.isNaN ? $0 : max($0, abs($1)) }
      let hasValues = values.contains { !$0.isNaN }
      if let linear {
        let all = Scaling(of: values)
        return Changes(
          values: linear.residuals(values, of: series.name, target: target, mean: all.mean), size: size, hasValues: hasValues,
          own: Scaling(mean: all.mean, deviation: all.deviation / linear.spread[target]))
      }
      guard let difference = transform.difference else { return Changes(values: values, size: size, hasValues: hasValues) }
      return Changes(values: zip(values.dropFirst(difference), values).map { $0 - $1 }, size: size, hasValues: hasValues)
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
      sentence(roles.further == nil ? constant(roles.known, \.known) : [], "it says nothing of what comes (\(Setting("known")))"),
    ]
    .compactMap { $0 }
  }
}
