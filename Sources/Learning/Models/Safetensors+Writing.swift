import Storage
package import Support

extension Safetensors {
  /// A tensor to be written.
  package struct Entry: Sendable {
    package let name: String
    package let dataType: DataType
    package let shape: [Int]
    let byteCount: Int
    /// Lends the bytes.
    private let lend: @Sendable (_ body: (UnsafeRawBufferPointer) throws(RecurrentError) -> Void) throws(RecurrentError) -> Void

    /// A tensor of `values`, the last axis of `shape` varying fastest.
    package init<Element: TensorElement>(_ name: String, _ values: [Element], shape: [Int]) {
      self.name = name
      self.dataType = Element.dataType
      self.shape = shape
      byteCount = values.count * MemoryLayout<Element>.stride
      lend = { body throws(RecurrentError) in
        try values.withUnsafeBufferPointer { values throws(RecurrentError) in try body(UnsafeRawBufferPointer(values)) }
      }
    }

    /// A tensor of any data type from its bytes.
    package init(_ name: String, dataType: DataType, shape: [Int], bytes: [UInt8]) {
      self.name = name
      self.dataType = dataType
      self.shape = shape
      byteCount = bytes.count
      lend = { body throws(RecurrentError) in
        try bytes.withUnsafeBufferPointer { bytes throws(RecurrentError) in try body(UnsafeRawBufferPointer(bytes)) }
      }
    }

    fileprivate func withBytes(_ body: (UnsafeRawBufferPointer) throws(RecurrentError) -> Void) throws(RecurrentError) {
      try lend(body)
    }
  }

  /// Writes `entries` in their order, and `metadata`, to the file at `path`, which is replaced whole or not at all.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be written, two entries have the same name, or an entry's shape does not
  ///   hold as many elements as it has.
  package static func write(_ entries: [Entry], metadata: [String: String] = [:], to path: String) throws(RecurrentError) {
    let header = try header(entries, metadata, path)
    try AtomicFile.write(to: path) { file throws(RecurrentError) in
      try file.append(header)
      for entry in entries { try entry.withBytes { bytes throws(RecurrentError) in try file.append(bytes) } }
    }
  }

  /// The bytes of the file that ``write(_:metadata:to:)`` writes.
  ///
  /// - Parameter name: by which messages call it.
  /// - Throws: ``RecurrentError`` if two entries have the same name, or an entry's shape does not hold as many elements as it
  ///   has.
  package static func bytes(
    _ entries: [Entry], metadata: [String: String] = [:], name: String = "the tensors"
  ) throws(RecurrentError) -> [UInt8] {
    var file = try header(entries, metadata, name)
    file.reserveCapacity(file.count + entries.reduce(0) { $0 + $1.byteCount })
    for entry in entries { try entry.withBytes { file.append(contentsOf: $0) } }
    return file
  }

  /// The header with its length before it and spaces after it, such that the tensors begin at a multiple of eight.
  private static func header(_ entries: [Entry], _ metadata: [String: String], _ path: String) throws(RecurrentError) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(jsonString($0.key)):\(jsonString($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var names: Set<String> = ["__metadata__"]
    var offset = 0
    for entry in entries {
      let name = quoted(entry.name)
      guard names.insert(entry.name).inserted else { throw RecurrentError(cannotWrite: path, "two tensors are called \(name)") }
      guard entry.shape.allSatisfy({ $0 >= 0 }), SafetensorsHeader.byteCount(entry.dataType, entry.shape) == entry.byteCount
      else {
        throw RecurrentError(
          cannotWrite: path,
          "the shape \(entry.shape) of tensor \(name) does not fit its \(entry.dataType.rawValue) elements, which take \(entry.byteCount) bytes"
        )
      }
      let end = offset + entry.byteCount
      let shape = entry.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(jsonString(entry.name)):{\"dtype\":\"\(entry.dataType.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
      )
      offset = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }
}

/// `text` as a JSON string.
private func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\0"..<" ":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
