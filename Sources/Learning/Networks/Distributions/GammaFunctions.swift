import Platform

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
