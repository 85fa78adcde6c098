import Platform
import Support

extension Distribution {
  /// The loss of one target: the negative logarithm of its probability or density, in nats. Of quantiles it is twice the mean
  /// pinball loss over the levels, which is near the continuous ranked probability score (Gneiting & Raftery 2007).
  ///
  /// A target that is NaN is missing: it has no loss.
  ///
  /// - Parameters:
  ///   - given: what the network gives, which becomes the loss's derivatives by it, times `scale`.
  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, scale: Double) -> Double {
    guard !target.isNaN else {
      for place in 0..<parameterCount { given[place] = 0 }
      return 0
    }
    var derivatives = (0.0, 0.0, 0.0)
    let loss: Double
    switch self {
    case .normal: loss = normal(Double(given[0]), Double(given[1]), target, &derivatives)
    case .studentT: loss = studentT(Double(given[0]), Double(given[1]), Double(given[2]), target, &derivatives)
    case .negativeBinomial: loss = negativeBinomial(Double(given[0]), Double(given[1]), target, &derivatives)
    case .bernoulli:
      let logit = Double(given[0])
      loss = max(logit, 0) + log1p(exp(-abs(logit))) - target * logit
      derivatives.0 = Self.sigmoid(logit) - target
    case .quantiles(let levels): return pinball(given, levels, target, scale)
    }
    given[0] = Float(derivatives.0 * scale)
    if parameterCount > 1 { given[1] = Float(derivatives.1 * scale) }
    if parameterCount > 2 { given[2] = Float(derivatives.2 * scale) }
    return loss
  }

  private func normal(_ mean: Double, _ spread: Double, _ target: Double, _ derivatives: inout (Double, Double, Double)) -> Double
  {
    let deviation = Self.softplus(spread) + Self.leastScale
    let distance = (target - mean) / deviation
    derivatives.0 = -distance / deviation
    derivatives.1 = (1 - distance * distance) / deviation * Self.sigmoid(spread)
    return 0.5 * log(2 * .pi) + log(deviation) + 0.5 * distance * distance
  }

  private func studentT(
    _ location: Double, _ spread: Double, _ freedom: Double, _ target: Double, _ derivatives: inout (Double, Double, Double)
  ) -> Double {
    let scale = Self.softplus(spread) + Self.leastScale
    let degrees = 2 + Self.softplus(freedom)
    let distance = (target - location) / scale
    let square = distance * distance
    let weight = (degrees + 1) / (degrees + square)
    let tail = log1p(square / degrees)
    derivatives.0 = -weight * distance / scale
    derivatives.1 = (1 - weight * square) / scale * Self.sigmoid(spread)
    let byDegrees =
      0.5 * (digamma(degrees / 2) - digamma((degrees + 1) / 2)) + 0.5 / degrees + 0.5 * tail - 0.5 * weight * square / degrees
    derivatives.2 = byDegrees * Self.sigmoid(freedom)
    return logGamma(degrees / 2) - logGamma((degrees + 1) / 2) + 0.5 * log(degrees * .pi) + log(scale) + (degrees + 1) / 2 * tail
  }

  private func negativeBinomial(
    _ logMean: Double, _ spread: Double, _ target: Double, _ derivatives: inout (Double, Double, Double)
  ) -> Double {
    let mean = exp(Self.bounded(logMean))
    let dispersion = Self.softplus(spread) + Self.leastDispersion
    let size = 1 / dispersion
    let total = size + mean
    derivatives.0 = logMean > Self.bounded(logMean) ? 0 : size * (mean - target) / total
    let bySize = digamma(size) - digamma(target + size) - log(size / total) - 1 + (size + target) / total
    derivatives.1 = -size * size * bySize * Self.sigmoid(spread)
    return logGamma(size) + logGamma(target + 1) - logGamma(target + size) - size * log(size / total)
      - (target == 0 ? 0 : target * log(mean / total))
  }

  private func pinball(_ given: UnsafeMutablePointer<Float>, _ levels: [Double], _ target: Double, _ scale: Double) -> Double {
    let fraction = 2 / Double(levels.count)
    var loss = 0.0
    for (place, level) in levels.enumerated() {
      let above = target - Double(given[place])
      loss += fraction * (above >= 0 ? level * above : (level - 1) * above)
      given[place] = Float(fraction * scale * (above >= 0 ? -level : 1 - level))
    }
    return loss
  }
}

/// The logarithm of the gamma function. The C library's `lgamma` keeps a sign in a place that all threads share; its reentrant
/// relative is not everywhere. Stirling's series beyond 10, to which smaller numbers are brought by Γ(x + 1) = x Γ(x): its first
/// term left out is below 1e-14 there.
func logGamma(_ x: Double) -> Double {
  var (x, product) = (x, 1.0)
  while x < 10 {
    product *= x
    x += 1
  }
  let inverse = 1 / (x * x)
  let series =
    (1 / 12.0 - inverse
      * (1 / 360.0 - inverse * (1 / 1260.0 - inverse * (1 / 1680.0 - inverse * (1 / 1188.0 - inverse * (691 / 360_360.0)))))) / x
  return (x - 0.5) * log(x) - x + 0.5 * log(2 * .pi) + series - log(product)
}

/// The derivative of ``logGamma(_:)``, in the same way.
func digamma(_ x: Double) -> Double {
  var (x, sum) = (x, 0.0)
  while x < 10 {
    sum += 1 / x
    x += 1
  }
  let inverse = 1 / (x * x)
  let series =
    inverse
    * (1 / 12.0 - inverse
      * (1 / 120.0 - inverse * (1 / 252.0 - inverse * (1 / 240.0 - inverse * (1 / 132.0 - inverse * (691 / 32_760.0))))))
  return log(x) - 0.5 / x - series - sum
}

extension Distribution {
  /// The loss of one target, as training has it.
  ///
  /// - Parameter given: what the network gives for the target, which becomes the loss's derivatives by it.
  package func loss(of target: Double, _ given: inout [Float]) -> Double {
    ensure(given.count == parameterCount, "\(name) takes \(parameterCount) numbers, not \(given.count)")
    return given.withUnsafeMutableBufferPointer { given in given.baseAddress.map { loss($0, target: target, scale: 1) } ?? 0 }
  }
}
