import Platform
import Support

/// Location, scale and degrees of freedom, more than 2 (Lange, Little & Taylor 1989).
struct StudentTDistribution: DistributionFamily {
  static let name = "student-t"

  init() {}
  init?(levels: [Double]?, isRelative: Bool) { if levels != nil || isRelative { return nil } }

  var parameterCount: Int { 3 }
  var isDiscrete: Bool { false }
  var hasMeanOfExponentials: Bool { false }

  func parameters(of given: [Double], level: Double) -> [Double] {
    [given[0], softplus(given[1]) + leastScale, 2 + softplus(given[2])]
  }
  func surprisal(_ parameters: [Double]) -> Double { parameters[0] + parameters[1] }

  /// A normal number over the square root of a chi-squared one over its degrees of freedom.
  func sample(_ parameters: [Double], using random: inout Random) -> Double {
    let chi = 2 * random.gamma(parameters[2] / 2)
    return parameters[0] + parameters[1] * random.normal() / (chi / parameters[2]).squareRoot()
  }

  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, level: Double, scale: Double) -> Double {
    let (location, spread, freedom) = (Double(given[0]), Double(given[1]), Double(given[2]))
    let width = softplus(spread) + leastScale
    let degrees = 2 + softplus(freedom)
    let distance = (target - location) / width
    let square = distance * distance
    let weight = (degrees + 1) / (degrees + square)
    let tail = log1p(square / degrees)
    given[0] = Float(-weight * distance / width * scale)
    given[1] = Float((1 - weight * square) / width * sigmoid(spread) * scale)
    let byDegrees =
      0.5 * (digamma(degrees / 2) - digamma((degrees + 1) / 2)) + 0.5 / degrees + 0.5 * tail - 0.5 * weight * square / degrees
    given[2] = Float(byDegrees * sigmoid(freedom) * scale)
    return logGamma(degrees / 2) - logGamma((degrees + 1) / 2) + 0.5 * log(degrees * .pi) + log(width) + (degrees + 1) / 2 * tail
  }
}
