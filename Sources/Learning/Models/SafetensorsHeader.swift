package import Storage
import Support

/// The header of a safetensors file, held against all rules of the format.
package struct SafetensorsHeader {
  package typealias Problem = StrictJSON.Problem

  package private(set) var metadata: [String: String] = [:]
  package private(set) var tensors: [Safetensors.Tensor] = []

  /// The format's own limit, in bytes.
  private static let longest = 100_000_000

  package init(_ file: MappedFile) throws(Problem) {
    guard file.count >= 8 else {
      throw Problem("its length is \(file.count), but a safetensors file begins with 8 bytes that hold its header's length")
    }
    let length = file.withBytes(in: 0..<8) { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= Self.longest else {
      throw Problem(
        "it is no safetensors file: its first 8 bytes claim a header of \(length) bytes, more than the \(Self.longest) that the format "
          + "allows")
    }
    let start = 8 + Int(length)
    guard start <= file.count else {
      throw Problem("its header should have \(length) bytes, but only \(file.count - 8) follow")
    }
    try read(file.withBytes(in: 8..<start) { [UInt8]($0) })
    try checkRanges(within: file.count - start)
    tensors = tensors.map {
      Safetensors.Tensor(
        name: $0.name, dataType: $0.dataType, shape: $0.shape,
        range: $0.range.lowerBound + start..<$0.range.upperBound + start)
    }
  }

  private mutating func read(_ bytes: [UInt8]) throws(Problem) {
    do throws(Problem) {
      // The format wants the object to begin at once; only after it may white space stand, which aligns the tensors.
      if let first = bytes.first, first != UInt8(ascii: "{") { throw Problem("it does not begin with `{`") }
      var json = StrictJSON(bytes[...])
      var metadata: [String: String] = [:]
      var tensors: [Safetensors.Tensor] = []
      try json.object { json, name throws(Problem) in
        if name == "__metadata__" {
          try json.object { json, key throws(Problem) in metadata[key] = try json.string() }
        } else {
          tensors.append(try Self.tensor(name, &json))
        }
      }
      try json.end()
      self.metadata = metadata
      self.tensors = tensors
    } catch {
      throw Problem("in its header, \(error.text)")
    }
  }

  private static func tensor(_ name: String, _ json: inout StrictJSON) throws(Problem) -> Safetensors.Tensor {
    var dataType: DataType?
    var shape: [Int]?
    var offsets: [Int]?
    do throws(Problem) {
      try json.object { json, key throws(Problem) in
        switch key {
        case "dtype": dataType = try Self.dataType(&json)
        case "shape": shape = try Self.numbers("shape", &json)
        case "data_offsets": offsets = try Self.numbers("data_offsets", &json)
        default: throw Problem("the key \(quoted(key)) is unknown; expected dtype, shape and data_offsets")
        }
      }
      guard let dataType else { throw Problem("the key dtype is missing") }
      guard let shape else { throw Problem("the key shape is missing") }
      guard let offsets else { throw Problem("the key data_offsets is missing") }
      guard offsets.count == 2 else { throw Problem("data_offsets is \(shortened(offsets)); expected a begin and an end") }
      guard offsets[0] <= offsets[1] else {
        throw Problem("data_offsets ends at \(offsets[1]), before its begin at \(offsets[0])")
      }
      guard let expected = byteCount(dataType, shape) else {
        throw Problem("the shape \(shortened(shape)) has more elements than can be counted")
      }
      guard offsets[1] - offsets[0] == expected else {
        throw Problem(
          "data_offsets spans \(offsets[1] - offsets[0]) bytes, but \(dataType.rawValue) of the shape "
            + "\(shortened(shape)) takes \(expected)")
      }
      return Safetensors.Tensor(name: name, dataType: dataType, shape: shape, range: offsets[0]..<offsets[1])
    } catch {
      throw Problem("tensor \(quoted(name)): \(error.text)")
    }
  }

  private static func dataType(_ json: inout StrictJSON) throws(Problem) -> DataType {
    let name = try json.string()
    guard let type = DataType(rawValue: name) else {
      throw Problem(
        "the dtype \(quoted(name)) is unknown; expected one of " + DataType.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return type
  }

  private static func numbers(_ key: String, _ json: inout StrictJSON) throws(Problem) -> [Int] {
    var numbers: [Int] = []
    try json.array { json throws(Problem) in
      guard let number = try json.integer() else { throw Problem("\(key) holds a number that does not fit in 64 bits") }
      guard number >= 0 else { throw Problem("\(key) holds the negative number \(number)") }
      numbers.append(number)
    }
    return numbers
  }

  /// The bytes of a tensor, or nil if there are more than an `Int` can count.
  package static func byteCount(_ dataType: DataType, _ shape: [Int]) -> Int? {
    // A shape with a zero holds nothing, however long its other axes are.
    if shape.contains(0) { return 0 }
    return shape.reduce(dataType.size) { count, length in
      count.flatMap {
        let (product, overflow) = $0.multipliedReportingOverflow(by: length)
        return overflow ? nil : product
      }
    }
  }

  /// Sorts the tensors by place and holds that they fill the rest of the file, each byte belonging to one of them.
  private mutating func checkRanges(within size: Int) throws(Problem) {
    tensors.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for (index, tensor) in tensors.enumerated() {
      let name = quoted(tensor.name)
      if tensor.range.lowerBound < end {
        throw Problem(
          "tensor \(name) begins at byte \(tensor.range.lowerBound), inside of tensor \(quoted(tensors[index - 1].name)), "
            + "which ends at \(end)")
      }
      if tensor.range.lowerBound > end {
        throw Problem("tensor \(name) begins at byte \(tensor.range.lowerBound), but the bytes from \(end) on belong to none")
      }
      if tensor.range.upperBound > size {
        throw Problem("tensor \(name) ends at byte \(tensor.range.upperBound), but only \(size) bytes follow the header")
      }
      end = tensor.range.upperBound
    }
    if end < size { throw Problem("its tensors end at byte \(end) after the header, but \(size) bytes are there") }
  }
}

/// `numbers` as they may stand in a message.
package func shortened(_ numbers: [Int]) -> String {
  numbers.count > 8 ? "[" + numbers.prefix(8).map(String.init).joined(separator: ", ") + ", …]" : "\(numbers)"
}
