import Platform
import Support

/// For zeros and ones: the probability of a one.
struct BernoulliDistribution: DistributionFamily {
  static let name = "bernoulli"

  init() {}
  init?(levels: [Double]?, isRelative: Bool) { if levels != nil || isRelative { return nil } }

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

  func parameters(of given: [Double], level: Double) -> [Double] { [sigmoid(given[0])] }
  func surprisal(_ parameters: [Double]) -> Double { 1 }
  func sample(_ parameters: [Double], using random: inout Random) -> Double { random.uniform() < parameters[0] ? 1 : 0 }

  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, level: Double, scale: Double) -> Double {
    let logit = Double(given[0])
    given[0] = Float((sigmoid(logit) - target) * scale)
    return max(logit, 0) + log1p(exp(-abs(logit))) - target * logit
  }
}
