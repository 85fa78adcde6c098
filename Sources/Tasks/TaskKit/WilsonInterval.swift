/// Where the fraction of all such answers lies that is right, with 95 % confidence, as far as some show it that were drawn independently
/// of one another; 0 to 1 for none of them.
///
/// Source: Wilson (1927), Probable inference, the law of succession, and statistical inference.
package func wilsonInterval(right: Int, of count: Int) -> ClosedRange<Double> {
  guard count > 0 else { return 0...1 }
  let (n, z) = (Double(count), 1.959964)
  let fraction = Double(right) / n
  let middle = fraction + z * z / (2 * n)
  let half = z * (fraction * (1 - fraction) / n + z * z / (4 * n * n)).squareRoot()
  let lowest = max(0, (middle - half) / (1 + z * z / n))
  // Rounding may leave the ends a little within what was counted.
  return min(lowest, fraction)...max(fraction, min(1, (middle + half) / (1 + z * z / n)))
}
