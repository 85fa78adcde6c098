import Storage
import Support
package import TensorFiles

/// A tensor of an ONNX model. Its numbers are read when asked for.
package struct ONNXTensor: Sendable {
  package var name: String
  package let shape: [Int]
  package let type: ElementType
  let storage: Storage

  /// How many elements there are.
  package var count: Int { shape.contains(0) ? 0 : shape.reduce(1, *) }

  /// Whether the elements are real or whole numbers, of a type that is read here.
  package var holdsNumbers: Bool {
    switch type {
    case .string, .complex64, .complex128: false
    default: true
    }
  }

  /// How elements are stored, under ONNX's numbers.
  package enum ElementType: Int, Sendable {
    case float32 = 1
    case uint8, int8, uint16, int16, int32, int64, string, bool, float16, float64, uint32, uint64, complex64, complex128, bfloat16

    /// Bytes of an element, nil if there is no fixed number.
    var size: Int? {
      switch self {
      case .uint8, .int8, .bool: 1
      case .uint16, .int16, .float16, .bfloat16: 2
      case .float32, .int32, .uint32: 4
      case .float64, .int64, .uint64, .complex64: 8
      case .complex128: 16
      case .string: nil
      }
    }
  }

  enum Storage: Sendable {
    /// As they lie in memory, the lowest byte first.
    case raw(ProtobufMessage)
    /// In the fields for its type.
    case fields(ProtobufMessage)
    case array(ONNXArray)
    /// Why its elements can't be read.
    case unreadable(String)
  }

  init(name: String, shape: [Int], type: ElementType, storage: Storage) {
    self.name = name
    self.shape = shape
    self.type = type
    self.storage = storage
  }

  package init(_ name: String, _ array: ONNXArray) {
    self.init(name: name, shape: array.shape, type: array.isWhole ? .int64 : .float32, storage: .array(array))
  }
}

/// Numbers with a shape, the last axis varying fastest.
package struct ONNXArray: Sendable, Hashable {
  /// How many axes there may be: as many as NumPy knows of.
  package static let greatestRank = 64

  package let shape: [Int]
  package let elements: Elements

  package enum Elements: Sendable, Hashable {
    case floats([Float])
    /// Whole numbers and truth values.
    case integers([Int])
  }

  /// - Precondition: there are as many elements as the shape has places.
  package init(_ shape: [Int], _ elements: Elements) {
    self.shape = shape
    self.elements = elements
    ensure(count == shape.reduce(1, *), "an array of the shape \(shape) has \(count) elements")
  }

  package var count: Int {
    switch elements {
    case .floats(let values): values.count
    case .integers(let values): values.count
    }
  }

  package var isWhole: Bool { if case .integers = elements { true } else { false } }
}

extension ONNXTensor {
  /// The elements.
  package func array() throws(TensorFile.Problem) -> ONNXArray {
    let elements: ONNXArray.Elements
    switch storage {
    case .array(let array): return array
    case .unreadable(let reason): throw problem(reason)
    case .raw(let bytes): elements = try self.elements(raw: bytes)
    case .fields(let message): elements = try self.elements(fields: message)
    }
    let count =
      switch elements {
      case .floats(let values): values.count
      case .integers(let values): values.count
      }
    guard count == self.count else { throw problem("has \(count) numbers, but its shape is \(shape)") }
    return ONNXArray(shape, elements)
  }

  private func problem(_ reason: String) -> TensorFile.Problem { TensorFile.Problem("tensor \(quoted(name)) \(reason)") }

  private func elements(raw: ProtobufMessage) throws(TensorFile.Problem) -> ONNXArray.Elements {
    guard let size = type.size else { throw problem("holds text") }
    func words(_ bytes: UnsafeRawBufferPointer) -> some Sequence<UInt64> {
      (0..<bytes.count / size).lazy.map { index in
        (0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[index * size + $1]) << (8 * UInt64($1)) }
      }
    }
    if type == .float32 {
      return raw.file.withBytes(in: raw.range) { bytes in
        .floats((0..<bytes.count / 4).map { Float(bitPattern: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)) })
      }
    }
    if let float = floatOfBits {
      return raw.file.withBytes(in: raw.range) { .floats(words($0).map(float)) }
    }
    guard let integer = integerOfBits else { throw problem("holds complex numbers") }
    return raw.file.withBytes(in: raw.range) { .integers(words($0).map(integer)) }
  }

  /// Numbers in the message's own fields: 4 for floats, 5 for whole numbers of up to 32 bits and for the bits of half floats, 7
  /// and 11 for those of 64, 10 for doubles.
  private func elements(fields message: ProtobufMessage) throws(TensorFile.Problem) -> ONNXArray.Elements {
    var floats: [Float] = []
    var integers: [Int] = []
    try message.forEachField { field throws(TensorFile.Problem) in
      switch (field.number, type) {
      case (4, .float32): try field.appendFloats(to: &floats)
      case (10, .float64): try field.appendDoubles(to: &floats)
      case (5, .int32), (5, .int16), (5, .int8), (5, .uint16), (5, .uint8), (5, .bool), (5, .float16), (5, .bfloat16),
        (7, .int64),
        (11, .uint64), (11, .uint32):
        try field.appendIntegers(to: &integers)
      default: break
      }
    }
    switch type {
    case .float32, .float64: return .floats(floats)
    case .float16, .bfloat16:
      return .floats(integers.map { bits in floatOfBits.map { $0(UInt64(truncatingIfNeeded: bits)) } ?? 0 })
    case .string: throw problem("holds text")
    case .complex64, .complex128: throw problem("holds complex numbers")
    default: return .integers(integers)
    }
  }

  /// The number that bits stand for, nil if the type has whole numbers.
  private var floatOfBits: ((UInt64) -> Float)? {
    switch type {
    case .float32: { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
    case .float64: { Float(Double(bitPattern: $0)) }
    case .float16: { Float(half: UInt16(truncatingIfNeeded: $0)) }
    case .bfloat16: { Float(bfloat: UInt16(truncatingIfNeeded: $0)) }
    default: nil
    }
  }

  private var integerOfBits: ((UInt64) -> Int)? {
    switch type {
    case .uint8, .uint16, .uint32, .bool, .int64, .uint64: { Int(truncatingIfNeeded: $0) }
    case .int8: { Int(Int8(truncatingIfNeeded: $0)) }
    case .int16: { Int(Int16(truncatingIfNeeded: $0)) }
    case .int32: { Int(Int32(truncatingIfNeeded: $0)) }
    default: nil
    }
  }
}
