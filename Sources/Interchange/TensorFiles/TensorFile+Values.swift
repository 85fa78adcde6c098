import Models
import Storage
package import Support

extension TensorFile {
  /// The elements of the tensor called `name` as 32-bit floating point, the last axis varying fastest.
  ///
  /// - Parameter shape: the shape that the tensor must have, or nil if any will do.
  /// - Throws: ``RecurrentError`` if there is no such tensor, it holds no real numbers, or its shape is another.
  package func floats(_ name: String, shape: [Int]? = nil) throws(RecurrentError) -> [Float] {
    let tensor = try tensor(name, shape)
    return switch tensor.dataType {
    case .float32: values(of: tensor) { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
    case .float64: try narrowed(tensor)
    case .float16: values(of: tensor) { Float(half: UInt16(truncatingIfNeeded: $0)) }
    case .bfloat16: values(of: tensor) { Float(bfloat: UInt16(truncatingIfNeeded: $0)) }
    case .float8e4m3, .float8e5m2, .bool: throw wrongType(tensor, "a real number")
    default: try integers(name).map(Float.init)
    }
  }

  /// Doubles as the nearest floats, none of which may become infinite on the way.
  private func narrowed(_ tensor: Tensor) throws(RecurrentError) -> [Float] {
    let numbers = values(of: tensor) { Double(bitPattern: $0) }
    if let large = numbers.first(where: { $0.isFinite && Float($0).isInfinite }) {
      throw RecurrentError(
        cannotRead: path,
        "tensor \(quoted(tensor.name)) holds \(large), which is larger than any number of 32 bits, \(Float.greatestFiniteMagnitude)"
      )
    }
    return numbers.map(Float.init)
  }

  /// The elements of the tensor called `name` as whole numbers.
  ///
  /// - Throws: ``RecurrentError`` if there is no such tensor, or it holds no whole numbers.
  package func integers(_ name: String) throws(RecurrentError) -> [Int] {
    let tensor = try tensor(name, nil)
    if case .numbers(let numbers) = tensor.storage {
      let integers = numbers.compactMap(Int.init(exactly:))
      guard integers.count == numbers.count else { throw wrongType(tensor, "whole numbers") }
      return integers
    }
    return switch tensor.dataType {
    case .int8: values(of: tensor) { Int(Int8(truncatingIfNeeded: $0)) }
    case .int16: values(of: tensor) { Int(Int16(truncatingIfNeeded: $0)) }
    case .int32: values(of: tensor) { Int(Int32(truncatingIfNeeded: $0)) }
    case .uint8, .uint16, .uint32, .int64, .bool: values(of: tensor) { Int(truncatingIfNeeded: $0) }
    case .uint64:
      try values(of: tensor) { $0 }.map { number throws(RecurrentError) in
        guard let integer = Int(exactly: number) else { throw wrongType(tensor, "numbers below 2⁶³") }
        return integer
      }
    case .float8e4m3, .float8e5m2, .float16, .bfloat16, .float32, .float64: throw wrongType(tensor, "a whole number")
    }
  }

  private func tensor(_ name: String, _ shape: [Int]?) throws(RecurrentError) -> Tensor {
    guard let tensor = self[name] else { throw RecurrentError(cannotRead: path, "it has no tensor \(quoted(name))") }
    if let shape, tensor.shape != shape {
      throw RecurrentError(cannotRead: path, "tensor \(quoted(name)) has the shape \(tensor.shape); expected \(shape)")
    }
    return tensor
  }

  private func wrongType(_ tensor: Tensor, _ expected: String) -> RecurrentError {
    RecurrentError(
      cannotRead: path, "tensor \(quoted(tensor.name)) has the data type \(tensor.dataType.rawValue); expected \(expected)")
  }

  /// The elements in order, each from its bits.
  private func values<Element>(of tensor: Tensor, _ convert: (UInt64) -> Element) -> [Element] {
    guard case .mapped(let file, let start, let strides, let isBigEndian) = tensor.storage else {
      guard case .numbers(let numbers) = tensor.storage else { return [] }
      return numbers.map { convert($0.bitPattern) }
    }
    let count = tensor.count
    guard count > 0 else { return [] }
    let size = tensor.dataType.size
    return file.withBytes(in: start..<file.count) { bytes in
      // An odometer over the axes; `place` counts elements.
      var index = [Int](repeating: 0, count: tensor.shape.count)
      var place = 0
      return (0..<count).map { _ in
        var bits: UInt64 = 0
        for byte in 0..<size {
          bits |= UInt64(bytes[place * size + byte]) << (8 * UInt64(isBigEndian ? size - 1 - byte : byte))
        }
        for axis in index.indices.reversed() {
          index[axis] += 1
          place += strides[axis]
          if index[axis] < tensor.shape[axis] { break }
          place -= index[axis] * strides[axis]
          index[axis] = 0
        }
        return convert(bits)
      }
    }
  }
}
