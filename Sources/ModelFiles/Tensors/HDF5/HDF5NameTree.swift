/// A tree of version 2, in which large groups keep where their links stand, and objects where their many attributes do.
struct HDF5NameTree {
  typealias Problem = StrictJSON.Problem

  /// In the order of the tree.
  private(set) var records: [ByteReader] = []

  private let kind: UInt8
  private let recordSize: Int
  /// How many bytes the number of a node's records takes.
  private let countSize: Int
  /// How many bytes the number of all records below a node takes, by the node's level; the lowest nodes need none.
  private let totalSizes: [Int]

  private static let what = "a tree of names"
  /// A node's signature, version, kind and checksum.
  private static let frame = 10

  init(_ address: UInt64, kind: UInt8, _ blocks: inout HDF5Blocks) throws(Problem) {
    self.kind = kind
    var reader = try blocks.open(address, Self.what)
    let start = reader
    guard try reader.bytes(6) == Array("BTHD".utf8) + [0, kind] else {
      throw Problem("\(Self.what) at byte \(address) is damaged")
    }
    let nodeSize = Int(try reader.number(UInt32.self))
    recordSize = Int(try reader.number(UInt16.self))
    let depth = Int(try reader.number(UInt16.self))
    try reader.skip(2)
    let root = try reader.number(UInt64.self)
    let count = Int(try reader.number(UInt16.self))
    try reader.skip(8)
    try HDF5Checksum.check(start, to: &reader, Self.what)
    try blocks.claim(reader.position - start.position, Self.what)
    // A record is an object's place in a heap, at least 7 bytes, and a number made of its name; and a tree of 8 levels has more of them
    // than a file has room for.
    guard recordSize >= 11, nodeSize >= Self.frame + recordSize, nodeSize <= blocks.count, depth <= 8 else {
      throw Problem("\(Self.what) at byte \(address) has impossible sizes")
    }
    let most = (nodeSize - Self.frame) / recordSize
    countSize = HDF5FractalHeap.bytes(for: most)
    var (total, sizes) = (most, [0])
    for _ in 0..<depth {
      let pointer = 8 + countSize + (sizes.last ?? 0)
      let own = max(0, nodeSize - Self.frame - pointer) / (recordSize + pointer)
      total = (own + 1).multipliedReportingOverflow(by: total).partialValue.addingReportingOverflow(own).partialValue
      sizes.append(HDF5FractalHeap.bytes(for: total))
    }
    totalSizes = sizes
    if root != HDF5Blocks.nowhere { try add(root, count: count, level: depth, &blocks) }
  }

  private mutating func add(_ address: UInt64, count: Int, level: Int, _ blocks: inout HDF5Blocks) throws(Problem) {
    var reader = try blocks.open(address, Self.what)
    let start = reader
    guard try reader.bytes(6) == Array((level == 0 ? "BTLF" : "BTIN").utf8) + [0, kind] else {
      throw Problem("a node of \(Self.what) at byte \(address) is damaged")
    }
    for _ in 0..<count { records.append(try reader.part(recordSize)) }
    var children: [(address: UInt64, count: Int)] = []
    for _ in 0..<(level == 0 ? 0 : count + 1) {
      children.append((try reader.number(UInt64.self), Int(clamping: try reader.number(bytes: countSize))))
      try reader.skip(totalSizes[level - 1])
    }
    try HDF5Checksum.check(start, to: &reader, "a node of \(Self.what)")
    try blocks.claim(reader.position - start.position, Self.what)
    for child in children { try add(child.address, count: child.count, level: level - 1, &blocks) }
  }
}
