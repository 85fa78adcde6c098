import Tables

extension ForecastDescription {
  /// Values of which more than a few are needed: fewer say little of a deviation.
  static let fewestValues = 10

  /// Learns from the first steps of each series how large its values and its differences are.
  mutating func learnScaling(_ table: SeriesTable, ends: [Int]) {
    if isDiscrete && !transform.isLogarithmic {
      // Zeros and ones are read as they are.
      scaling = Array(repeating: .identity, count: width)
    } else {
      let columns = zip(table.series, ends).map { series, end in (0..<width).map { changes(of: $0, in: series, steps: end) } }
      scaling = (0..<width).map { target in
        Scaling(of: columns.lazy.flatMap { $0[target].values }, size: columns.reduce(0) { max($0, $1[target].size) })
      }
      let deviations = (0..<width).map { target in
        let own = columns.compactMap { $0[target].scaling?.deviation }.sorted()
        return own.isEmpty ? scaling[target].deviation : own[own.count / 2]
      }
      for (series, own) in zip(table.series, columns) where table.series.count > 1 {
        seriesScaling[series.name] = zip(own, deviations).map { $0.scaling ?? Scaling(mean: $0.mean, deviation: $1) }
      }
    }
    let count = roles.known.count
    knownScaling = (0..<count).map { place in
      Scaling(of: zip(table.series, ends).lazy.flatMap { series, end in (0..<end).map { series.known[$0 * count + place] } })
    }
  }

  /// What a target's scale is learnt from.
  private struct Changes {
    /// After the transformation, and after differences were taken; NaN where a value is missing.
    let values: [Double]
    /// The largest that differences were taken of.
    let size: Double

    /// Nil of a few values, and of values that are all the same.
    var scaling: Scaling? {
      values.count { !$0.isNaN } < ForecastDescription.fewestValues ? nil : Scaling(differing: values, size: size)
    }

    var mean: Double { Scaling(of: values).mean }
  }

  private func changes(of target: Int, in series: SeriesTable.Series, steps: Int) -> Changes {
    let values = (0..<steps).map { step in
      let value = series.targets[step * width + target]
      return value.isNaN ? value : transformed(value)
    }
    let size = values.reduce(transform.isLogarithmic ? 1 : 0) { $1.isNaN ? $0 : max($0, abs($1)) }
    guard let difference = transform.difference else { return Changes(values: values, size: size) }
    return Changes(values: zip(values.dropFirst(difference), values).map { $0 - $1 }, size: size)
  }
}

extension SeriesTable {
  /// What is the same in all of the first steps of all series, in sentences.
  func constants(_ ends: [Int]) -> [String] {
    func constant(_ names: [String], _ values: (Series) -> [Double]) -> [(name: String, value: Double)] {
      names.indices.compactMap { place in
        let own = zip(series, ends).lazy.flatMap { series, end in
          let all = values(series)
          return (0..<end).lazy.map { all[$0 * names.count + place] }
        }
        .filter { !$0.isNaN }
        guard let first = own.first, own.allSatisfy({ $0 == first }) else { return nil }
        return (names[place], first)
      }
    }
    func sentence(_ columns: [(name: String, value: Double)], _ remedy: String) -> String? {
      guard let first = columns.first else { return nil }
      return columns.count == 1
        ? "“\(first.name)” is \(plain(first.value)) in every row that is trained on: \(remedy)"
        : "\(columns.count) columns, such as “\(first.name)”, are the same in every row that is trained on: \(remedy)"
    }
    let targets = roles.isWide ? [] : constant(roles.targets, \.targets)
    return [
      sentence(targets, "there is nothing to learn (--target)"),
      sentence(constant(roles.known, \.known), "it says nothing of what comes (--known)"),
    ]
    .compactMap { $0 }
  }
}
