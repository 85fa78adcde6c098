import Models
import Storage

/// An array that is stored in chunks of equal shapes; those at its ends stick out.
struct HDF5Chunks {
  typealias Problem = StrictJSON.Problem

  private let grid: HDF5ChunkGrid
  /// Bytes of an element and of a chunk.
  private let elementSize: Int
  private let chunkSize: Int
  private let filters: HDF5Filters?
  private let index: HDF5ChunkIndex

  /// - Parameter layout: what follows the layout's version and kind.
  init(
    _ layout: ByteReader, version: UInt8, _ space: HDF5Space, _ type: DataType, _ filters: HDF5Filters?
  ) throws(Problem) {
    var reader = layout
    let flags = version == 3 ? 0 : try reader.number(UInt8.self)
    let rank = Int(try reader.number(UInt8.self))
    var address = HDF5Blocks.nowhere
    if version == 3 { address = try reader.number(UInt64.self) }
    let width = version == 3 ? 4 : Int(try reader.number(UInt8.self))
    guard rank == space.shape.count + 1, (1...8).contains(width) else {
      throw Problem("its chunks have another number of axes than it has")
    }
    guard filters == nil || flags & 1 == 0 else {
      throw Problem("its chunks are packed but for those at its ends, which is not read here")
    }
    var lengths: [Int] = []
    for _ in 0..<rank { lengths.append(Int(clamping: try reader.number(bytes: width))) }
    elementSize = type.size
    guard let size = SafetensorsHeader.byteCount(type, lengths.dropLast()), size > 0, lengths.last == elementSize else {
      throw Problem("its chunks have the impossible shape \(shortened(lengths))")
    }
    (chunkSize, self.filters) = (size, filters)
    grid = HDF5ChunkGrid(space, chunkShape: lengths.dropLast())
    guard version > 3 else {
      index = .tree(address)
      return
    }
    index = try HDF5ChunkIndex(&reader, isFiltered: flags & 2 != 0, chunkSize: size)
  }

  /// The array's bytes.
  func values(_ blocks: inout HDF5Blocks) throws(Problem) -> [UInt8] {
    // Each chunk follows the one before it, or has an address of 8 bytes somewhere.
    let least = if case .row = index { chunkSize } else { 8 }
    guard let count = elements(grid.lengths, .uint8, atMost: blocks.count / least) else {
      throw Problem("its shape \(shortened(grid.shape)) takes more chunks than the file has room for")
    }
    let chunks = try index.chunks(count, of: grid, chunkSize: chunkSize, &blocks)
    guard chunks.count == count else { throw Problem("of its \(count) chunks \(chunks.count) were written") }
    var sources: [(place: Int, chunk: HDF5Chunk, bytes: ByteReader)] = []
    for (place, chunk) in chunks.sorted(by: { $0.key < $1.key }) {
      sources.append((place, chunk, try blocks.open(chunk.address, chunk.size, "a chunk")))
      try blocks.unfold(chunkSize)
    }
    // All chunks together are at least as long as the array.
    var values = [UInt8](repeating: 0, count: grid.shape.reduce(elementSize, *))
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
      copy(bytes, to: &values, chunk: HDF5ChunkGrid.index(place, grid.lengths))
    }
    return values
  }

  /// Copies what of a chunk belongs to the array, row by row.
  private func copy(_ bytes: [UInt8], to values: inout [UInt8], chunk: [Int]) {
    let (shape, chunkShape) = (grid.shape, grid.chunkShape)
    let first = zip(chunk, chunkShape).map(*)
    let lengths = zip(zip(shape, first), chunkShape).map { min($0.0 - $0.1, $1) }
    let (strides, chunkStrides) = (contiguousStrides(shape), contiguousStrides(chunkShape))
    // A scalar's chunk is one row of one element.
    let row = (lengths.last ?? 1) * elementSize
    let rows = Array(lengths.dropLast())
    for number in 0..<rows.reduce(1, *) {
      let place = HDF5ChunkGrid.index(number, rows)
      let from = zip(place, chunkStrides).map(*).reduce(0, +) * elementSize
      let to = zip(zip(place, first).map(+) + first.suffix(1), strides).map(*).reduce(0, +) * elementSize
      values.replaceSubrange(to..<to + row, with: bytes[from..<from + row])
    }
  }
}

/// The chunks of an array by their places along each axis.
struct HDF5ChunkGrid {
  let shape: [Int]
  let chunkShape: [Int]
  /// How many chunks there are along each axis.
  let lengths: [Int]
  /// How many there may come to be; nil along an axis that has no limit.
  private let most: [Int?]

  /// - Parameter chunkShape: at least 1 along each axis, as many axes as the array has.
  init(_ space: HDF5Space, chunkShape: [Int]) {
    (shape, self.chunkShape) = (space.shape, chunkShape)
    lengths = zip(shape, chunkShape).map { ($0 - 1) / $1 + 1 }
    most = zip(space.most, chunkShape).map { length, chunk in length.map { ($0 - 1) / chunk + 1 } }
  }

  /// The place along each axis of something by its number in order.
  static func index(_ place: Int, _ lengths: [Int]) -> [Int] {
    zip(lengths, contiguousStrides(lengths)).map { place / $1 % $0 }
  }

  /// The first `count` chunks, all of those that there are, by their numbers in a list.
  ///
  /// Lists keep their order when the array grows: chunks are counted as if it had grown as far as it may, and the axis that has
  /// no limit, of which lists have at most one, comes first.
  func places(_ count: Int) throws(StrictJSON.Problem) -> [Int: Int] {
    let axes = most.indices.sorted { (most[$0] == nil ? 0 : 1, $0) < (most[$1] == nil ? 0 : 1, $1) }
    var strides = [Int](repeating: 1, count: axes.count)
    var stride = 1
    for axis in axes.reversed() {
      strides[axis] = stride
      let (product, overflow) = stride.multipliedReportingOverflow(by: most[axis] ?? lengths[axis])
      guard !overflow else { throw StrictJSON.Problem("its shape may come to have more chunks than can be counted") }
      stride = product
    }
    var places: [Int: Int] = [:]
    for place in 0..<count {
      places[zip(Self.index(place, lengths), strides).reduce(0) { $0 + $1.0 * $1.1 }] = place
    }
    return places
  }
}
