import Platform
import Support

/// Mean and standard deviation.
struct NormalDistribution: DistributionFamily {
  static let name = "normal"

  init() {}
  init?(levels: [Double]?, isRelative: Bool) { if levels != nil || isRelative { return nil } }

  var parameterCount: Int { 2 }
  var isDiscrete: Bool { false }

  func parameters(of given: [Double], level: Double) -> [Double] { [given[0], softplus(given[1]) + leastScale] }
  func surprisal(_ parameters: [Double]) -> Double { parameters[0] + parameters[1] }

  func sample(_ parameters: [Double], using random: inout Random) -> Double { parameters[0] + parameters[1] * random.normal() }

  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, level: Double, scale: Double) -> Double {
    let (mean, spread) = (Double(given[0]), Double(given[1]))
    let deviation = softplus(spread) + leastScale
    let distance = (target - mean) / deviation
    given[0] = Float(-distance / deviation * scale)
    given[1] = Float((1 - distance * distance) / deviation * sigmoid(spread) * scale)
    return 0.5 * log(2 * .pi) + log(deviation) + 0.5 * distance * distance
  }
}
