/// How the numbers of a column are brought to about the size of 1: learnt on what is trained on, and undone in what is given out.
public struct Scaling: Sendable, Hashable, Codable {
  public let mean: Double
  /// Above 0.
  public let deviation: Double

  public static let identity = Scaling(mean: 0, deviation: 1)

  public init(mean: Double, deviation: Double) {
    self.mean = mean
    self.deviation = deviation
  }

  /// The mean and the standard deviation of some numbers, those that are NaN left out; nil if there are no two different ones.
  public init?(_ values: some Sequence<Double>) {
    // Welford 1962, Note on a method for calculating corrected sums of squares.
    var (count, mean, squares) = (0.0, 0.0, 0.0)
    for value in values where !value.isNaN {
      count += 1
      let step = value - mean
      mean += step / count
      squares += step * (value - mean)
    }
    let deviation = (squares / max(count, 1)).squareRoot()
    // What differs in its last digits only is one number.
    guard count > 1, deviation > abs(mean) * 1e-9, deviation.isFinite else { return nil }
    self.init(mean: mean, deviation: deviation)
  }

  public func scaled(_ value: Double) -> Double { (value - mean) / deviation }
  public func unscaled(_ value: Double) -> Double { value * deviation + mean }
}
