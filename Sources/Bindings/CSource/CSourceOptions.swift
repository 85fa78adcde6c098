/// How a network is written as C.
public struct CSourceOptions: Sendable, Hashable {
  /// What is computed with; `double` is for checking.
  public var number: CNumber
  /// How the numbers of matrices are stored.
  public var weights: CWeights
  /// Where `tanh` and `sigmoid` come from.
  public var math: CMath

  /// Single precision throughout, and the functions of the C library.
  public init(number: CNumber = .float, weights: CWeights = .float32, math: CMath = .exact) {
    self.number = number
    self.weights = weights
    self.math = math
  }
}

/// How C source stores the numbers of matrices. Biases, other vectors and scalars are stored in single precision in any case.
public enum CWeights: String, Sendable, Hashable, CaseIterable {
  /// Single precision.
  case float32
  /// IEEE 754's half precision: 11 bits, and no number beyond 65,504.
  case float16
  /// Whole numbers from -127 to 127, times a scale of each row.
  case int8

  /// The type of an array's elements.
  var type: String {
    switch self {
    case .float32: "float"
    case .float16: "uint16_t"
    case .int8: "int8_t"
    }
  }

  /// Bytes of an element.
  var size: Int {
    switch self {
    case .float32: 4
    case .float16: 2
    case .int8: 1
    }
  }

  /// The value of an element, a scale apart.
  func value(_ element: String, _ number: CNumber) -> String {
    switch self {
    case .float32: element
    case .float16: "half_value(\(element))"
    case .int8: "(\(number.rawValue))\(element)"
    }
  }
}

/// Where the functions `tanh` and `sigmoid` of C source come from.
public enum CMath: String, Sendable, Hashable, CaseIterable {
  /// The C library's.
  case exact
  /// Quotients of polynomials, which take fewer instructions and are within 2e-6.
  case fast
}
