/// A whole number of a graph as far as it is known before the graph runs: a sum of products of the lengths of its inputs' axes,
/// such as `2·batch·steps`.
///
/// Every axis is taken to be at least 1 long. What would have more terms or factors than any exporter writes is not known.
struct ONNXLength: Hashable, Sendable {
  /// What each product of axes is multiplied by; the axes by their names, sorted, none for the constant term.
  private let terms: [[String]: Int]

  private static let greatestCount = 16
  private static let greatestDegree = 8

  init(_ value: Int) { terms = value == 0 ? [:] : [[]: value] }

  init(axis: String) { terms = [[axis]: 1] }

  private init?(_ terms: [[String]: Int]) {
    self.terms = terms.filter { $0.value != 0 }
    if self.terms.count > Self.greatestCount || terms.keys.contains(where: { $0.count > Self.greatestDegree }) { return nil }
  }

  /// The number if it is the same whatever the inputs' lengths are.
  var constant: Int? { terms.isEmpty ? 0 : terms.count == 1 ? terms[[]] : nil }

  /// The sum with another one that is multiplied by `factor`; nil if it is not known.
  func adding(_ other: ONNXLength, times factor: Int = 1) -> ONNXLength? {
    var sums = terms
    for (axes, value) in other.terms {
      let product = value.multipliedReportingOverflow(by: factor)
      let sum = (sums[axes] ?? 0).addingReportingOverflow(product.partialValue)
      if product.overflow || sum.overflow { return nil }
      sums[axes] = sum.partialValue
    }
    return ONNXLength(sums)
  }

  /// The product with another one; nil if it is not known.
  func multiplied(by other: ONNXLength) -> ONNXLength? {
    var product: ONNXLength? = ONNXLength(0)
    for (axes, value) in other.terms {
      var part: [[String]: Int] = [:]
      for (own, factor) in terms { part[(own + axes).sorted()] = factor }
      product = product.flatMap { sum in ONNXLength(part).flatMap { sum.adding($0, times: value) } }
    }
    return product
  }

  /// The quotient; nil if it is not known, or there is a remainder and not both are constant.
  func divided(by other: ONNXLength) -> ONNXLength? {
    if self == other, self != ONNXLength(0) { return ONNXLength(1) }
    if let constant, let divisor = other.constant {
      return divisor == 0 || divisor == -1 ? nil : ONNXLength(constant / divisor)
    }
    guard other.terms.count == 1, let (divisor, factor) = other.terms.first, factor > 0 else { return nil }
    var quotients: [[String]: Int] = [:]
    for (axes, value) in terms {
      var rest = axes
      for axis in divisor {
        guard let place = rest.firstIndex(of: axis) else { return nil }
        rest.remove(at: place)
      }
      guard value.isMultiple(of: factor) else { return nil }
      quotients[rest] = value / factor
    }
    return ONNXLength(quotients)
  }

  /// Below 0 if it is less than the other one whatever the inputs' lengths are, 0 if it is equal, above 0 if it is greater; nil if
  /// that depends on them.
  func compared(to other: ONNXLength) -> Int? {
    guard let difference = adding(other, times: -1) else { return nil }
    if let constant = difference.constant { return constant.signum() }
    if difference.isPositive { return 1 }
    return other.adding(self, times: -1)?.isPositive == true ? -1 : nil
  }

  /// Whether it is above 0 for all lengths of at least 1.
  private var isPositive: Bool {
    var least = 0
    for (axes, value) in terms {
      if value < 0 && !axes.isEmpty { return false }
      let sum = least.addingReportingOverflow(value)
      if sum.overflow { return false }
      least = sum.partialValue
    }
    return least > 0
  }
}

extension ONNXLength: CustomStringConvertible {
  /// `2·batch·steps + 1`
  var description: String {
    if let constant { return "\(constant)" }
    let sorted = terms.sorted { ($0.key.count, $0.key.description) > ($1.key.count, $1.key.description) }
    return sorted.map { axes, value in
      ((value == 1 && !axes.isEmpty ? [] : ["\(value)"]) + axes).joined(separator: "·")
    }.joined(separator: " + ")
  }
}

/// The product of lengths; nil if it is not known.
func product(_ lengths: some Sequence<ONNXLength?>) -> ONNXLength? {
  lengths.reduce(ONNXLength(1)) { product, length in
    guard let product, let length else { return nil }
    return product.multiplied(by: length)
  }
}
