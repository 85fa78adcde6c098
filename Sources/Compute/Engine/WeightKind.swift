/// In which numbers the weights of matrices are stored. Sums, biases and other vectors, scalars, gains and states are 32-bit floating point
/// whatever it is.
public enum WeightKind: String, Sendable, Hashable, CaseIterable, Codable {
  /// 32-bit floating point, in which networks are trained.
  case float32
  /// IEEE 754's half precision: 11 bits, and none larger than 65,504.
  case float16
  /// The upper half of a 32-bit number: 8 bits, and as large as those.
  case bfloat16
  /// Whole numbers from -127 to 127, times one 32-bit number for each row of the matrix as it is stored.
  case int8

  /// Bytes of a weight.
  package var size: Int {
    switch self {
    case .float32: 4
    case .float16, .bfloat16: 2
    case .int8: 1
    }
  }
}
