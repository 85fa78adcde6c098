extension ComparisonReport {
  /// The mean and the standard deviation of some numbers.
  public struct Spread: Sendable, Hashable, Codable {
    /// The mean of the numbers.
    public let mean: Double
    /// The standard deviation of the sample, with n - 1; nil for a single number.
    public let deviation: Double?

    init(_ mean: Double) { (self.mean, deviation) = (mean, nil) }

    /// Nil if there are no numbers.
    package init?(_ numbers: some Collection<Double>) {
      guard !numbers.isEmpty else { return nil }
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      self.mean = mean
      deviation =
        numbers.count < 2
        ? nil : (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count - 1)).squareRoot()
    }
  }
}
