import Platform
import Support

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
