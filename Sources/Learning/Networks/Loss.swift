/// The loss of a batch, added up.
public struct Loss: Sendable {
  /// In nats for classes, in squared units for values (mean over a row's outputs), for distributions in nats (sum over
  /// a row's targets) or in the units of the targets for quantiles.
  public var sum: Double
  /// Rows that have a target.
  public var count: Int

  public init(sum: Double = 0, count: Int = 0) {
    self.sum = sum
    self.count = count
  }

  public var mean: Double { count == 0 ? 0 : sum / Double(count) }

  public static func += (total: inout Loss, part: Loss) {
    total.sum += part.sum
    total.count += part.count
  }
}
