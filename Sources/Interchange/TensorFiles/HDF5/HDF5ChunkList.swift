import Storage

/// The chunks of an array that are listed by number: in one block, or in blocks that get longer as the array grows.
struct HDF5ChunkList {
  typealias Problem = StrictJSON.Problem

  /// The chunks by their numbers in order.
  private(set) var chunks: [Int: HDF5Chunk] = [:]

  /// The number in order of each chunk by its number in the list.
  private let places: [Int: Int]
  private let chunkSize: Int
  private var isFiltered = false
  /// Bytes for each chunk.
  private var entrySize = 8

  private static let what = "a list of chunks"
  /// A block's signature, version and kind, and the address of the list's header.
  private static let prefix = 14

  init(places: [Int: Int], chunkSize: Int) { (self.places, self.chunkSize) = (places, chunkSize) }

  /// Opens a block that begins with a signature, of which the bytes after the prefix are to be read.
  private func open(
    _ signature: String, at address: UInt64, _ size: Int, _ blocks: inout HDF5Blocks
  ) throws(Problem) -> (start: ByteReader, rest: ByteReader) {
    let start = try blocks.open(address, size, Self.what)
    var rest = start
    guard try rest.bytes(5) == Array(signature.utf8) + [0] else { throw Problem("\(Self.what) at byte \(address) is damaged") }
    return (start, rest)
  }

  /// Reads what all lists say first: whether chunks are packed, and how long an entry is.
  private mutating func readKind(_ header: inout ByteReader, at address: UInt64) throws(Problem) {
    isFiltered = try header.number(UInt8.self) == 1
    entrySize = Int(try header.number(UInt8.self))
    // An address, and of a packed chunk its length and which filters were left out.
    guard isFiltered ? (13...20).contains(entrySize) : entrySize == 8 else {
      throw Problem("\(Self.what) at byte \(address) is damaged")
    }
  }

  private mutating func readEntries(_ numbers: Range<Int>, _ reader: inout ByteReader) throws(Problem) {
    for number in numbers {
      let address = try reader.number(UInt64.self)
      let size = isFiltered ? Int(clamping: try reader.number(bytes: entrySize - 12)) : chunkSize
      let skipped = isFiltered ? try reader.number(UInt32.self) : 0
      guard let place = places[number], address != HDF5Blocks.nowhere else { continue }
      chunks[place] = HDF5Chunk(address: address, size: size, skippedFilters: skipped)
    }
  }

  /// Reads pages of entries, each followed by a checksum; those that were never written hold nothing.
  private mutating func readPages(
    _ numbers: Range<Int>, pageLength: Int, isWritten: (Int) -> Bool, _ reader: inout ByteReader
  ) throws(Problem) {
    for (page, first) in stride(from: numbers.lowerBound, to: numbers.upperBound, by: pageLength).enumerated() {
      let own = first..<min(first + pageLength, numbers.upperBound)
      let start = reader
      guard isWritten(page) else {
        try reader.skip(own.count * entrySize + 4)
        continue
      }
      try readEntries(own, &reader)
      try HDF5Checksum.check(start, to: &reader, Self.what)
    }
  }

  /// Whether a bit is set; the first one is the highest of the first byte.
  private static func isSet(_ bit: Int, in bytes: [UInt8]) -> Bool { bytes[bit / 8] >> UInt8(7 - bit % 8) & 1 == 1 }

  // MARK: One block

  /// Reads a list that has room for all chunks that there may come to be.
  mutating func readFixed(at address: UInt64, _ blocks: inout HDF5Blocks) throws(Problem) {
    var (start, header) = try open("FAHD", at: address, 28, &blocks)
    try readKind(&header, at: address)
    let pageBits = try header.number(UInt8.self)
    let count = try header.length()
    let list = try header.number(UInt64.self)
    try HDF5Checksum.check(start, to: &header, Self.what)
    if list == HDF5Blocks.nowhere { return }
    guard pageBits < 32 else { throw Problem("\(Self.what) at byte \(address) is damaged") }
    let pageLength = 1 << Int(pageBits)
    let pages = count > pageLength ? (count - 1) / pageLength + 1 : 0
    let flags = (pages + 7) / 8
    let size = Self.prefix + flags + 4 + count * entrySize + 4 * pages
    var block: ByteReader
    (start, block) = try open("FADB", at: list, size, &blocks)
    try block.skip(Self.prefix - 5)
    if pages == 0 {
      try readEntries(0..<count, &block)
      return try HDF5Checksum.check(start, to: &block, Self.what)
    }
    let written = try block.bytes(flags)
    try HDF5Checksum.check(start, to: &block, Self.what)
    try readPages(0..<count, pageLength: pageLength, isWritten: { Self.isSet($0, in: written) }, &block)
  }
}

