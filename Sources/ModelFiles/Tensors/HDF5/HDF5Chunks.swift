/// An array that is stored in chunks of equal shapes; those at its ends stick out.
struct HDF5Chunks {
  typealias Problem = StrictJSON.Problem

  private let shape: [Int]
  private let chunkShape: [Int]
  /// Bytes of an element and of a chunk.
  private let elementSize: Int
  private let chunkSize: Int
  private let filters: HDF5Filters?
  private let index: Index

  /// How the chunks are found.
  private enum Index {
    case tree(UInt64)
    case single(Chunk)
    case array(UInt64)
    /// One behind the other.
    case row(UInt64)
  }

  private struct Chunk {
    let address: UInt64
    let size: Int
    /// A bit for each filter that was left out.
    let skippedFilters: UInt32
  }

  /// - Parameter layout: what follows the layout's version and kind.
  init(
    _ layout: ByteReader, version: UInt8, _ shape: [Int], _ type: DataType, _ filters: HDF5Filters?
  ) throws(Problem) {
    var reader = layout
    let flags = version == 3 ? 0 : try reader.number(UInt8.self)
    let rank = Int(try reader.number(UInt8.self))
    var address = HDF5Blocks.nowhere
    if version == 3 { address = try reader.number(UInt64.self) }
    let width = version == 3 ? 4 : Int(try reader.number(UInt8.self))
    guard rank == shape.count + 1, (1...8).contains(width) else {
      throw Problem("its chunks have another number of axes than it has")
    }
    var lengths: [Int] = []
    for _ in 0..<rank { lengths.append(Int(clamping: try reader.number(bytes: width))) }
    chunkShape = lengths.dropLast()
    elementSize = type.size
    guard let size = SafetensorsHeader.byteCount(type, chunkShape), size > 0, lengths.last == elementSize else {
      throw Problem("its chunks have the impossible shape \(shortened(lengths))")
    }
    (self.shape, chunkSize, self.filters) = (shape, size, filters)
    guard version > 3 else {
      index = .tree(address)
      return
    }
    switch try reader.number(UInt8.self) {
    case 1:
      let isFiltered = flags & 2 != 0
      let stored = isFiltered ? try reader.length() : size
      let skipped = isFiltered ? try reader.number(UInt32.self) : 0
      index = .single(Chunk(address: try reader.number(UInt64.self), size: stored, skippedFilters: skipped))
    case 2: index = .row(try reader.number(UInt64.self))
    case 3:
      try reader.skip(1)
      index = .array(try reader.number(UInt64.self))
    default: throw Problem("its chunks are listed as those of arrays that can grow (libver=\"latest\"), which is not read here")
    }
  }

  /// The array's bytes.
  func values(_ blocks: inout HDF5Blocks) throws(Problem) -> [UInt8] {
    let along = zip(shape, chunkShape).map { ($0 - 1) / $1 + 1 }
    guard let count = elements(along, .uint8, atMost: blocks.count) else {
      throw Problem("its shape \(shortened(shape)) takes more chunks than the file has room for")
    }
    let chunks = try chunks(count, along, &blocks)
    guard chunks.count == count else { throw Problem("of its \(count) chunks \(chunks.count) were written") }
    var sources: [(place: Int, chunk: Chunk, bytes: ByteReader)] = []
    for (place, chunk) in chunks {
      sources.append((place, chunk, try blocks.open(chunk.address, chunk.size, "a chunk")))
      try blocks.unfold(chunkSize)
    }
    // All chunks together are at least as long as the array.
    var values = [UInt8](repeating: 0, count: shape.reduce(elementSize, *))
    for (place, chunk, source) in sources {
      var source = source
      let bytes: [UInt8]
      if let filters {
        bytes = try filters.undone(source, to: chunkSize, skipped: chunk.skippedFilters)
      } else {
        guard source.count >= chunkSize else {
          throw Problem("one of its chunks has \(source.count) bytes; expected \(chunkSize)")
        }
        bytes = try source.bytes(chunkSize)
      }
      copy(bytes, to: &values, chunk: Self.index(place, along))
    }
    return values
  }

  /// The place of something along each axis, by its number in order.
  private static func index(_ place: Int, _ shape: [Int]) -> [Int] {
    zip(shape, contiguousStrides(shape)).map { place / $1 % $0 }
  }

