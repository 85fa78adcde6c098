import Models
import Storage

/// What the elements of an array or an attribute are.
enum HDF5Type {
  case number(DataType, isBigEndian: Bool)
  /// Text of `size` bytes, filled up with zeros or spaces.
  case text(size: Int, isSpaced: Bool)
  /// Text that stands in a global heap.
  case reference
  /// Anything else; it is left out.
  case other

  typealias Problem = StrictJSON.Problem

  init(_ message: ByteReader) throws(Problem) {
    var reader = message
    let kind = try reader.number(UInt8.self) & 15
    let bits = Int(try reader.number(bytes: 3))
    let size = Int(try reader.number(UInt32.self))
    self = .other
    switch kind {
    case 0:
      let (offset, precision) = (try reader.number(UInt16.self), Int(try reader.number(UInt16.self)))
      guard offset == 0, precision == 8 * size, let type = Self.integer(size, isSigned: bits & 8 != 0) else { return }
      self = .number(type, isBigEndian: bits & 1 != 0)
    case 1:
      // Where the sign, the exponent and the fraction stand, and what is added to the exponent.
      let fields = [bits >> 8 & 255] + (try reader.bytes(8)).map(Int.init)
      let bias = try reader.number(UInt32.self)
      guard bits & 0x40 == 0, bits >> 4 & 3 == 2, let type = Self.float(size, fields, bias: bias) else { return }
      self = .number(type, isBigEndian: bits & 1 != 0)
    case 3: self = .text(size: size, isSpaced: bits & 15 == 2)
    case 9 where bits & 15 == 1 && size == 16: self = .reference
    default: break
    }
  }

  private static func integer(_ size: Int, isSigned: Bool) -> DataType? {
    switch size {
    case 1: isSigned ? .int8 : .uint8
    case 2: isSigned ? .int16 : .uint16
    case 4: isSigned ? .int32 : .uint32
    case 8: isSigned ? .int64 : .uint64
    default: nil
    }
  }

  /// - Parameter fields: the sign's bit; the number's first bit and its bits, each in two bytes; the exponent's first bit and its
  ///   bits; the fraction's.
  private static func float(_ size: Int, _ fields: [Int], bias: UInt32) -> DataType? {
    func hasFields(exponent: Int, fraction: Int) -> Bool {
      fields == [8 * size - 1, 0, 0, 8 * size, 0, fraction, exponent, 0, fraction] && bias == 1 << UInt32(exponent - 1) - 1
    }
    return switch size {
    case 2 where hasFields(exponent: 5, fraction: 10): .float16
    case 2 where hasFields(exponent: 8, fraction: 7): .bfloat16
    case 4 where hasFields(exponent: 8, fraction: 23): .float32
    case 8 where hasFields(exponent: 11, fraction: 52): .float64
    default: nil
    }
  }
}

/// How many elements there are along each axis.
struct HDF5Space {
  private(set) var shape: [Int] = []
  /// How many there may come to be; nil along an axis that has no limit.
  private(set) var most: [Int?] = []

  /// - Returns: nil if the space holds nothing, not even one element.
  init?(_ message: ByteReader) throws(StrictJSON.Problem) {
    var reader = message
    let (version, rank) = (try reader.number(UInt8.self), Int(try reader.number(UInt8.self)))
    guard version == 1 || version == 2, rank <= 32 else {
      throw StrictJSON.Problem("its shape is of version \(version) and has \(rank) axes; known are 1 and 2, and at most 32 axes")
    }
    let flags = try reader.number(UInt8.self)
    let kind = try reader.number(UInt8.self)
    if version == 1 { try reader.skip(4) } else if kind == 2 { return nil }
    for _ in 0..<rank { shape.append(Int(clamping: try reader.number(UInt64.self))) }
    most = shape
    guard flags & 1 == 1 else { return }
    for axis in 0..<rank {
      let length = try reader.number(UInt64.self)
      most[axis] = length == .max ? nil : Int(clamping: length)
      guard length >= UInt64(shape[axis]) else {
        throw StrictJSON.Problem("its shape \(shortened(shape)) is larger than it says that it may become")
      }
    }
  }
}
