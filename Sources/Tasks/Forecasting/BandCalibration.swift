import Support

/// Makes bands as wide as they have to be by what was held out: the distances of values from their medians, in widths of the band as
/// drawn, of which as many have to be within as the band should hold (conformal prediction, Vovk et al. 2005).
struct BandCalibration {
  /// How far from its median a value was.
  struct Distance: Sendable {
    /// In widths of the band that should hold 80 in 100; nil where it has none.
    let in80: Double?
    /// In those of the band that should hold 95.
    let in95: Double?
    /// Steps from the last one known to that of the value, less one.
    let ahead: Int
    /// The number of the step from which it was forecast.
    let origin: Int

    init(of value: Double, in samples: [Double], _ description: ForecastDescription, ahead: Int, origin: Int) {
      in80 = description.distance(of: value, in: samples, outside: 0.1)
      in95 = description.distance(of: value, in: samples, outside: 0.025)
      (self.ahead, self.origin) = (ahead, origin)
    }
  }

  /// For each step ahead, how many times as wide as drawn bands have to be.
  let factors: [Double]
  /// The fractions of the values that bands hold whose factors come from other values.
  let coverage80, coverage95: Double

  /// Nil if there are too few values to tell.
  ///
  /// - Parameter areCounts: whether the values are counts, whose bands are never made narrower: a whole number lies at the end of a band
  ///   as often as not, so that it holds more than it should.
  init?(_ distances: [Distance], areCounts: Bool = false) {
    let bounds = areCounts ? 1...Self.bounds.upperBound : Self.bounds
    guard distances.count(where: { $0.in80 != nil }) >= Self.fewest else { return nil }
    factors = Self.factors(distances, within: bounds)
    // Those of the later half of the origins by the earlier ones, and the other way round.
    let middle = ((distances.last?.origin ?? 0) + 1) / 2
    let halves = [distances.filter { $0.origin <= middle }, distances.filter { $0.origin > middle }]
    var (held80, held95) = (0, 0)
    for (own, other) in [(halves[0], halves[1]), (halves[1], halves[0])] {
      let factors = other.isEmpty ? self.factors : Self.factors(other, within: bounds)
      for distance in own {
        let factor = factors[min(distance.ahead, factors.count - 1)]
        held80 += distance.in80.map { $0 <= factor } ?? false ? 1 : 0
        held95 += distance.in95.map { $0 <= factor } ?? false ? 1 : 0
      }
    }
    (coverage80, coverage95) = (Double(held80) / Double(distances.count), Double(held95) / Double(distances.count))
  }

  /// The least number of values by which bands are changed.
  private static let fewest = 20
  /// Bands are made at most so much wider, or narrower, since few values don't tell more.
  private static let bounds = 0.4...8.0

  /// Those of steps next to each other come from the values of all of them, and as far as these are few, from all values.
  private static func factors(_ distances: [Distance], within bounds: ClosedRange<Double>) -> [Double] {
    let all = distances.compactMap(\.in80)
    let common = factor(all)
    let most = distances.reduce(0) { max($0, $1.ahead) }
    return (0...most).map { step in
      let near = max(1, step / 4)
      let own = distances.filter { abs($0.ahead - step) <= near }.compactMap(\.in80)
      let count = Double(own.count)
      let mixed = own.isEmpty ? common : (count * factor(own) + 40 * common) / (count + 40)
      return min(max(mixed, bounds.lowerBound), bounds.upperBound)
    }
  }

  /// The distance within which 80 in 100 values are, with the next one to come counted.
  private static func factor(_ distances: [Double]) -> Double {
    guard !distances.isEmpty else { return 1 }
    let sorted = distances.sorted()
    let place = (0.8 * Double(sorted.count + 1)).rounded(.up)
    return sorted[min(sorted.count, Int(place)) - 1]
  }
}