  /// Copies what of a chunk belongs to the array, row by row.
  private func copy(_ bytes: [UInt8], to values: inout [UInt8], chunk: [Int]) {
    let first = zip(chunk, chunkShape).map(*)
    let lengths = zip(zip(shape, first), chunkShape).map { min($0.0 - $0.1, $1) }
    let (strides, chunkStrides) = (contiguousStrides(shape), contiguousStrides(chunkShape))
    // A scalar's chunk is one row of one element.
    let row = (lengths.last ?? 1) * elementSize
    let rows = Array(lengths.dropLast())
    for number in 0..<rows.reduce(1, *) {
      let place = Self.index(number, rows)
      let from = zip(place, chunkStrides).map(*).reduce(0, +) * elementSize
      let to = zip(zip(place, first).map(+) + first.suffix(1), strides).map(*).reduce(0, +) * elementSize
      values.replaceSubrange(to..<to + row, with: bytes[from..<from + row])
    }
  }

  // MARK: Where the chunks are

  /// The chunks by their number in order.
  private func chunks(_ count: Int, _ along: [Int], _ blocks: inout HDF5Blocks) throws(Problem) -> [Int: Chunk] {
    var chunks: [Int: Chunk] = [:]
    switch index {
    case .tree(let address):
      if address != HDF5Blocks.nowhere { try addChunks(ofTree: address, level: nil, along, to: &chunks, &blocks) }
    case .single(let chunk): chunks[0] = chunk
    case .row(let start):
      for place in 0..<count {
        let (offset, isFar) = place.multipliedReportingOverflow(by: chunkSize)
        let (address, isFarther) = start.addingReportingOverflow(UInt64(truncatingIfNeeded: offset))
        guard !isFar, !isFarther else { break }
        chunks[place] = Chunk(address: address, size: chunkSize, skippedFilters: 0)
      }
    case .array(let address):
      if address != HDF5Blocks.nowhere { try addChunks(ofArray: address, count, to: &chunks, &blocks) }
    }
    return chunks
  }

  private func addChunks(
    ofTree address: UInt64, level: UInt8?, _ along: [Int], to chunks: inout [Int: Chunk], _ blocks: inout HDF5Blocks
  ) throws(Problem) {
    let node = try HDF5TreeNode(address, kind: 1, keySize: 8 + 8 * (shape.count + 1), level: level, &blocks)
    for (key, address) in node.children {
      guard node.level == 0 else {
        try addChunks(ofTree: address, level: node.level - 1, along, to: &chunks, &blocks)
        continue
      }
      var key = key
      let (size, skipped) = (Int(try key.number(UInt32.self)), try key.number(UInt32.self))
      var place = 0
      for (axis, count) in along.enumerated() {
        let first = Int(clamping: try key.number(UInt64.self))
        guard first < shape[axis], first % chunkShape[axis] == 0 else {
          throw Problem("one of its chunks begins at an impossible place")
        }
        place = place * count + first / chunkShape[axis]
      }
      guard chunks.updateValue(Chunk(address: address, size: size, skippedFilters: skipped), forKey: place) == nil else {
        throw Problem("two of its chunks stand for the same place")
      }
    }
  }

  /// A list of all chunks of an array whose shape is fixed.
  private func addChunks(
    ofArray address: UInt64, _ count: Int, to chunks: inout [Int: Chunk], _ blocks: inout HDF5Blocks
  ) throws(Problem) {
    let what = "a list of chunks"
    var header = try blocks.open(address, 28, what)
    let start = header
    guard try header.bytes(5) == Array("FAHD".utf8) + [0] else { throw Problem("\(what) at byte \(address) is damaged") }
    let isFiltered = try header.number(UInt8.self) == 1
    let (entry, pageBits) = (Int(try header.number(UInt8.self)), try header.number(UInt8.self))
    let entries = try header.length()
    let place = try header.number(UInt64.self)
    try HDF5Checksum.check(start, to: &header, what)
    guard pageBits < 32, entries <= 1 << Int(pageBits) else {
      throw Problem("its \(entries) chunks are listed on several pages (libver=\"latest\"), which is not read here")
    }
    let prefix = 14
    guard entries >= count, isFiltered ? (13...20).contains(entry) : entry == 8 else { throw Problem("\(what) is damaged") }
    var list = try blocks.open(place, prefix + entry * entries + 4, what)
    let listStart = list
    guard try list.bytes(4) == Array("FADB".utf8) else { throw Problem("\(what) at byte \(place) is damaged") }
    try list.skip(prefix - 4)
    for place in 0..<entries {
      let address = try list.number(UInt64.self)
      let size = isFiltered ? Int(clamping: try list.number(bytes: entry - 12)) : chunkSize
      let skipped = isFiltered ? try list.number(UInt32.self) : 0
      guard place < count, address != HDF5Blocks.nowhere else { continue }
      chunks[place] = Chunk(address: address, size: size, skippedFilters: skipped)
    }
    try HDF5Checksum.check(listStart, to: &list, what)
  }
}
