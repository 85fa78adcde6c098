import Storage

/// A tree of version 2, in which large groups keep where their links stand, objects where their many attributes do, and arrays
/// that grow along several axes where their chunks are.
struct HDF5RecordTree {
  typealias Problem = StrictJSON.Problem

  /// In the order of the tree.
  private(set) var records: [ByteReader] = []

  let kind: UInt8
  /// Bytes of a record.
  let recordSize: Int
  private let what: String
  /// How many bytes the number of a node's records takes.
  private let countSize: Int
  /// How many bytes the number of all records below a node takes, by the node's level; the lowest nodes need none.
  private let totalSizes: [Int]

  /// The bytes of an object's place in a heap, at least 7, and of a number made of its name.
  static let leastNameRecord = 11
  /// A node's signature, version, kind and checksum.
  private static let frame = 10

  /// - Parameters:
  ///   - kinds: of records that the tree may have.
  ///   - leastRecord: how many bytes such a record has at least.
  ///   - what: what the tree is, for messages.
  init(
    _ address: UInt64, kinds: [UInt8], leastRecord: Int, _ what: String, _ blocks: inout HDF5Blocks
  ) throws(Problem) {
    self.what = what
    var reader = try blocks.open(address, what)
    let start = reader
    guard try reader.bytes(5) == Array("BTHD".utf8) + [0] else { throw Problem("\(what) at byte \(address) is damaged") }
    kind = try reader.number(UInt8.self)
    guard kinds.contains(kind) else { throw Problem("\(what) at byte \(address) has records of another kind, \(kind)") }
    let nodeSize = Int(try reader.number(UInt32.self))
    recordSize = Int(try reader.number(UInt16.self))
    let depth = Int(try reader.number(UInt16.self))
    try reader.skip(2)
    let root = try reader.number(UInt64.self)
    let count = Int(try reader.number(UInt16.self))
    try reader.skip(8)
    try HDF5Checksum.check(start, to: &reader, what)
    try blocks.claim(reader.position - start.position, what)
    // A tree of 8 levels has more records than a file has room for.
    guard recordSize >= leastRecord, nodeSize >= Self.frame + recordSize, nodeSize <= blocks.count, depth <= 8 else {
      throw Problem("\(what) at byte \(address) has impossible sizes")
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
    var reader = try blocks.open(address, what)
    let start = reader
    guard try reader.bytes(6) == Array((level == 0 ? "BTLF" : "BTIN").utf8) + [0, kind] else {
      throw Problem("a node of \(what) at byte \(address) is damaged")
    }
    for _ in 0..<count { records.append(try reader.part(recordSize)) }
    var children: [(address: UInt64, count: Int)] = []
    for _ in 0..<(level == 0 ? 0 : count + 1) {
      children.append((try reader.number(UInt64.self), Int(clamping: try reader.number(bytes: countSize))))
      try reader.skip(totalSizes[level - 1])
    }
    try HDF5Checksum.check(start, to: &reader, "a node of \(what)")
    try blocks.claim(reader.position - start.position, what)
    for child in children { try add(child.address, count: child.count, level: level - 1, &blocks) }
  }
}
