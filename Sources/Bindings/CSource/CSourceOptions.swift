import Engine

/// How a network is written as C. Its matrices are stored as the network's are: `network.narrowed(to: .int8)` is one whose C source
/// takes a fourth of the room.
public struct CSourceOptions: Sendable, Hashable {
  /// What is computed with; `double` is for checking.
  public var number: CNumber
  /// Where `tanh` and `sigmoid` come from.
  public var math: CMath
  /// How the network that is written stores the numbers of matrices.
  var weights = WeightKind.float32

  /// Single precision throughout, and the functions of the C library.
  public init(number: CNumber = .float, math: CMath = .exact) {
    self.number = number
    self.math = math
  }
}

extension WeightKind {
  /// The type of an array's elements.
  var cType: String {
    switch self {
    case .float32: "float"
    case .float16, .bfloat16: "uint16_t"
    case .int8: "int8_t"
    }
  }

  /// The function that makes a number of an element, where that takes one.
  var helper: CHelper? {
    switch self {
    case .float32, .int8: nil
    case .float16: .half
    case .bfloat16: .upperHalf
    }
  }

  /// The value of an element, a scale apart.
  func value(_ element: String, _ number: CNumber) -> String {
    if let helper { return "\(helper.rawValue)(\(element))" }
    return self == .int8 ? "(\(number.rawValue))\(element)" : element
  }
}

/// Where the functions `tanh` and `sigmoid` of C source come from.
public enum CMath: String, Sendable, Hashable, CaseIterable {
  /// The C library's.
  case exact
  /// Quotients of polynomials, which take fewer instructions and are within 2e-6.
  case fast
}