/// Lists that grow.
///
/// The first entries stand in the list's index, and so do the addresses of the first blocks of entries. Blocks come in groups:
/// group k has 2^⌊k/2⌋ blocks of 2^⌈k/2⌉ times the least length; where the addresses of a group's blocks do not stand in the
/// index, those of blocks do that list them.
extension HDF5ChunkList {
  /// What a growing list is made of.
  private struct Form {
    /// Entries in the index.
    let inIndex: Int
    /// Entries in the smallest block.
    let least: Int
    let pageLength: Int
    /// How many bytes the number of an entry takes.
    let numberSize: Int
    let groups: Int
    /// Groups whose blocks the index names.
    let ownGroups: Int

    /// How many blocks a group has, and how many entries each of them.
    func group(_ number: Int) -> (blocks: Int, length: Int) { (1 << (number / 2), least << ((number + 1) / 2)) }

    /// How many pages a block has; 0 for one that has none.
    func pages(_ length: Int) -> Int { length > pageLength ? length / pageLength : 0 }

    init(_ header: inout ByteReader, at address: UInt64) throws(Problem) {
      let numbers = try header.bytes(5).map(Int.init)
      let (bits, leastPointers, pageBits) = (numbers[0], numbers[3], numbers[4])
      (inIndex, least) = (numbers[1], numbers[2])
      // The library has lists of 2³² entries. Lengths are powers of 2.
      guard bits <= 48, pageBits < 32, least.nonzeroBitCount == 1, leastPointers.nonzeroBitCount == 1,
        bits >= least.trailingZeroBitCount
      else { throw Problem("\(HDF5ChunkList.what) at byte \(address) has impossible sizes") }
      (pageLength, numberSize) = (1 << pageBits, (bits + 7) / 8)
      groups = 1 + bits - least.trailingZeroBitCount
      ownGroups = min(groups, 2 * leastPointers.trailingZeroBitCount)
    }
  }

  mutating func readGrowing(at address: UInt64, _ blocks: inout HDF5Blocks) throws(Problem) {
    var (start, header) = try open("EAHD", at: address, 72, &blocks)
    try readKind(&header, at: address)
    let form = try Form(&header, at: address)
    // How many blocks and entries there are follows from the list itself.
    try header.skip(6 * 8)
    let place = try header.number(UInt64.self)
    try HDF5Checksum.check(start, to: &header, Self.what)
    if place == HDF5Blocks.nowhere { return }
    let own = (0..<form.ownGroups).reduce(0) { $0 + form.group($1).blocks }
    let size = Self.prefix + form.inIndex * entrySize + 8 * (own + form.groups - form.ownGroups) + 4
    var index: ByteReader
    (start, index) = try open("EAIB", at: place, size, &blocks)
    try index.skip(Self.prefix - 5)
    try readEntries(0..<form.inIndex, &index)
    var number = form.inIndex
    for group in 0..<form.groups {
      let (count, length) = form.group(group)
      if group < form.ownGroups {
        for _ in 0..<count {
          try readBlock(at: index.number(UInt64.self), number..<number + length, form, pages: [], &blocks)
          number += length
        }
      } else {
        try readGroup(group, at: index.number(UInt64.self), from: number, form, &blocks)
        number += count * length
      }
    }
    try HDF5Checksum.check(start, to: &index, Self.what)
  }

  /// A block that lists the blocks of a group.
  private mutating func readGroup(
    _ group: Int, at address: UInt64, from first: Int, _ form: Form, _ blocks: inout HDF5Blocks
  ) throws(Problem) {
    if address == HDF5Blocks.nowhere { return }
    let (count, length) = form.group(group)
    let pages = form.pages(length)
    let flags = (pages + 7) / 8 * count
    var (start, list) = try open("EASB", at: address, Self.prefix + form.numberSize + flags + 8 * count + 4, &blocks)
    try list.skip(Self.prefix - 5 + form.numberSize)
    let written = try list.bytes(flags)
    for block in 0..<count {
      let own = (0..<pages).map { Self.isSet(block * pages + $0, in: written) }
      let number = first + block * length
      try readBlock(at: list.number(UInt64.self), number..<number + length, form, pages: own, &blocks)
    }
    try HDF5Checksum.check(start, to: &list, Self.what)
  }

  /// - Parameter pages: for each page whether it was written; none if entries do not stand on pages.
  private mutating func readBlock(
    at address: UInt64, _ numbers: Range<Int>, _ form: Form, pages: [Bool], _ blocks: inout HDF5Blocks
  ) throws(Problem) {
    if address == HDF5Blocks.nowhere { return }
    guard form.pages(numbers.count) == pages.count else { throw Problem("\(Self.what) at byte \(address) has impossible sizes") }
    let size = Self.prefix + form.numberSize + numbers.count * entrySize + 4 + 4 * pages.count
    var (start, block) = try open("EADB", at: address, size, &blocks)
    try block.skip(Self.prefix - 5 + form.numberSize)
    if pages.isEmpty {
      try readEntries(numbers, &block)
      return try HDF5Checksum.check(start, to: &block, Self.what)
    }
    try HDF5Checksum.check(start, to: &block, Self.what)
    try readPages(numbers, pageLength: form.pageLength, isWritten: { pages[$0] }, &block)
  }
}
