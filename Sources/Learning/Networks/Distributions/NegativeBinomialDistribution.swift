import Platform
import Support

/// For counts: mean m and dispersion α, with variance m + α m² (Cameron & Trivedi 1986, NB2).
struct NegativeBinomialDistribution: DistributionFamily {
  static let name = "negative-binomial"
  /// Dispersions stay above this: below it a negative binomial can't be distinguished from a Poisson distribution.
  private static let leastDispersion = 1e-4

  init() {}
  init?(levels: [Double]?) { if levels != nil { return nil } }

  var parameterCount: Int { 2 }
  var isDiscrete: Bool { true }
  var values: String { "counts" }

  func fault(in values: some Sequence<Double>) -> String? {
    values.contains { $0 != $0.rounded() || $0 < 0 } ? "is for counts: whole numbers of at least 0" : nil
  }

  /// Means of counts grow up to e²⁵.
  private func bounded(_ x: Double) -> Double { min(x, 25) }

  func parameters(of given: [Double]) -> [Double] { [exp(bounded(given[0])), softplus(given[1]) + Self.leastDispersion] }

  func surprisal(_ parameters: [Double]) -> Double {
    parameters[0] + (parameters[0] + parameters[1] * parameters[0] * parameters[0]).squareRoot()
  }

  /// A Poisson distribution whose mean has a gamma distribution.
  func sample(_ parameters: [Double], using random: inout Random) -> Double {
    let size = 1 / parameters[1]
    return random.poisson(random.gamma(size) * parameters[0] / size)
  }

  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, scale: Double) -> Double {
    let (logMean, spread) = (Double(given[0]), Double(given[1]))
    let mean = exp(bounded(logMean))
    let dispersion = softplus(spread) + Self.leastDispersion
    let size = 1 / dispersion
    let total = size + mean
    given[0] = Float((logMean > bounded(logMean) ? 0 : size * (mean - target) / total) * scale)
    let bySize = digamma(size) - digamma(target + size) - log(size / total) - 1 + (size + target) / total
    given[1] = Float(-size * size * bySize * sigmoid(spread) * scale)
    return logGamma(size) + logGamma(target + 1) - logGamma(target + size) - size * log(size / total)
      - (target == 0 ? 0 : target * log(mean / total))
  }
}
