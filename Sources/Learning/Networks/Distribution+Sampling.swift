import Engine
import Platform
package import Support

extension Distribution {
  /// A number drawn from the distribution with these parameters.
  package func sample(_ parameters: [Double], using random: inout Random) -> Double {
    switch self {
    case .normal: return parameters[0] + parameters[1] * random.normal()
    case .studentT:
      // A normal number over the square root of a chi-squared one over its degrees of freedom.
      let chi = 2 * random.gamma(parameters[2] / 2)
      return parameters[0] + parameters[1] * random.normal() / (chi / parameters[2]).squareRoot()
    case .negativeBinomial:
      // A Poisson distribution whose mean has a gamma distribution.
      let size = 1 / parameters[1]
      return random.poisson(random.gamma(size) * parameters[0] / size)
    case .bernoulli: return random.uniform() < parameters[0] ? 1 : 0
    case .quantiles(let levels): return Self.interpolated(parameters, levels, at: random.uniform())
    }
  }

  /// The quantile at a level from those at others: on a straight line between its neighbours, beyond the last two on theirs.
  static func interpolated(_ quantiles: [Double], _ levels: [Double], at level: Double) -> Double {
    guard levels.count > 1 else { return quantiles[0] }
    let above = levels.firstIndex { $0 > level } ?? levels.count
    let right = min(max(above, 1), levels.count - 1)
    let slope = (quantiles[right] - quantiles[right - 1]) / (levels[right] - levels[right - 1])
    return quantiles[right - 1] + slope * (level - levels[right - 1])
  }
}

extension Random {
  /// A number of the gamma distribution with scale 1 (Marsaglia & Tsang 2000, A simple method for generating gamma variables).
  mutating func gamma(_ shape: Double) -> Double {
    // Below 1: a number of the next shape times a power of a uniform one.
    let boost = shape < 1 ? pow(1 - uniform(), 1 / shape) : 1
    let d = (shape < 1 ? shape + 1 : shape) - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      if v > 0, log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return boost * d * v }
    }
  }

  /// A number of the Poisson distribution: for small means by counting, for large ones by transformed rejection (Hörmann 1993,
  /// The transformed rejection method for generating Poisson random variables, algorithm PTRS).
  mutating func poisson(_ mean: Double) -> Double {
    guard mean >= 10 else {
      let limit = exp(-mean)
      var (count, product) = (0.0, uniform())
      while product > limit {
        count += 1
        product *= uniform()
      }
      return count
    }
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let fit = 1.1239 + 1.1328 / (b - 3.4)
    let quick = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = uniform() - 0.5
      let v = 1 - uniform()
      let distance = 0.5 - abs(u)
      let count = ((2 * a / distance + b) * u + mean + 0.43).rounded(.down)
      if distance >= 0.07, v <= quick { return count }
      if count < 0 || distance < 0.013 && v > distance { continue }
      if log(v * fit / (a / (distance * distance) + b)) <= count * log(mean) - mean - logGamma(count + 1) { return count }
    }
  }
}
