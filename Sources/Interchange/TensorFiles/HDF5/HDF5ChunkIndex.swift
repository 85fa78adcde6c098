import Storage

/// Where a chunk of an array is.
struct HDF5Chunk {
  let address: UInt64
  let size: Int
  /// A bit for each filter that was left out.
  let skippedFilters: UInt32
}

/// How the chunks of an array are found.
enum HDF5ChunkIndex {
  typealias Problem = StrictJSON.Problem

  /// A tree of version 1.
  case tree(UInt64)
  case single(HDF5Chunk)
  /// The chunks lie one after the other from this address on.
  case row(UInt64)
  /// A list as long as the array may come to need.
  case fixedList(UInt64)
  /// A list that grows along one axis.
  case growingList(UInt64)
  /// A tree of version 2, for arrays that grow along several axes.
  case recordTree(UInt64)

  /// - Parameters:
  ///   - layout: what follows the chunks' shape in a layout of version 4 or later.
  ///   - isFiltered: whether a single chunk is packed.
  init(_ layout: inout ByteReader, isFiltered: Bool, chunkSize: Int) throws(Problem) {
    switch try layout.number(UInt8.self) {
    case 1:
      let stored = isFiltered ? try layout.length() : chunkSize
      let skipped = isFiltered ? try layout.number(UInt32.self) : 0
      self = .single(HDF5Chunk(address: try layout.number(UInt64.self), size: stored, skippedFilters: skipped))
    case 2: self = .row(try layout.number(UInt64.self))
    // What a list or a tree is made of stands in its own header, too.
    case 3:
      try layout.skip(1)
      self = .fixedList(try layout.number(UInt64.self))
    case 4:
      try layout.skip(5)
      self = .growingList(try layout.number(UInt64.self))
    case 5:
      try layout.skip(6)
      self = .recordTree(try layout.number(UInt64.self))
    case let kind: throw Problem("its chunks are listed in the unknown way \(kind)")
    }
  }

  /// The chunks by their number in order.
  ///
  /// - Parameter count: how many there are.
  func chunks(
    _ count: Int, of grid: HDF5ChunkGrid, chunkSize: Int, _ blocks: inout HDF5Blocks
  ) throws(Problem) -> [Int: HDF5Chunk] {
    var chunks: [Int: HDF5Chunk] = [:]
    switch self {
    case .single(let chunk): chunks[0] = chunk
    case .row(let start):
      for (number, place) in try grid.places(count) {
        let (offset, isFar) = number.multipliedReportingOverflow(by: chunkSize)
        let (address, isFarther) = start.addingReportingOverflow(UInt64(truncatingIfNeeded: offset))
        guard !isFar, !isFarther else { break }
        chunks[place] = HDF5Chunk(address: address, size: chunkSize, skippedFilters: 0)
      }
    case .tree(HDF5Blocks.nowhere), .fixedList(HDF5Blocks.nowhere), .growingList(HDF5Blocks.nowhere),
      .recordTree(HDF5Blocks.nowhere):
      break
    case .tree(let address): try Self.add(ofTree: address, level: nil, grid, to: &chunks, &blocks)
    case .fixedList(let address):
      var list = HDF5ChunkList(places: try grid.places(count), chunkSize: chunkSize)
      try list.readFixed(at: address, &blocks)
      chunks = list.chunks
    case .growingList(let address):
      var list = HDF5ChunkList(places: try grid.places(count), chunkSize: chunkSize)
      try list.readGrowing(at: address, &blocks)
      chunks = list.chunks
    case .recordTree(let address): try Self.add(ofRecords: address, grid, chunkSize: chunkSize, to: &chunks, &blocks)
    }
    return chunks
  }

  // MARK: Trees

  private static func add(
    ofTree address: UInt64, level: UInt8?, _ grid: HDF5ChunkGrid, to chunks: inout [Int: HDF5Chunk], _ blocks: inout HDF5Blocks
  ) throws(Problem) {
    let node = try HDF5TreeNode(address, kind: 1, keySize: 8 + 8 * (grid.shape.count + 1), level: level, &blocks)
    for (key, address) in node.children {
      guard node.level == 0 else {
        try add(ofTree: address, level: node.level - 1, grid, to: &chunks, &blocks)
        continue
      }
      var key = key
      let (size, skipped) = (Int(try key.number(UInt32.self)), try key.number(UInt32.self))
      var index: [Int] = []
      for length in grid.chunkShape {
        let first = Int(clamping: try key.number(UInt64.self))
        guard first.isMultiple(of: length) else { throw Problem("one of its chunks begins at an impossible place") }
        index.append(first / length)
      }
      try add(HDF5Chunk(address: address, size: size, skippedFilters: skipped), at: index, grid, to: &chunks)
    }
  }

  private static func add(
    ofRecords address: UInt64, _ grid: HDF5ChunkGrid, chunkSize: Int, to chunks: inout [Int: HDF5Chunk],
    _ blocks: inout HDF5Blocks
  ) throws(Problem) {
    // Kind 11 says of each chunk how long it is and which filters were left out.
    let least = 8 + 8 * grid.shape.count
    let tree = try HDF5RecordTree(address, kinds: [10, 11], leastRecord: least, "a tree of chunks", &blocks)
    let isFiltered = tree.kind == 11
    let width = tree.recordSize - least - 4
    guard isFiltered ? (1...8).contains(width) : tree.recordSize == least else {
      throw Problem("its tree of chunks at byte \(address) has impossible sizes")
    }
    for var record in tree.records {
      let address = try record.number(UInt64.self)
      let size = isFiltered ? Int(clamping: try record.number(bytes: width)) : chunkSize
      let skipped = isFiltered ? try record.number(UInt32.self) : 0
      var index: [Int] = []
      for _ in grid.shape { index.append(Int(clamping: try record.number(UInt64.self))) }
      try add(HDF5Chunk(address: address, size: size, skippedFilters: skipped), at: index, grid, to: &chunks)
    }
  }

  private static func add(
    _ chunk: HDF5Chunk, at index: [Int], _ grid: HDF5ChunkGrid, to chunks: inout [Int: HDF5Chunk]
  ) throws(Problem) {
    guard zip(index, grid.lengths).allSatisfy({ $0 < $1 }) else {
      throw Problem("one of its chunks begins at an impossible place")
    }
    let place = zip(index, contiguousStrides(grid.lengths)).reduce(0) { $0 + $1.0 * $1.1 }
    guard chunks.updateValue(chunk, forKey: place) == nil else {
      throw Problem("two of its chunks stand for the same place")
    }
  }
}
