package import Networks
import Platform
package import Tables

extension ForecastDescription {
  /// The number of features that the network reads at each step: for each target the value before and, if there is a season and
  /// few targets, that of a season before, or, of the difference from what a linear autoregression expects, the value itself and what
  /// is expected next; whether the value before is missing, if some are masked; how large the series' counts
  /// are; the calendar; and what is known ahead or read of further columns.
  package var inputWidth: Int {
    width * (1 + (linear == nil ? 0 : 2) + (readsSeason ? 1 : 0) + (missing == .mask ? 1 : 0) + (readsLevel ? 1 : 0))
      + calendar.reduce(0) { $0 + 2 * $1.waves } + roles.besides.count
  }

  /// What cells read by name; of what a step has beside its targets it stands last in what the network reads.
  package var vectors: [NamedVector] {
    (roles.further?.inputs ?? []).map { NamedVector(name: $0.rawValue, width: besides(for: $0).count) }
  }

  /// The places in what a step has beside its targets that a cell reads as an input.
  private func besides(for input: FurtherInput) -> Range<Int> {
    guard let further = roles.further else { return 0..<0 }
    let (first, end) = (roles.known.count, roles.besides.count)
    return switch input {
    case .elapsed: first..<first + (further.elapsed == nil ? 0 : 1)
    case .constants: end - further.constants.count..<end
    case .presence, .ages: first..<first
    }
  }

  /// The places in what a step has beside its targets, in the order in which the network reads them.
  var orderOfBesides: [Int] {
    let named = (roles.further?.inputs ?? []).flatMap { besides(for: $0) }
    return roles.besides.indices.filter { !named.contains($0) } + named
  }

  /// Whether the value of a season before is read, which seasonal differences contain already.
  var readsSeason: Bool { season != nil && transform.difference == nil && linear == nil && width <= 8 }

  /// Whether the network reads how large a series' numbers are, since they are not scaled.
  var readsLevel: Bool { isDiscrete && seriesScaling.count > 1 }

  /// The number of steps of a series before the first one that can be forecast.
  package var warmup: Int {
    // As long as a linear autoregression lacks some of what it reads, the value of a season before stands in its place.
    max(1, transform.difference ?? 0, min(linear?.reach ?? 0, season ?? 1))
  }

  /// The number of steps of a series before the first one that is learned.
  var firstLearned: Int { max(warmup, linear?.reach ?? 0) }
}

