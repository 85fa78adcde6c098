import Foundation
import Networks

/// A distribution in Double, straight from the formulas of its density, with the C library's gamma function.
struct ReferenceDistribution {
  let family: Distribution
  let given: [Double]
  /// What `given` is relative to, if it is.
  let level: Double

  init(_ family: Distribution, _ given: [Double], level: Double = 1) {
    (self.family, self.given, self.level) = (family, given, level)
  }

  private func softplus(_ x: Double) -> Double { log(1 + exp(x)) }

  func loss(of value: Double) -> Double {
    switch family.name {
    case "normal":
      let deviation = softplus(given[1]) + 1e-3
      return -log(exp(-pow((value - given[0]) / deviation, 2) / 2) / (deviation * sqrt(2 * .pi)))
    case "student-t":
      let (scale, degrees) = (softplus(given[1]) + 1e-3, 2 + softplus(given[2]))
      let density =
        tgamma((degrees + 1) / 2) / (sqrt(degrees * .pi) * tgamma(degrees / 2) * scale)
        * pow(1 + pow((value - given[0]) / scale, 2) / degrees, -(degrees + 1) / 2)
      return -log(density)
    case "negative-binomial":
      let (mean, size) = (level * exp(given[0]), max(1, level).squareRoot() / (softplus(given[1]) + 1e-4))
      let ways = tgamma(value + size) / (tgamma(size) * tgamma(value + 1))
      return -log(ways * pow(size / (size + mean), size) * pow(mean / (size + mean), value))
    case "bernoulli":
      return log(1 + exp(value == 1 ? -given[0] : given[0]))
    default:
      let levels = family.levels ?? []
      return zip(levels, given).reduce(0) { sum, each in
        sum + 2 / Double(levels.count) * (value >= each.1 ? each.0 * (value - each.1) : (1 - each.0) * (each.1 - value))
      }
    }
  }
}
