import Storage

/// A fractal heap, in which large groups keep their links and objects their many attributes.
///
/// Its bytes stand in blocks that double in length from row to row of a table, so that an object's place determines its block.
struct HDF5FractalHeap {
  typealias Problem = StrictJSON.Problem

  /// Where in the heap each block begins, and its bytes.
  private var blocks: [(start: Int, bytes: ByteReader)] = []
  private let idSize: Int
  private let offsetSize: Int
  private let lengthSize: Int
  private let width: Int
  private let leastBlock: Int
  private let mostBlock: Int

  /// The longest heaps that the library makes have 2⁴⁰ bytes.
  private static let most = 40

  init(_ address: UInt64, _ file: inout HDF5Blocks) throws(Problem) {
    let what = "a heap"
    var reader = try file.open(address, what)
    let start = reader
    guard try reader.bytes(5) == Array("FRHP".utf8) + [0] else { throw Problem("\(what) at byte \(address) is damaged") }
    idSize = Int(try reader.number(UInt16.self))
    guard try reader.number(UInt16.self) == 0 else {
      throw Problem("\(what) of its names or attributes is packed, which is not read here")
    }
    try reader.skip(1)
    let mostManaged = Int(try reader.number(UInt32.self))
    try reader.skip(12 * 8)
    width = Int(try reader.number(UInt16.self))
    leastBlock = try reader.length()
    mostBlock = Int(clamping: try reader.number(UInt64.self))
    let bits = Int(try reader.number(UInt16.self))
    try reader.skip(2)
    let root = try reader.number(UInt64.self)
    let rows = Int(try reader.number(UInt16.self))
    try HDF5Checksum.check(start, to: &reader, what)
    try file.claim(reader.position - start.position, what)
    guard width > 0, leastBlock > 0, mostBlock >= leastBlock, mostBlock <= 1 << Self.most, (1...Self.most).contains(bits) else {
      throw Problem("\(what) at byte \(address) has impossible sizes")
    }
    offsetSize = (bits + 7) / 8
    let blockBits = Int.bitWidth - mostBlock.leadingZeroBitCount - 1
    lengthSize = min((blockBits + 7) / 8, Self.bytes(for: mostManaged))
    guard root != HDF5Blocks.nowhere else { return }
    if rows == 0 {
      blocks.append((0, try file.open(root, leastBlock, what)))
    } else {
      try addBlocks(ofTable: root, rows: rows, from: 0, &file)
    }
  }

  /// How many bytes a number up to `most` takes.
  static func bytes(for most: Int) -> Int { (Int.bitWidth - max(most, 1).leadingZeroBitCount - 1) / 8 + 1 }

  /// The blocks that a table of `rows` rows names, and those of the tables in it.
  private mutating func addBlocks(ofTable address: UInt64, rows: Int, from start: Int, _ file: inout HDF5Blocks) throws(Problem) {
    let what = "a heap's table"
    let header = 13 + offsetSize
    var reader = try file.open(address, what)
    guard try reader.bytes(4) == Array("FHIB".utf8), rows <= Self.most + 1 else {
      throw Problem("\(what) at byte \(address) is damaged")
    }
    try reader.skip(header - 4)
    try file.claim(header + rows * width * 8 + 4, what)
    var place = start
    for row in 0..<rows {
      let size = leastBlock << max(0, row - 1)
      guard size <= 1 << Self.most, size >> max(0, row - 1) == leastBlock else { throw Problem("\(what) has too many rows") }
      for _ in 0..<width {
        let child = try reader.number(UInt64.self)
        if child != HDF5Blocks.nowhere {
          if size <= mostBlock {
            blocks.append((place, try file.open(child, size, "a heap's block")))
          } else {
            // A table's bytes are those of its rows: the first two are alike, each next one has twice as many.
            guard let inner = (1...Self.most + 1).first(where: { width * leastBlock << ($0 - 1) >= size }) else {
              throw Problem("\(what) has impossible sizes")
            }
            try addBlocks(ofTable: child, rows: inner, from: place, &file)
          }
        }
        place += size
      }
    }
  }

  /// The object whose identifier stands next.
  func object(_ reader: inout ByteReader) throws(Problem) -> ByteReader {
    var id = try reader.part(idSize)
    let flags = try id.number(UInt8.self)
    switch flags >> 4 & 3 {
    case 0:
      let place = Int(clamping: try id.number(bytes: offsetSize))
      let length = Int(clamping: try id.number(bytes: lengthSize))
      // The last block that does not begin after it.
      var (low, high) = (0, blocks.count)
      while low < high {
        let middle = (low + high) / 2
        if blocks[middle].start <= place { low = middle + 1 } else { high = middle }
      }
      guard low > 0 else { throw Problem("a name or an attribute stands outside of its heap") }
      var block = blocks[low - 1].bytes
      try block.skip(place - blocks[low - 1].start)
      return try block.part(length)
    case 2 where idSize <= 17: return try id.part(Int(flags & 15) + 1)
    default: throw Problem("one of its attributes stands on its own, as long ones among many do, which is not read here")
    }
  }
}
