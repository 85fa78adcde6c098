import Platform
package import Tables

extension ForecastDescription {
  /// Numbers that the network reads at each step: for each target the value before and, if there is a season and few targets, that of a
  /// season before; whether the value before was there, if some are masked; how large the series' counts are; the calendar; what is known
  /// ahead.
  package var inputWidth: Int {
    width * (1 + (readsSeason ? 1 : 0) + (missing == .mask ? 1 : 0) + (readsLevel ? 1 : 0))
      + calendar.reduce(0) { $0 + 2 * $1.waves } + roles.known.count
  }

  /// Whether the value of a season before is read: differences have it in them already.
  var readsSeason: Bool { season != nil && transform.difference == nil && width <= 8 }

  /// Whether the network needs to be told how large a series' numbers are, since they are not scaled.
  var readsLevel: Bool { isDiscrete && seriesScaling.count > 1 }

  /// Steps of a series that come before the first one that can be forecast.
  package var warmup: Int { max(1, transform.difference ?? 0) }
}

/// Where a series stands: all of its past that goes into the network's next step besides the network's own states.
package struct SeriesState: Sendable {
  private let description: ForecastDescription
  private let scaling: [Scaling]
  /// The last values after the transformation, the newest at `steps - 1` modulo their number, `[past, width]`.
  private var past: [Double]
  private let pastSteps: Int
  /// Whether the newest values were there.
  private var wasThere: [Bool]
  /// The newest scaled values.
  private var newest: [Double]
  /// Steps taken in.
  package private(set) var steps = 0

  /// A series before its first step.
  ///
  /// - Parameter scaling: of its targets.
  package init(_ description: ForecastDescription, scaling: [Scaling]) {
    self.description = description
    self.scaling = scaling
    pastSteps = max(1, description.transform.difference ?? 0, description.readsSeason ? description.season ?? 0 : 0)
    past = Array(repeating: 0, count: pastSteps * description.width)
    newest = Array(repeating: 0, count: description.width)
    wasThere = Array(repeating: false, count: description.width)
  }

  /// Appends what the network reads at the next step.
  ///
  /// - Parameters:
  ///   - time: of that step.
  ///   - known: what is known of it ahead.
  package func append(time: TimeValue?, known: ArraySlice<Double>, to features: inout [Float]) {
    for value in newest { features.append(Float(value)) }
    if description.readsSeason, let season = description.season {
      for target in newest.indices {
        features.append(steps < season ? 0 : Float(scaling[target].scaled(value(target, back: season))))
      }
    }
    if description.missing == .mask { for isThere in wasThere { features.append(isThere ? 1 : 0) } }
    if description.readsLevel {
      for (target, own) in scaling.enumerated() {
        let all = description.scaling[target]
        features.append(Float((own.mean - all.mean) / all.deviation))
      }
    }
    for feature in description.calendar { feature.append(time, to: &features) }
    for (value, scaling) in zip(known, description.knownScaling) { features.append(Float(scaling.scaled(value))) }
  }

  /// What the network is to forecast of values to come, in its own scale; NaN where a value is missing or there is not enough of a past.
  package func targets(_ values: ArraySlice<Double>) -> [Double] {
    values.enumerated().map { target, value in
      guard steps >= description.warmup else { return .nan }
      return description.isDiscrete ? value : scaling[target].scaled(transformed(value) - base(target))
    }
  }

  /// The value that a number in the network's scale stands for.
  package func value(_ number: Double, target: Int) -> Double {
    if description.isDiscrete { return number }
    let value = base(target) + scaling[target].unscaled(number)
    return description.transform.isLogarithmic ? exp(value) : value
  }

  /// What the logarithm of a density in the network's scale loses in that of the data, at a value.
  package func logVolume(of value: Double, target: Int) -> Double {
    if description.isDiscrete { return 0 }
    return log(scaling[target].deviation) + (description.transform.isLogarithmic ? log(value) : 0)
  }

  /// What a difference from a value is too small to mean anything: a millionth of how much the series varies about it. The numbers that the
  /// network gives have seven digits.
  func resolution(of value: Double, target: Int) -> Double { 1e-6 * exp(logVolume(of: value, target: target)) }

  /// Takes in the values of the next step; of those that are NaN the past holds what was to be expected.
  package mutating func observe(_ values: ArraySlice<Double>) {
    for (target, value) in values.enumerated() {
      let base = description.isDiscrete ? 0 : base(target)
      wasThere[target] = !value.isNaN
      let transformed = value.isNaN ? base + scaling[target].mean : transformed(value)
      // Before there is a past to compare with, nothing is known of the difference.
      newest[target] =
        value.isNaN || (steps < description.warmup && description.transform.difference != nil)
        ? 0 : scaling[target].scaled(transformed - base)
      past[steps % pastSteps * description.width + target] = transformed
    }
    steps += 1
  }

  /// A value after the transformation. Counts may be 0: their logarithm is that of one more.
  private func transformed(_ value: Double) -> Double { description.transformed(value) }

  private func value(_ target: Int, back: Int) -> Double { past[(steps - back) % pastSteps * description.width + target] }

  /// What a value is compared with.
  private func base(_ target: Int) -> Double {
    guard let difference = description.transform.difference, steps >= difference else { return 0 }
    return value(target, back: difference)
  }
}

extension ForecastDescription {
  /// A value after the transformation. Counts may be 0: their logarithm is that of one more.
  func transformed(_ value: Double) -> Double {
    guard transform.isLogarithmic else { return value }
    return isDiscrete ? log1p(value) : log(value)
  }
}
