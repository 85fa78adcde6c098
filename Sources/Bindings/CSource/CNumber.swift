/// The type of the numbers that C source computes with.
public enum CNumber: String, Sendable, Hashable, CaseIterable {
  /// Single precision.
  case float
  /// Double precision, to see what rounding does.
  case double

  /// Bytes of a number.
  var size: Int { self == .float ? 4 : 8 }

  /// A number as a literal of the type: the shortest digits that give it again.
  func literal(_ number: Double) -> String {
    switch self {
    case .float: Self.text("\(Float(number))", of: Double(Float(number)), suffix: "f")
    case .double: Self.text("\(number)", of: number, suffix: "")
    }
  }

  /// A weight as it is stored, in single precision.
  static func weight(_ number: Float) -> String { text("\(number)", of: Double(number), suffix: "f") }

  private static func text(_ digits: String, of number: Double, suffix: String) -> String {
    if number.isNaN { return "NAN" }
    if number.isInfinite { return number < 0 ? "-HUGE_VAL\(suffix.uppercased())" : "HUGE_VAL\(suffix.uppercased())" }
    return digits + suffix
  }

  /// What a function of the C library is called for numbers of the type: `expf` or `exp`.
  func library(_ name: String) -> String { self == .float ? name + "f" : name }
}
