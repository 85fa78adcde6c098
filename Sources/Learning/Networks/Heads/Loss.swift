/// The loss of a batch, added up.
package struct Loss: Sendable {
  /// In nats for classes, in squared units for values (mean over a row's outputs), for distributions in nats (sum over
  /// a row's targets) or in the units of the targets for quantiles.
  package var sum: Double
  /// Rows that have a target, or symbols.
  package var count: Int

  package init(sum: Double = 0, count: Int = 0) {
    self.sum = sum
    self.count = count
  }

  package var mean: Double { count == 0 ? 0 : sum / Double(count) }

  package static func += (total: inout Loss, part: Loss) {
    total.sum += part.sum
    total.count += part.count
  }
}
