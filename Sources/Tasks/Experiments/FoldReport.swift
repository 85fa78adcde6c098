import TaskKit

/// What came of trainings in which each part of the data was held out once.
public struct FoldReport: Sendable, Hashable, Codable {
  /// The trainings that have ended, in the order of their parts.
  public let folds: [Fold]
  /// The number of parts.
  public let count: Int
  /// The iterations of the training on all data: the median of those after which the others were at their best.
  public let iterations: Int?
  /// The model that was trained on all data; nil if that has not ended.
  public let model: String?

  /// A training, and how well it does on the part that it did not see.
  public struct Fold: Sendable, Hashable, Codable {
    /// The part, counted from 1.
    public let number: Int
    /// The fraction of its answers that is right; nil if the task does not count that.
    public let score: Double?
    /// How many answers there are, if they are independent of each other.
    public let answers: Int?
    /// The held-out loss.
    public let loss: Double?
    /// The iteration after which that was best.
    public let bestIteration: Int?
    /// Why the training failed; nil if it did not.
    public let failure: String?
  }

  /// The fraction of the held-out answers that is right: of all of them, where they are counted, or the mean over the parts.
  public var score: Double? {
    if let (right, count) = answers { return Double(right) / Double(count) }
    return ComparisonReport.Spread(folds.compactMap(\.score))?.mean
  }

  /// Where the fraction of all such answers lies that is right, with 95 % confidence: of answers that are independent of each other by
  /// Wilson (1927), of others by Student's t over the parts. Nil for fewer than two parts.
  public var interval: ClosedRange<Double>? {
    if let (right, count) = answers { return wilsonInterval(right: right, of: count) }
    let scores = folds.compactMap(\.score)
    guard scores.count > 1, let spread = ComparisonReport.Spread(scores), let deviation = spread.deviation else { return nil }
    let half = Self.quantile(scores.count - 1) * deviation / Double(scores.count).squareRoot()
    return max(0, spread.mean - half)...min(1, spread.mean + half)
  }

  /// How many answers are right, and how many there are; nil if they are not independent of each other.
  private var answers: (right: Int, count: Int)? {
    guard folds.count == count, !folds.isEmpty else { return nil }
    var (right, all) = (0, 0)
    for fold in folds {
      guard let score = fold.score, let answers = fold.answers else { return nil }
      right += Int((score * Double(answers)).rounded())
      all += answers
    }
    return all > 0 ? (right, all) : nil
  }

  /// The quantile 0.975 of Student's t.
  private static func quantile(_ degrees: Int) -> Double {
    degrees <= quantiles.count ? quantiles[degrees - 1] : 1.96 + 2.4 / Double(degrees)
  }

  private static let quantiles = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145,
  ]
}
