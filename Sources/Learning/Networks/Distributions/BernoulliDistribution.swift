import Platform
import Support

/// For zeros and ones: the probability of a one.
struct BernoulliDistribution: DistributionFamily {
  static let name = "bernoulli"

  init() {}
  init?(levels: [Double]?) { if levels != nil { return nil } }

  var parameterCount: Int { 1 }
  var isDiscrete: Bool { true }

  func fault(in values: some Sequence<Double>) -> String? {
    values.contains { $0 != 0 && $0 != 1 } ? "is for zeros and ones" : nil
  }

  func parameters(of given: [Double]) -> [Double] { [sigmoid(given[0])] }
  func surprisal(_ parameters: [Double]) -> Double { 1 }
  func sample(_ parameters: [Double], using random: inout Random) -> Double { random.uniform() < parameters[0] ? 1 : 0 }

  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, scale: Double) -> Double {
    let logit = Double(given[0])
    given[0] = Float((sigmoid(logit) - target) * scale)
    return max(logit, 0) + log1p(exp(-abs(logit))) - target * logit
  }
}
