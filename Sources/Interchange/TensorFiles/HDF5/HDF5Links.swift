import Storage
import Support

extension HDF5Blocks {
  /// The objects of a group by their names, in the order of their names' bytes.
  mutating func links(_ messages: [HDF5Message]) throws(Problem) -> [(name: String, address: UInt64)] {
    var links: [(name: String, address: UInt64)] = []
    for message in messages {
      var body = message.body
      switch message.kind {
      case .symbolTable:
        let (tree, heap) = (try body.number(UInt64.self), try body.number(UInt64.self))
        let names = try localHeap(heap)
        try addSymbols(ofTree: tree, level: nil, names, to: &links)
      case .link: links.append(try link(&body))
      case .linkInfo:
        try body.skip(1)
        try body.skip(try body.number(UInt8.self) & 1 == 0 ? 0 : 8)
        let (heap, tree) = (try body.number(UInt64.self), try body.number(UInt64.self))
        guard heap != Self.nowhere else { continue }
        let objects = try HDF5FractalHeap(heap, &self)
        for var record in try HDF5RecordTree(
          tree, kinds: [5], leastRecord: HDF5RecordTree.leastNameRecord, "a tree of names", &self
        ).records {
          // Each begins with a number made of the name.
          try record.skip(4)
          var object = try objects.object(&record)
          try copy(object.count)
          links.append(try link(&object))
        }
      default: break
      }
    }
    return links.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  // MARK: Links as messages

  private func link(_ reader: inout ByteReader) throws(Problem) -> (name: String, address: UInt64) {
    guard try reader.number(UInt8.self) == 1 else { throw Problem("one of its links is of an unknown version") }
    let flags = try reader.number(UInt8.self)
    let kind = flags & 8 == 0 ? 0 : try reader.number(UInt8.self)
    try reader.skip((flags & 4 == 0 ? 0 : 8) + (flags & 16 == 0 ? 0 : 1))
    let length = Int(clamping: try reader.number(bytes: 1 << Int(flags & 3)))
    let name = try Self.name(reader.bytes(length))
    guard kind == 0 else { throw Self.refusal(ofLink: name) }
    return (name, try reader.number(UInt64.self))
  }

  private static func refusal(ofLink name: String) -> Problem {
    Problem("\(quoted(name)) is a link to another place or file, which is not followed")
  }

  private static func name(_ bytes: [UInt8]) throws(Problem) -> String {
    guard !bytes.isEmpty, let name = String(validating: bytes, as: UTF8.self) else {
      throw Problem("one of its names is empty or not in UTF-8")
    }
    return name
  }

  // MARK: Symbol tables

  /// The bytes in which a group's names stand.
  private mutating func localHeap(_ address: UInt64) throws(Problem) -> ByteReader {
    var reader = try open(address, 32, "a group's names")
    guard try reader.bytes(5) == Array("HEAP".utf8) + [0] else { throw Problem("a group's names at byte \(address) are damaged") }
    try reader.skip(3)
    let size = try reader.length()
    try reader.skip(8)
    return try open(reader.number(UInt64.self), size, "a group's names")
  }

  /// - Parameter level: how far above the symbols the tree's node is, nil for its root.
  private mutating func addSymbols(
    ofTree address: UInt64, level: UInt8?, _ names: ByteReader, to links: inout [(name: String, address: UInt64)]
  ) throws(Problem) {
    let node = try HDF5TreeNode(address, kind: 0, keySize: 8, level: level, &self)
    for child in node.children {
      if node.level > 0 {
        try addSymbols(ofTree: child.address, level: node.level - 1, names, to: &links)
      } else {
        try addSymbols(ofNode: child.address, names, to: &links)
      }
    }
  }

  private mutating func addSymbols(
    ofNode address: UInt64, _ names: ByteReader, to links: inout [(name: String, address: UInt64)]
  ) throws(Problem) {
    let what = "a group's list"
    var reader = try open(address, what)
    guard try reader.bytes(5) == Array("SNOD".utf8) + [1] else { throw Problem("\(what) at byte \(address) is damaged") }
    try reader.skip(1)
    let count = Int(try reader.number(UInt16.self))
    try claim(8 + 40 * count, what)
    for _ in 0..<count {
      let place = try reader.length()
      let object = try reader.number(UInt64.self)
      let kind = try reader.number(UInt32.self)
      try reader.skip(20)
      var text = names
      try text.skip(place)
      let bytes = try text.text()
      try copy(bytes.count)
      let name = try Self.name(bytes)
      guard kind < 2 else { throw Self.refusal(ofLink: name) }
      links.append((name, object))
    }
  }
}

/// A node of a tree of version 1, whose children are nodes of the level below, or at level 0 what the tree leads to.
struct HDF5TreeNode {
  typealias Problem = StrictJSON.Problem

  let level: UInt8
  /// The addresses of the children, with the key before each.
  private(set) var children: [(key: ByteReader, address: UInt64)] = []

  /// - Parameter level: the level that the node must have, nil if any will do.
  init(_ address: UInt64, kind: UInt8, keySize: Int, level expected: UInt8?, _ blocks: inout HDF5Blocks) throws(Problem) {
    let what = "a node of a tree"
    var reader = try blocks.open(address, what)
    guard try reader.bytes(4) == Array("TREE".utf8), try reader.number(UInt8.self) == kind else {
      throw Problem("\(what) at byte \(address) is damaged")
    }
    level = try reader.number(UInt8.self)
    guard level == expected ?? level else { throw Problem("\(what) at byte \(address) is of another level than its place") }
    let count = Int(try reader.number(UInt16.self))
    try blocks.claim(24 + keySize + count * (keySize + 8), what)
    try reader.skip(16)
    for _ in 0..<count { children.append((try reader.part(keySize), try reader.number(UInt64.self))) }
  }
}
