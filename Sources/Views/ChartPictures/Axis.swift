import Platform
import Support

/// A range of numbers and the marks along it.
package struct Axis: Sendable, Hashable {
  /// The range from the lower to the upper end; of a logarithmic axis the numbers themselves, not their logarithms.
  package let range: ClosedRange<Double>
  package let isLogarithmic: Bool
  package let marks: [Mark]

  package struct Mark: Sendable, Hashable {
    package let value: Double
    package let text: String
  }

  /// An axis on which `values` fit, with about `count` marks at round numbers. Values that are not finite, and on a logarithmic
  /// axis those that are not above 0, have no place on it.
  ///
  /// - Parameters:
  ///   - isTight: whether an axis that is not logarithmic ends at the least and the largest value, and not at marks.
  ///   - decades: the most powers of ten that a logarithmic axis shows; smaller values fall below it.
  package init(
    fitting values: some Sequence<Double>, marks count: Int, isLogarithmic: Bool = false, isTight: Bool = false,
    decades: Int = 12
  ) {
    self.isLogarithmic = isLogarithmic
    let fitting = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    guard let least = fitting.min(), let most = fitting.max() else {
      (range, marks) = (isLogarithmic ? 0.1...1 : 0...1, [])
      return
    }
    (range, marks) =
      isLogarithmic ? Self.decades(least, most, count, most: decades) : Self.steps(least, most, count, isTight: isTight)
  }

  private static func decades(_ least: Double, _ largest: Double, _ count: Int, most: Int) -> (ClosedRange<Double>, [Mark]) {
    let top = Int(log10(largest).rounded(.up))
    let bottom = max(min(Int(log10(least).rounded(.down)), top - 1), top - most)
    let step = max(1, Int((Double(top - bottom) / Double(max(count, 1))).rounded(.up)))
    let exponents = stride(from: top, through: bottom, by: -step).reversed()
    return (
      pow(10, Double(bottom))...pow(10, Double(top)),
      exponents.map { Mark(value: pow(10, Double($0)), text: powerOfTen($0)) }
    )
  }

  private static func steps(
    _ least: Double, _ most: Double, _ count: Int, isTight: Bool
  ) -> (ClosedRange<Double>, [Mark]) {
    // A single number is seen against zero, and zero against one.
    let (least, most) = least < most ? (least, most) : most == 0 ? (0, 1) : (min(0, least), max(0, most))
    let (step, decimals) = step((most - least) / Double(max(count, 1)))
    let first = (least / step).rounded(.down)
    let last = max((most / step).rounded(.up), first + 1)
    let marks = (0...Int(last - first)).map { index in
      let value = (first + Double(index)) * step
      return Mark(value: value, text: abs(value) < 10_000 ? value.fixed(decimals) : value.grouped)
    }
    let range = first * step...last * step
    return isTight ? (least...most, marks.filter { (least...most).contains($0.value) }) : (range, marks)
  }

  /// Where a value lies, 0 at the lower and 1 at the upper end; nil where there is no place for it.
  package func place(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    let (low, high) = (range.lowerBound, range.upperBound)
    let place: Double
    if isLogarithmic {
      guard value > 0 else { return nil }
      place = (log10(value) - log10(low)) / (log10(high) - log10(low))
    } else {
      place = (value - low) / (high - low)
    }
    return (-1e-9...1 + 1e-9).contains(place) ? min(1, max(0, place)) : nil
  }

  /// The next of 1, 2 and 5 times a power of ten, and the decimals that it needs.
  private static func step(_ least: Double) -> (step: Double, decimals: Int) {
    let exponent = Int(log10(least).rounded(.down))
    for factor in [1.0, 2, 5] where factor * pow(10, Double(exponent)) >= least * (1 - 1e-9) {
      return (factor * pow(10, Double(exponent)), max(0, -exponent))
    }
    return (pow(10, Double(exponent + 1)), max(0, -exponent - 1))
  }

  /// `0.01` to `100` as numbers, others as powers: `10⁻⁶`.
  private static func powerOfTen(_ exponent: Int) -> String {
    if (-2...2).contains(exponent) { return pow(10, Double(exponent)).fixed(max(0, -exponent)) }
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let raised = String(exponent.magnitude).compactMap { $0.wholeNumberValue.map { digits[$0] } }
    return "10\(exponent < 0 ? "⁻" : "")\(String(raised))"
  }
}
