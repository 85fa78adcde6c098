/// A number of a JSON text, kept as its digits.
///
/// A `Double` would round integers beyond 2⁵³, such as seeds, and round a `Float` twice.
package struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
  /// The digits as they stand in the text; `NaN`, `Infinity` and `-Infinity` for what JSON has no digits for.
  package let description: String

  /// - Parameter digits: a number as JSON writes it, or one of the three words.
  init(digits: String) { description = digits }

  package init(_ integer: some BinaryInteger) { description = String(integer) }

  /// The fewest digits that tell the number from its neighbours, `2` rather than `2.0`.
  package init(_ real: some BinaryFloatingPoint & LosslessStringConvertible) {
    let digits = real.isFinite ? real.description : real.isNaN ? "NaN" : real < 0 ? "-Infinity" : "Infinity"
    description = digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }

  /// The number as the nearest `Double`.
  package var double: Double { real() ?? .nan }

  /// The number as the nearest `Real`; nil if it is larger than any.
  func real<Real: BinaryFloatingPoint & LosslessStringConvertible>(as type: Real.Type = Real.self) -> Real? {
    guard let number = Real(description), !number.isInfinite || description.hasSuffix("Infinity") else { return nil }
    return number
  }

  /// The number as an integer; nil if it has a fraction or does not fit.
  package func integer<Integer: FixedWidthInteger>(as type: Integer.Type = Integer.self) -> Integer? {
    if let integer = Integer(description) { return integer }
    // Written with a point or an exponent: exact up to 2⁵³.
    let number = double
    return number.magnitude <= 0x1p53 ? Integer(exactly: number) : nil
  }
}
