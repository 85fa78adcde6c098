import Platform
import Support

/// For counts: mean m and dispersion α, with variance m + α m² (Cameron & Trivedi 1986, NB2).
///
/// Where it is relative, the network's numbers say how the mean of a series with level ν compares with ν, and α is divided by √ν
/// if ν is above 1, as in DeepAR (Salinas, Flunkert, Gasthaus & Januschowski 2020, section 3.3): large counts
/// vary less beside their mean.
struct NegativeBinomialDistribution: DistributionFamily {
  static let name = "negative-binomial"
  /// Dispersions stay above this, times what the level makes of them: below it a negative binomial of counts about the level can't be
  /// distinguished from a Poisson distribution.
  private static let leastDispersion = 1e-4

  let isRelative: Bool

  init(isRelative: Bool = false) { self.isRelative = isRelative }
  init?(levels: [Double]?, isRelative: Bool) {
    if levels != nil { return nil }
    self.init(isRelative: isRelative)
  }

  var parameterCount: Int { 2 }
  var isDiscrete: Bool { true }
  var values: String { "counts" }

  func fault(in values: some Sequence<Double>) -> String? {
    values.contains { $0 != $0.rounded() || $0 < 0 } ? "is for counts: whole numbers of at least 0" : nil
  }

  /// Means of counts grow up to e²⁵ times the level.
  private func bounded(_ x: Double) -> Double { min(x, 25) }

  /// What dispersions are multiplied by.
  private func narrowing(_ level: Double) -> Double { 1 / max(1, level).squareRoot() }

  func parameters(of given: [Double], level: Double) -> [Double] {
    [level * exp(bounded(given[0])), narrowing(level) * (softplus(given[1]) + Self.leastDispersion)]
  }

  func surprisal(_ parameters: [Double]) -> Double {
    parameters[0] + (parameters[0] + parameters[1] * parameters[0] * parameters[0]).squareRoot()
  }

  /// A Poisson distribution whose mean has a gamma distribution.
  func sample(_ parameters: [Double], using random: inout Random) -> Double {
    let size = 1 / parameters[1]
    return random.poisson(random.gamma(size) * parameters[0] / size)
  }

  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, level: Double, scale: Double) -> Double {
    let (logMean, spread) = (Double(given[0]), Double(given[1]))
    let mean = level * exp(bounded(logMean))
    let narrowing = narrowing(level)
    let size = 1 / (narrowing * (softplus(spread) + Self.leastDispersion))
    let total = size + mean
    given[0] = Float((logMean > bounded(logMean) ? 0 : size * (mean - target) / total) * scale)
    let bySize = digamma(size) - digamma(target + size) - log(size / total) - 1 + (size + target) / total
    given[1] = Float(-size * size * bySize * narrowing * sigmoid(spread) * scale)
    return logGamma(size) + logGamma(target + 1) - logGamma(target + size) - size * log(size / total)
      - (target == 0 ? 0 : target * log(mean / total))
  }
}
