import CellAnalysis
import CellLanguage
import Engine

extension InspectionReport.Statistics {
  /// Over all steps of a trace.
  ///
  /// A squashed quantity counts as saturated within 1 % of its range from either end: σ and tanh then pass on less than
  /// 4 % of their steepest slope, 4 · 0.01 · 0.99.
  init(_ values: Trace.Quantity, of cell: Cell) {
    quantity = values.name
    let moments = values.units { unit -> (mean: Double, variance: Double) in
      let mean = unit.reduce(0) { $0 + Double($1) } / Double(unit.count)
      return (mean, unit.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(unit.count))
    }
    mean = moments.map { Float($0.mean).finite }
    variance = moments.map { Float($0.variance).finite }
    let isGate = values.role == .gate
    closed = isGate ? values.fraction { $0 < 0.1 } : nil
    open = isGate ? values.fraction { $0 > 0.9 } : nil
    let range = cell.range(ofQuantity: values.name)
    guard range.lowerBound.isFinite && range.upperBound.isFinite, range.upperBound > range.lowerBound else {
      saturated = nil
      return
    }
    let margin = 0.01 * (range.upperBound - range.lowerBound)
    saturated = values.fraction { Double($0) < range.lowerBound + margin || Double($0) > range.upperBound - margin }
  }
}

extension InspectionReport.IdleUnit {
  /// The units of a quantity that do nothing over all steps; none are reported from fewer than 16 steps.
  ///
  /// A gate that never opens or never closes; anything else that moves by less than 1 % of what the liveliest unit moves by.
  static func all(in values: Trace.Quantity) -> [Self] {
    guard values.steps >= 16 else { return [] }
    let extremes = values.units { unit in (low: unit.min() ?? 0, high: unit.max() ?? 0) }
    let widest = extremes.reduce(0) { max($0, ($1.high - $1.low).finite ?? 0) }
    let isFinite = values.units { $0.allSatisfy(\.isFinite) }
    return extremes.enumerated().compactMap { unit, found in
      // A value that is not finite is worse than an idle unit.
      guard isFinite[unit] else { return nil }
      let reason: String
      if values.role == .gate && found.high < 0.1 {
        reason = "never above 0.1"
      } else if values.role == .gate && found.low > 0.9 && found.high <= 1 {
        reason = "never below 0.9"
      } else if found.low == 0 && found.high == 0 {
        reason = "always 0"
      } else if found.high - found.low < 0.01 * widest {
        reason = "stays at \((Double(found.low) / 2 + Double(found.high) / 2).significant(2))"
      } else {
        return nil
      }
      return Self(quantity: values.name, unit: unit, reason: reason)
    }
  }
}

extension Trace.Quantity {
  /// Steps, if it is of one sequence.
  var steps: Int { width == 0 ? 0 : values.count / width }

  /// What `body` makes of each unit's values over time.
  func units<Result>(_ body: ([Float]) -> Result) -> [Result] {
    (0..<width).map { unit in body(stride(from: unit, to: values.count, by: width).map { values[$0] }) }
  }

  /// For each unit the fraction of the steps at which the condition holds.
  func fraction(_ isAsked: (Float) -> Bool) -> [Float] {
    units { unit in Float(unit.count(where: isAsked)) / Float(max(1, unit.count)) }
  }
}

extension Cell {
  /// The values that a quantity can have, as far as its equation says; everything for a pre-activation.
  func range(ofQuantity name: String) -> ClosedRange<Double> {
    equations.first { $0.name == name }.map { range(of: $0) } ?? -.infinity ... .infinity
  }
}

extension Float {
  /// The number, nil if it is NaN or infinite.
  var finite: Float? { isFinite ? self : nil }
}

extension Double {
  /// The number with at most the given count of significant digits: `0.032`, `-12`, `1.1`.
  func significant(_ digits: Int) -> String {
    guard isFinite, self != 0 else { return self == 0 ? "0" : "\(self)" }
    var scale = 1.0
    while abs(self) * scale >= 10 { scale /= 10 }
    while abs(self) * scale < 1 { scale *= 10 }
    for _ in 1..<max(1, digits) { scale *= 10 }
    // Powers of ten below 1 are not exact, their inverses are.
    let rounded = scale < 1 ? (self * scale).rounded() * (1 / scale).rounded() : (self * scale).rounded() / scale
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The fraction as a percentage: `31 %`, `0.4 %`.
  var percent: String { "\((self * 100).significant(2)) %" }
}
