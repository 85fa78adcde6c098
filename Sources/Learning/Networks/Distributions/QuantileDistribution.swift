import Platform
import Support

/// No family, but quantiles of any distribution at some levels, which rise (Koenker & Bassett 1978).
struct QuantileDistribution: DistributionFamily {
  static let name = "quantile"
  private let ownLevels: [Double]

  init(_ levels: [Double]) { ownLevels = levels }
  init?(levels: [Double]?, isRelative: Bool) {
    guard let levels, !isRelative else { return nil }
    self.init(levels)
  }

  var levels: [Double]? { ownLevels }
  var parameterCount: Int { ownLevels.count }
  var isDiscrete: Bool { false }
  var lossUnit: String { "pinball loss" }

  func check() throws(RecurrentError) {
    guard ownLevels.allSatisfy({ $0 > 0 && $0 < 1 }), zip(ownLevels, ownLevels.dropFirst()).allSatisfy(<) else {
      throw RecurrentError(.network, "the levels of quantiles are \(ownLevels); they must rise, above 0 and below 1")
    }
  }

  /// Quantiles that the network puts in another order are put in theirs (Chernozhukov, Fernández-Val & Galichon 2010).
  func parameters(of given: [Double], level: Double) -> [Double] { given.sorted() }
  func mean(_ parameters: [Double]) -> Double { parameters[parameters.count / 2] }
  func surprisal(_ parameters: [Double]) -> Double { parameters[parameters.count - 1] + 1 }

  /// The quantile at a random level: on a straight line between its neighbours, beyond the last two on theirs.
  func sample(_ parameters: [Double], using random: inout Random) -> Double {
    let level = random.uniform()
    guard ownLevels.count > 1 else { return parameters[0] }
    let above = ownLevels.firstIndex { $0 > level } ?? ownLevels.count
    let right = min(max(above, 1), ownLevels.count - 1)
    let slope = (parameters[right] - parameters[right - 1]) / (ownLevels[right] - ownLevels[right - 1])
    return parameters[right - 1] + slope * (level - ownLevels[right - 1])
  }

  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, level: Double, scale: Double) -> Double {
    let fraction = 2 / Double(ownLevels.count)
    var loss = 0.0
    for (place, level) in ownLevels.enumerated() {
      let above = target - Double(given[place])
      loss += fraction * (above >= 0 ? level * above : (level - 1) * above)
      given[place] = Float(fraction * scale * (above >= 0 ? -level : 1 - level))
    }
    return loss
  }
}
