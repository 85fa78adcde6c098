/// How the numbers of a column are standardised: computed on what is trained on, and undone in outputs.
package struct Scaling: Sendable, Hashable, Codable {
  package let mean: Double
  /// The standard deviation, above 0.
  package let deviation: Double

  package static let identity = Scaling(mean: 0, deviation: 1)

  package init(mean: Double, deviation: Double) {
    self.mean = mean
    self.deviation = deviation
  }

  /// The mean and the standard deviation of some numbers, without those that are NaN. For numbers that are all the same it is the
  /// mean and a deviation of 1: unscaled, a year or an identifier would saturate every gate that reads it.
  ///
  /// - Parameter size: the size of the numbers from which these were computed, as for ``init(differing:size:)``.
  package init(of values: some Sequence<Double>, size: Double = 0) {
    let (mean, deviation) = Self.moments(values, size: size)
    self.init(mean: mean, deviation: deviation ?? 1)
  }

  /// The scaling of times that pass between steps, of which the mean becomes 1 and 0 stays what it is.
  package init(ofTimes times: some Sequence<Double>) {
    let passed = times.filter { $0 > 0 }
    self.init(mean: 0, deviation: passed.isEmpty ? 1 : passed.reduce(0, +) / Double(passed.count))
  }

  /// The mean and the standard deviation of some numbers, without those that are NaN; nil if no two are different.
  ///
  /// - Parameter size: the largest of the numbers from which these were computed, such as the values whose differences they are:
  ///   what lies within its rounding is no difference.
  package init?(differing values: some Sequence<Double>, size: Double = 0) {
    let (mean, deviation) = Self.moments(values, size: size)
    guard let deviation else { return nil }
    self.init(mean: mean, deviation: deviation)
  }

  /// The mean, 0 if there are no numbers, and the deviation, nil if no two differ.
  private static func moments(_ values: some Sequence<Double>, size: Double) -> (mean: Double, deviation: Double?) {
    // Welford 1962, Note on a method for calculating corrected sums of squares.
    var (count, mean, squares) = (0.0, 0.0, 0.0)
    for value in values where !value.isNaN {
      count += 1
      let step = value - mean
      mean += step / count
      squares += step * (value - mean)
    }
    let deviation = (squares / max(count, 1)).squareRoot()
    // Reading rounds a number by 2⁻⁵³ of its size at most, a difference has this twice, a logarithm somewhat more, and so has the
    // mean: 64 times as much leaves room for all, and is still far below what any measurement tells apart.
    guard count > 1, deviation > max(abs(mean), size) * 0x1p-47, deviation.isFinite else { return (mean, nil) }
    return (mean, deviation)
  }

  package func scaled(_ value: Double) -> Double { (value - mean) / deviation }
  package func unscaled(_ value: Double) -> Double { value * deviation + mean }
}
