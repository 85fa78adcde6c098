import Platform
import Support

/// For zeros and ones: the probability of a one.
///
/// Where it is relative, the network's number says how the logarithm of the odds of a one compares with that of a series whose share of
/// ones is the level.
struct BernoulliDistribution: DistributionFamily {
  static let name = "bernoulli"
  /// A series is taken to have no fewer ones than this share, and no fewer zeros.
  private static let leastShare = 0.01

  let isRelative: Bool

  init(isRelative: Bool = false) { self.isRelative = isRelative }
  init?(levels: [Double]?, isRelative: Bool) {
    if levels != nil { return nil }
    self.init(isRelative: isRelative)
  }

  var parameterCount: Int { 1 }
  var isDiscrete: Bool { true }
  var values: String { "zeros and ones" }

  func fault(in values: some Sequence<Double>) -> String? {
    guard let other = values.first(where: { $0 != 0 && $0 != 1 }) else { return nil }
    guard let least = values.min(), let most = values.max(), least < 0 || most > 1 else {
      return "is for zeros and ones, and one of the values is \(short(other))"
    }
    return "is for zeros and ones, and the values go from \(short(least)) to \(short(most))"
  }

  /// The logarithm of the odds of a one.
  private func logit(_ given: Double, level: Double) -> Double {
    guard isRelative else { return given }
    let share = min(max(level, Self.leastShare), 1 - Self.leastShare)
    return given + log(share / (1 - share))
  }

  func parameters(of given: [Double], level: Double) -> [Double] { [sigmoid(logit(given[0], level: level))] }
  func surprisal(_ parameters: [Double]) -> Double { 1 }
  func sample(_ parameters: [Double], using random: inout Random) -> Double { random.uniform() < parameters[0] ? 1 : 0 }

  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, level: Double, scale: Double) -> Double {
    let logit = logit(Double(given[0]), level: level)
    given[0] = Float((sigmoid(logit) - target) * scale)
    return max(logit, 0) + log1p(exp(-abs(logit))) - target * logit
  }
}
