/// How a tensor's numbers are stored, under the safetensors format's own names.
package enum DataType: String, Sendable, Hashable, CaseIterable {
  case bool = "BOOL"
  case uint8 = "U8"
  case int8 = "I8"
  case float8e5m2 = "F8_E5M2"
  case float8e4m3 = "F8_E4M3"
  case int16 = "I16"
  case uint16 = "U16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int32 = "I32"
  case uint32 = "U32"
  case float32 = "F32"
  case int64 = "I64"
  case uint64 = "U64"
  case float64 = "F64"

  /// Bytes per element.
  package var size: Int {
    switch self {
    case .bool, .uint8, .int8, .float8e5m2, .float8e4m3: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }
}

/// A Swift type whose values are laid out in memory as a tensor's elements are in a file.
///
/// The format is little-endian, and so is every processor that Swift runs on.
package protocol TensorElement: BitwiseCopyable, Sendable {
  static var dataType: DataType { get }
}

extension Float: TensorElement { package static var dataType: DataType { .float32 } }
extension Double: TensorElement { package static var dataType: DataType { .float64 } }
extension Int64: TensorElement { package static var dataType: DataType { .int64 } }
extension UInt64: TensorElement { package static var dataType: DataType { .uint64 } }
extension Int32: TensorElement { package static var dataType: DataType { .int32 } }
extension UInt8: TensorElement { package static var dataType: DataType { .uint8 } }
