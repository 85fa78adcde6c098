import Models
import Storage
import Support

extension HDF5Blocks {
  /// The attributes of an object that are texts; others are left out.
  mutating func texts(_ messages: [HDF5Message]) throws(Problem) -> [(name: String, texts: [String])] {
    var found: [(name: String, texts: [String])] = []
    for var attribute in try attributes(messages) {
      if let text = try text(&attribute) { found.append(text) }
    }
    return found
  }

  private mutating func attributes(_ messages: [HDF5Message]) throws(Problem) -> [ByteReader] {
    var attributes: [ByteReader] = []
    for message in messages {
      var body = message.body
      switch message.kind {
      case .attribute: attributes.append(body)
      case .attributeInfo:
        try body.skip(1)
        try body.skip(try body.number(UInt8.self) & 1 == 0 ? 0 : 2)
        let (heap, tree) = (try body.number(UInt64.self), try body.number(UInt64.self))
        guard heap != Self.nowhere else { continue }
        let objects = try HDF5FractalHeap(heap, &self)
        for var record in try HDF5RecordTree(
          tree, kinds: [8], leastRecord: HDF5RecordTree.leastNameRecord, "a tree of attributes", &self
        ).records {
          let attribute = try objects.object(&record)
          guard try record.number(UInt8.self) & 2 == 0 else {
            throw Problem("one of its attributes is shared, which is not read here")
          }
          try copy(attribute.count)
          attributes.append(attribute)
        }
      default: break
      }
    }
    return attributes
  }

  private mutating func text(_ reader: inout ByteReader) throws(Problem) -> (name: String, texts: [String])? {
    let version = try reader.number(UInt8.self)
    let flags = try reader.number(UInt8.self)
    guard (1...3).contains(version) else { throw Problem("one of its attributes is of the unknown version \(version)") }
    let sizes = try (0..<3).map { _ throws(Problem) in Int(try reader.number(UInt16.self)) }
    if version == 3 { try reader.skip(1) }
    // The name, the type and the shape; in the oldest version each fills up eight bytes.
    var parts: [ByteReader] = []
    for size in sizes {
      parts.append(try reader.part(size))
      if version == 1 { try reader.skipPadding(after: size) }
    }
    guard let name = String(validating: try parts[0].text(), as: UTF8.self) else {
      throw Problem("the name of one of its attributes is not in UTF-8")
    }
    do throws(Problem) {
      guard version == 1 || flags & 3 == 0 else {
        throw Problem("its description stands elsewhere and is shared, which is not read here")
      }
      let type = try HDF5Type(parts[1])
      guard let space = try HDF5Space(parts[2]) else { return nil }
      return try texts(type, space.shape, &reader).map { (name, $0) }
    } catch {
      throw Problem("attribute \(quoted(name)): \(error.text)")
    }
  }

  /// - Returns: nil if the elements are no texts.
  private mutating func texts(_ type: HDF5Type, _ shape: [Int], _ reader: inout ByteReader) throws(Problem) -> [String]? {
    let size: Int
    switch type {
    case .text(let length, _): size = length
    case .reference: size = 16
    case .number, .other: return nil
    }
    guard size > 0, let count = elements(shape, .uint8, atMost: reader.count / size) else {
      throw Problem("its shape \(shortened(shape)) takes more than the \(reader.count) bytes that it has")
    }
    var texts: [String] = []
    for _ in 0..<count {
      var bytes: [UInt8]
      switch type {
      case .text(_, let isSpaced):
        var part = try reader.part(size)
        bytes = try part.text()
        if isSpaced { bytes = Array(bytes.reversed().drop { $0 == 0x20 }.reversed()) }
      default:
        let length = Int(try reader.number(UInt32.self))
        var part = try heapObject(reader.number(UInt64.self), reader.number(UInt32.self), length)
        bytes = try part.text()
      }
      guard let text = String(validating: bytes, as: UTF8.self) else { throw Problem("it is not in UTF-8") }
      texts.append(text)
    }
    return texts
  }

  /// The first `length` bytes of an object in a global heap.
  private mutating func heapObject(_ address: UInt64, _ index: UInt32, _ length: Int) throws(Problem) -> ByteReader {
    guard length > 0 else { return ByteReader(file, in: 0..<0) }
    try copy(length)
    if heaps[address] == nil { heaps[address] = try globalHeap(address) }
    guard let range = UInt16(exactly: index).flatMap({ heaps[address]?[$0] }), range.count >= length else {
      throw Problem("its text is not where it should be")
    }
    return ByteReader(file, in: range.prefix(length))
  }

  private mutating func globalHeap(_ address: UInt64) throws(Problem) -> [UInt16: Range<Int>] {
    let what = "a heap of texts"
    var reader = try open(address, what)
    guard try reader.bytes(5) == Array("GCOL".utf8) + [1] else { throw Problem("\(what) at byte \(address) is damaged") }
    try reader.skip(3)
    let size = try reader.length()
    try claim(size, what)
    // The size counts what has been read.
    var rest = try reader.part(size - 16)
    var objects: [UInt16: Range<Int>] = [:]
    while rest.count >= 16 {
      let index = try rest.number(UInt16.self)
      // What follows is free.
      guard index > 0 else { break }
      try rest.skip(6)
      let size = try rest.length()
      objects[index] = rest.position..<rest.position + size
      try rest.skip(size)
      try rest.skipPadding(after: size)
    }
    return objects
  }
}
