import Platform

/// One of the sequences that a search has found.
public struct Hypothesis: Sendable, Hashable {
  /// Its symbols, without the one that ends it.
  public let tokens: [Int32]
  /// The logarithm of its probability, in nats, the symbol that ends it included.
  public let logProbability: Double
  /// By what it was ranked: ``logProbability``, divided by the length penalty.
  public let score: Double
  /// Whether it came to its end. One that is not finished was cut off at the greatest length.
  public let isFinished: Bool
}

/// What a logarithm of a probability is divided by, so that long sequences, whose probabilities are products of more factors, can be
/// compared with short ones: ((5 + length) / 6)^exponent (Wu et al. 2016, Google's Neural Machine Translation System, equation 14,
/// without its coverage).
struct LengthPenalty: Sendable, Hashable {
  let exponent: Double

  /// - Parameter length: in symbols, the one that ends the sequence included.
  func score(_ logProbability: Double, length: Int) -> Double {
    exponent == 0 ? logProbability : logProbability / pow((5 + Double(length)) / 6, exponent)
  }
}
