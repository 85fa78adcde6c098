/// chrF over all segments together (Popović 2015): how many runs of characters, without white space, stand in the reference, and how
/// many of the reference's are there, which counts β² as much. As sacreBLEU counts chrF2 by default:
/// `nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0`.
package struct ChrF: Sendable, Hashable {
  /// The longest runs of characters that count.
  package static let orders = 6
  private static let beta = 2.0

  /// For each length of a run: how many were given, how many the references have, and how many stand in both.
  private var given = [Int](repeating: 0, count: orders)
  private var reference = [Int](repeating: 0, count: orders)
  private var matches = [Int](repeating: 0, count: orders)

  package init() {}

  /// Counts a segment.
  package mutating func add(_ segment: String, reference: String) {
    let (own, other) = (Self.characters(of: segment), Self.characters(of: reference))
    for order in 1...Self.orders {
      let (runs, others) = (NGrams(own, length: order, bits: 21), NGrams(other, length: order, bits: 21))
      // Runs of a length that the reference has none of are not held against a segment.
      given[order - 1] += others.counts.isEmpty ? 0 : runs.total
      self.reference[order - 1] += others.total
      matches[order - 1] += runs.matches(in: others)
    }
  }

  private static func characters(of segment: String) -> [UInt32] {
    segment.unicodeScalars.lazy.filter { !$0.isSplitting }.map(\.value)
  }

  /// From 0 to 100.
  package var score: Double {
    let orders = (0..<Self.orders).filter { given[$0] > 0 && reference[$0] > 0 }
    if orders.isEmpty { return 0 }
    func mean(_ whole: [Int]) -> Double {
      orders.reduce(0) { $0 + Double(matches[$1]) / Double(whole[$1]) } / Double(orders.count)
    }
    let (precision, recall) = (mean(given), mean(reference))
    if precision + recall == 0 { return 0 }
    let factor = Self.beta * Self.beta
    return 100 * (1 + factor) * precision * recall / (factor * precision + recall)
  }
}