/// The state of a series: what the network's next inputs depend on beside its own states.
package struct SeriesState: Sendable {
  private let description: ForecastDescription
  private let scaling: [Scaling]
  private let orderOfBesides: [Int]
  /// The linear autoregression of each target; none if there are none.
  private let linear: [LinearForecast]
  /// What they expect of the next step.
  private var expected: [Double] = []
  /// The last values after the transformation, the newest at `steps - 1` modulo their number, `[past, width]`.
  private var past: [Double]
  private let pastSteps: Int
  /// Whether the newest values are there and not missing.
  private var wasThere: [Bool]
  /// The newest scaled values.
  private var newest: [Double]
  /// The number of steps observed.
  package private(set) var steps = 0

  /// A series before its first step.
  ///
  /// - Parameters:
  ///   - name: of the series.
  ///   - scaling: that of each target.
  package init(_ description: ForecastDescription, series name: String, scaling: [Scaling]) {
    self.description = description
    self.scaling = scaling
    orderOfBesides = description.orderOfBesides
    linear = description.linear?.forecasts(of: name) ?? []
    pastSteps = max(
      1, description.transform.difference ?? 0, description.readsSeason ? description.season ?? 0 : 0,
      description.linear?.reach ?? 0)
    if !linear.isEmpty { expected = scaling.map(\.mean) }
    past = Array(repeating: 0, count: pastSteps * description.width)
    newest = Array(repeating: 0, count: description.width)
    wasThere = Array(repeating: false, count: description.width)
  }

  /// Appends what the network reads at the next step.
  ///
  /// - Parameters:
  ///   - time: when the step is; nil if the rows are the steps.
  ///   - known: what the step has beside its targets.
  package func append(time: TimeValue?, known: ArraySlice<Double>, to features: inout [Float]) {
    for value in newest { features.append(Float(value)) }
    if let spread = description.linear?.spread {
      for target in expected.indices {
        let last = steps == 0 ? scaling[target].mean : value(target, back: 1)
        features.append(Float(scaling[target].scaled(last) / spread[target]))
        features.append(Float(scaling[target].scaled(expected[target]) / spread[target]))
      }
    }
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
    for place in orderOfBesides {
      features.append(Float(description.knownScaling[place].scaled(known[known.startIndex + place])))
    }
  }

  /// The network's targets for the values of a step, in its own scale; NaN where a value is missing or there is not enough past.
  package func targets(_ values: ArraySlice<Double>) -> [Double] {
    values.enumerated().map { target, value in
      guard steps >= description.firstLearned else { return .nan }
      return description.isDiscrete ? value : scaled(change: transformed(value) - base(target), target)
    }
  }

  /// The value that a number in the network's scale stands for.
  package func value(_ number: Double, target: Int) -> Double {
    if description.isDiscrete { return number }
    let value = base(target) + middle(target) + number * scaling[target].deviation
    // Numbers end at e⁷⁰⁹.
    return description.transform.isLogarithmic ? exp(min(value, 700)) : value
  }

  /// What the network's numbers for a target are relative to, if they are.
  func level(_ target: Int) -> Double { description.level(scaling[target]) }

  /// The difference between the logarithms of the density in the network's scale and in that of the data, at a value.
  package func logVolume(of value: Double, target: Int) -> Double {
    if description.isDiscrete { return 0 }
    return log(scaling[target].deviation) + (description.transform.isLogarithmic ? log(value) : 0)
  }

  /// The smallest meaningful difference from a value: a millionth of the series' deviation. The numbers that the
  /// network gives have seven digits.
  func resolution(of value: Double, target: Int) -> Double { 1e-6 * exp(logVolume(of: value, target: target)) }

  /// Observes the values of the next step; in place of those that are NaN the past keeps the expected values.
  package mutating func observe(_ values: ArraySlice<Double>) {
    for (target, value) in values.enumerated() {
      let base = description.isDiscrete ? 0 : base(target)
      wasThere[target] = !value.isNaN
      let transformed = value.isNaN ? base + middle(target) : transformed(value)
      // Without a past to compare with there is no difference.
      newest[target] =
        value.isNaN || (steps < description.firstLearned && comparesValues)
        ? 0 : scaled(change: transformed - base, target)
      past[steps % pastSteps * description.width + target] = transformed
    }
    steps += 1
    for target in linear.indices { expected[target] = expectation(target) }
  }

  /// What the linear autoregression of a target expects of the next step, or, before there is enough past, a value that is known.
  private func expectation(_ target: Int) -> Double {
    guard let part = description.linear, steps >= part.reach else {
      let season = description.season ?? 1
      return value(target, back: steps >= season && season <= pastSteps ? season : 1)
    }
    return linear[target].expected(part.lags, mean: scaling[target].mean) { value(target, back: $0) }
  }

  /// Whether what the network learns of values is how they differ from others.
  private var comparesValues: Bool { description.transform.difference != nil || !linear.isEmpty }

  /// The mean of what is learned: that of the series is part of what a linear autoregression expects.
  private func middle(_ target: Int) -> Double { linear.isEmpty ? scaling[target].mean : 0 }

  private func scaled(change: Double, _ target: Int) -> Double { (change - middle(target)) / scaling[target].deviation }

  /// A value after the transformation. Counts may be 0: their logarithm is that of one more.
  private func transformed(_ value: Double) -> Double { description.transformed(value) }

  private func value(_ target: Int, back: Int) -> Double { past[(steps - back) % pastSteps * description.width + target] }

  /// The earlier value that a value is compared with.
  private func base(_ target: Int) -> Double {
    if !linear.isEmpty { return expected[target] }
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
