import Storage

/// The blocks of an HDF5 file: headers, nodes of trees, heaps and arrays, each at an address within the file.
///
/// Every byte of such a file belongs to one block. So each address is opened once, and all blocks together are no longer than the
/// file: whatever addresses and sizes a file makes up, reading it ends, after an effort in proportion to its length.
///
/// Source: HDF5 File Format Specification 3.0, here and in all of the folder.
struct HDF5Blocks {
  typealias Problem = StrictJSON.Problem

  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The address of what there is not.
  static let nowhere = UInt64.max

  let file: MappedFile
  /// The address of the root group's header.
  private(set) var root: UInt64 = nowhere
  /// Global heaps that have been opened, by their addresses: where each of their objects stands.
  var heaps: [UInt64: [UInt16: Range<Int>]] = [:]

  private let range: Range<Int>
  private var opened: Set<UInt64> = []
  private var claimed = 0
  private var repeated = 0
  private var unfolded = 0

  /// - Parameter range: where in `file` the HDF5 file is.
  init(_ file: MappedFile, in range: Range<Int>) throws(Problem) {
    (self.file, self.range) = (file, range)
    try readSuperblock()
  }

  /// How many bytes the file has.
  var count: Int { range.count }

  func isOpened(_ address: UInt64) -> Bool { opened.contains(address) }

  /// What stands from an address on, which nothing else has claimed so far.
  mutating func open(_ address: UInt64, _ what: String) throws(Problem) -> ByteReader {
    guard address < UInt64(count) else {
      throw Problem("\(what) should be at byte \(address), but the file has \(count) bytes: it is damaged or cut short")
    }
    guard opened.insert(address).inserted else { throw Problem("\(what) at byte \(address) is used twice") }
    return ByteReader(file, in: range.lowerBound + Int(address)..<range.upperBound)
  }

  /// A block of known length; its bytes belong to nothing else.
  mutating func open(_ address: UInt64, _ size: Int, _ what: String) throws(Problem) -> ByteReader {
    var reader = try open(address, what)
    try claim(size, what)
    do throws(Problem) { return try reader.part(size) } catch {
      throw Problem("\(what) at byte \(address) ends past the file's end: the file is damaged or cut short")
    }
  }

  /// Notes how long an opened block is.
  mutating func claim(_ size: Int, _ what: String) throws(Problem) {
    guard size >= 0, size <= count - claimed else {
      throw Problem("\(what) claims \(size) bytes; with all that was read before it, that is more than the \(count) of the file")
    }
    claimed += size
  }

  /// Notes that a part of a block is copied, which a file may ask for again and again.
  mutating func copy(_ size: Int) throws(Problem) {
    guard size <= count - repeated else { throw Problem("its names and texts together are longer than its \(count) bytes") }
    repeated += size
  }

  /// Notes that compressed bytes unfold to `size` bytes.
  mutating func unfold(_ size: Int) throws(Problem) {
    // As for archives: a few bytes may stand for more zeros than there is memory.
    let most = max(1 << 28, count.multipliedReportingOverflow(by: 64).partialValue)
    guard size <= most - unfolded else {
      throw Problem(
        "its packed arrays would unfold from the \(count) bytes of the file to more than \(most), which no weights do")
    }
    unfolded += size
  }

  private mutating func readSuperblock() throws(Problem) {
    var reader = try open(0, "the file's header")
    let start = reader
    guard try reader.bytes(8) == Self.signature else { throw Problem("it is no HDF5 file") }
    let version = try reader.number(UInt8.self)
    guard version <= 3 else { throw Problem("its HDF5 format is version \(version); 0 to 3 are known") }
    if version < 2 { try reader.skip(4) }
    guard try reader.number(UInt8.self) == 8, try reader.number(UInt8.self) == 8 else {
      throw Problem("its HDF5 addresses or lengths are not 8 bytes long, which is not read here")
    }
    try reader.skip(version < 2 ? 9 + Int(version) * 4 : 1)
    let base = try reader.number(UInt64.self)
    try reader.skip(8)
    let end = try reader.number(UInt64.self)
    guard base == 0 else { throw Problem("its HDF5 addresses begin at byte \(base), which is not read here") }
    guard end <= UInt64(count) else { throw Problem("it is cut short: of \(end) bytes it has \(count)") }
    // Before the root group stand, in older files, another block's address and the place of the group's name.
    if version < 2 { try reader.skip(16) }
    root = try reader.number(UInt64.self)
    if version < 2 { try reader.skip(24) } else { try HDF5Checksum.check(start, to: &reader, "the file's header") }
    try claim(reader.position - start.position, "the file's header")
  }
}

extension ByteReader {
  /// An unsigned number of `count` bytes, at most 8, little-endian.
  mutating func number(bytes count: Int) throws(Problem) -> UInt64 {
    var number: UInt64 = 0
    for (place, byte) in try bytes(count).enumerated() { number |= UInt64(byte) << UInt64(8 * place) }
    return number
  }

  /// Skips the padding to a multiple of 8 bytes after `count` bytes.
  mutating func skipPadding(after count: Int) throws(Problem) { try skip((8 - count % 8) % 8) }
}
