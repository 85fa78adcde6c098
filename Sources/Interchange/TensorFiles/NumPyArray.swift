import Models
import Storage
import Support

/// Arrays in NumPy's format: a line of Python that describes the array, and its elements. Source: NumPy enhancement proposal 1.
enum NumPyArray {
  typealias Problem = StrictJSON.Problem

  static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The arrays of an `.npz` file, by their members' names without `.npy`.
  static func tensors(_ archive: ZipArchive, _ file: MappedFile) throws(Problem) -> [TensorFile.Tensor] {
    var tensors: [TensorFile.Tensor] = []
    for entry in archive.entries {
      guard entry.name.hasSuffix(".npy") else {
        throw Problem("the archive's member \(quoted(entry.name)) is no array; expected names that end in .npy")
      }
      let (bytes, range) = try entry.content(in: file)
      tensors.append(try tensor(String(entry.name.dropLast(4)), in: range, of: bytes))
    }
    return tensors
  }

  static func tensor(_ name: String, in range: Range<Int>, of file: MappedFile) throws(Problem) -> TensorFile.Tensor {
    do throws(Problem) {
      var reader = ByteReader(file, in: range)
      guard try reader.bytes(signature.count) == signature else { throw Problem("it does not begin as NumPy's arrays do") }
      let version = try reader.number(UInt8.self)
      try reader.skip(1)
      guard (1...3).contains(version) else { throw Problem("its format is version \(version); 1 to 3 are known") }
      let length = version == 1 ? Int(try reader.number(UInt16.self)) : Int(try reader.number(UInt32.self))
      var header = NumPyHeader(try reader.bytes(length))
      try header.read()
      guard let count = elements(header.shape, header.dataType, atMost: range.upperBound - reader.position) else {
        throw Problem(
          "its shape \(shortened(header.shape)) takes more than the \(range.upperBound - reader.position) bytes that are there")
      }
      guard count * header.dataType.size == range.upperBound - reader.position else {
        throw Problem(
          "its shape \(shortened(header.shape)) takes \(count * header.dataType.size) bytes, "
            + "but \(range.upperBound - reader.position) are there")
      }
      var strides = contiguousStrides(header.shape)
      if header.isFortranOrdered { strides = contiguousStrides(header.shape.reversed()).reversed() }
      return TensorFile.Tensor(
        name: name, dataType: header.dataType, shape: header.shape,
        storage: .mapped(file, start: reader.position, strides: strides, isBigEndian: header.isBigEndian))
    } catch {
      throw Problem("array \(quoted(name)): \(error.text)")
    }
  }
}

/// How many elements a shape has, nil if they take more than `bytes` bytes.
func elements(_ shape: [Int], _ type: DataType, atMost bytes: Int) -> Int? {
  guard let size = SafetensorsHeader.byteCount(type, shape), size <= bytes else { return nil }
  return size / type.size
}

/// The Python dictionary before an array's elements: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
private struct NumPyHeader {
  typealias Problem = StrictJSON.Problem

  private(set) var dataType = DataType.float32
  private(set) var isBigEndian = false
  private(set) var isFortranOrdered = false
  private(set) var shape: [Int] = []
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func read() throws(Problem) {
    var keys: Set<String> = []
    try expect("{")
    while !takes("}") {
      let key = try string()
      guard keys.insert(key).inserted else { throw Problem("its header has \(quoted(key)) twice") }
      try expect(":")
      switch key {
      case "descr": try readType()
      case "fortran_order":
        isFortranOrdered = takes("True")
        if !isFortranOrdered { try expect("False") }
      case "shape": try readShape()
      default: throw Problem("its header has the unknown key \(quoted(key))")
      }
      if !takes(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard rest.isEmpty, keys.count == 3 else { throw Problem("its header is not a dictionary of descr, fortran_order and shape") }
  }

  private mutating func readType() throws(Problem) {
    if takes("[") { throw Problem("its elements are records; expected numbers") }
    let text = try string()
    guard let type = Self.types[String(text.dropFirst())], let order = text.first, "<>|=".contains(order) else {
      throw Problem("its data type \(quoted(text)) holds no numbers that can be read here")
    }
    (dataType, isBigEndian) = (type, order == ">")
  }

  private static let types: [String: DataType] = [
    "f2": .float16, "f4": .float32, "f8": .float64, "b1": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
    "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
  ]

  private mutating func readShape() throws(Problem) {
    try expect("(")
    while !takes(")") {
      skipSpace()
      let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      guard let length = Int(String(decoding: digits, as: UTF8.self)), shape.count < 32 else {
        throw Problem("its shape is not a list of lengths")
      }
      rest = rest.dropFirst(digits.count)
      // Python 2 wrote long numbers so.
      if rest.first == UInt8(ascii: "L") { rest.removeFirst() }
      shape.append(length)
      if !takes(",") {
        try expect(")")
        break
      }
    }
  }

  private mutating func string() throws(Problem) -> String {
    try expect("'")
    let text = rest.prefix { $0 != UInt8(ascii: "'") }
    rest = rest.dropFirst(text.count + 1)
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func skipSpace() { rest = rest.drop { [0x20, 0x0A].contains($0) } }

  private mutating func takes(_ text: String) -> Bool {
    skipSpace()
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  private mutating func expect(_ text: String) throws(Problem) {
    guard takes(text) else { throw Problem("its header is damaged: expected \(text)") }
  }
}
