/// In which numbers the products of a stream's steps read vectors: inputs, states and what is computed of them.
public enum ActivationKind: String, Sendable, Hashable, CaseIterable, Codable {
  /// 32-bit floating point, as vectors are computed.
  case float32
  /// Whole numbers from -127 to 127, times one 32-bit number for each vector, to which it is rounded at each step: its largest magnitude
  /// divided by 127. The weights must be whole numbers, too.
  case int8
}

extension ActivationKind {
  /// A vector as its whole numbers and what these are multiplied by; zeros if nothing of it is as large as 2⁻¹⁰⁰.
  package static func rounded(_ vector: [Float]) -> (numbers: [Float], scale: Float) {
    let largest = vector.reduce(0) { max($0, $1.magnitude) }
    if largest < 0x1p-100 { return (vector.map { _ in 0 }, 0) }
    let inverse = 127 / largest
    return (vector.map { ($0 * inverse).rounded(.toNearestOrEven) }, largest / 127)
  }
}
