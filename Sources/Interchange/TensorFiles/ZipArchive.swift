import CZlib
import Compression
import Storage
import Support

/// The directory of a zip archive whose members are stored as they are or deflated.
///
/// Sources: PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.14 to 4.3.16.
struct ZipArchive {
  typealias Problem = StrictJSON.Problem

  struct Entry {
    let name: String
    /// The member's bytes in the file, packed or not.
    let range: Range<Int>
    let isDeflated: Bool
    /// How many bytes it has when it is unpacked.
    let size: Int
    let checksum: UInt32

    /// What the member holds: where it stands in the file or in memory.
    func content(in file: MappedFile) throws(Problem) -> (bytes: MappedFile, range: Range<Int>) {
      var content = (bytes: file, range: range)
      do throws(Problem) {
        if isDeflated {
          let unpacked = try file.withBytes(in: range) { bytes throws(Problem) in try inflated(bytes, to: size) }
          content = (MappedFile(unpacked), 0..<size)
        }
      } catch {
        throw Problem("the archive's member \(quoted(name)): \(error.text)")
      }
      // A fuzzer would never come past it.
      #if !FUZZING
        let found = content.bytes.withBytes(in: content.range) { bytes in
          crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        }
        guard found == checksum else {
          throw Problem("the archive's member \(quoted(name)) is damaged: its checksum is another")
        }
      #endif
      return content
    }
  }

  /// In the order of the archive's directory.
  let entries: [Entry]

  /// What the first member begins with.
  static let signature: [UInt8] = [0x50, 0x4B, 3, 4]

  init(_ file: MappedFile) throws(Problem) {
    let (start, size, count) = try Self.directory(of: file)
    var reader = ByteReader(file, in: start..<start + size)
    var entries: [Entry] = []
    var names: Set<String> = []
    for _ in 0..<count {
      let entry = try Self.entry(&reader, file)
      guard names.insert(entry.name).inserted else {
        throw Problem("two members of the archive are called \(quoted(entry.name))")
      }
      entries.append(entry)
    }
    self.entries = entries
    // What is made of a few bytes may fill the memory of a machine: zeros, of which deflate makes 1032 of one byte.
    let unfolded = entries.reduce(0) { $0 + ($1.isDeflated ? $1.size : 0) }
    guard unfolded <= max(1 << 28, 64 * file.count) else {
      throw Problem("its members would unfold from the \(file.count) bytes of the archive to \(unfolded), which no weights do")
    }
  }

  subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// Where the directory is: the record at the archive's end says it.
  private static func directory(of file: MappedFile) throws(Problem) -> (start: Int, size: Int, count: Int) {
    let least = 22
    // A comment of at most 65,535 bytes may follow the record.
    let tail = max(0, file.count - least - 65_535)..<file.count
    let bytes = file.withBytes(in: tail) { [UInt8]($0) }
    let place = (0...max(0, bytes.count - least)).last { at in
      at + least <= bytes.count && bytes[at...].starts(with: [0x50, 0x4B, 5, 6])
        && at + least + Int(bytes[at + 20]) + Int(bytes[at + 21]) << 8 == bytes.count
    }
    guard let place else { throw Problem("the zip archive has no end: it is damaged or cut short") }
    let end = tail.lowerBound + place
    var record = ByteReader(file, in: end + 10..<end + 20)
    var count = Int(try record.number(UInt16.self))
    var size = Int(try record.number(UInt32.self))
    var start = Int(try record.number(UInt32.self))
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF, end >= 20 {
      var locator = ByteReader(file, in: end - 20..<end)
      guard try locator.number(UInt32.self) == 0x0706_4B50 else { throw Problem("the zip archive's directory is damaged") }
      _ = try locator.number(UInt32.self)
      let place = try locator.length()
      guard place <= end - 56 else { throw Problem("the zip archive's directory begins past its end") }
      var large = ByteReader(file, in: place..<end)
      guard try large.number(UInt32.self) == 0x0606_4B50 else { throw Problem("the zip archive's directory is damaged") }
      try large.skip(28)
      (count, size, start) = (try large.length(), try large.length(), try large.length())
    }
    guard start <= end, size <= end - start else {
      throw Problem(
        "the zip archive's directory should have \(size) bytes from \(start) on, but only \(max(0, end - start)) are there")
    }
    return (start, size, count)
  }

  private static func entry(_ reader: inout ByteReader, _ file: MappedFile) throws(Problem) -> Entry {
    guard try reader.number(UInt32.self) == 0x0201_4B50 else { throw Problem("the zip archive's directory is damaged") }
    try reader.skip(4)
    let flags = try reader.number(UInt16.self)
    let method = try reader.number(UInt16.self)
    try reader.skip(4)
    let checksum = try reader.number(UInt32.self)
    var stored = Int(try reader.number(UInt32.self))
    var size = Int(try reader.number(UInt32.self))
    let (nameLength, extraLength) = (Int(try reader.number(UInt16.self)), Int(try reader.number(UInt16.self)))
    let commentLength = Int(try reader.number(UInt16.self))
    try reader.skip(8)
    var start = Int(try reader.number(UInt32.self))
    let nameBytes = try reader.bytes(nameLength)
    guard let name = String(validating: nameBytes, as: UTF8.self) else {
      throw Problem("a member of the archive has a name that is not UTF-8")
    }
    var extra = try reader.part(extraLength)
    try reader.skip(commentLength)
    // What does not fit in 32 bits stands in a field of its own, in this order.
    while !extra.isAtEnd {
      let (kind, length) = (try extra.number(UInt16.self), Int(try extra.number(UInt16.self)))
      var field = try extra.part(length)
      guard kind == 1 else { continue }
      if size == 0xFFFF_FFFF { size = try field.length() }
      if stored == 0xFFFF_FFFF { stored = try field.length() }
      if start == 0xFFFF_FFFF { start = try field.length() }
    }
    guard flags & 1 == 0 else { throw Problem("the member \(quoted(name)) of the archive is encrypted") }
    guard method == 0 || method == 8 else {
      throw Problem("the member \(quoted(name)) of the archive is packed by method \(method); known are 0 (none) and 8 (deflate)")
    }
    guard stored == size || method == 8 else {
      throw Problem("the member \(quoted(name)) of the archive has two different sizes")
    }
    let range = try content(at: start, stored, nameBytes, file)
    return Entry(name: name, range: range, isDeflated: method == 8, size: size, checksum: checksum)
  }

  /// The member's bytes after its own header, which must bear the same name.
  private static func content(at start: Int, _ size: Int, _ name: [UInt8], _ file: MappedFile) throws(Problem) -> Range<Int> {
    let problem = Problem(
      "the member \(quoted(String(decoding: name, as: UTF8.self))) of the archive is not where its directory says")
    guard start <= file.count - 30 else { throw problem }
    var header = ByteReader(file, in: start..<file.count)
    guard try header.number(UInt32.self) == 0x0403_4B50 else { throw problem }
    try header.skip(22)
    let (nameLength, extraLength) = (Int(try header.number(UInt16.self)), Int(try header.number(UInt16.self)))
    guard nameLength == name.count, try header.bytes(nameLength) == name else { throw problem }
    let first = start + 30 + nameLength + extraLength
    guard first <= file.count, size <= file.count - first else {
      throw Problem("the member \(quoted(String(decoding: name, as: UTF8.self))) of the archive ends past the end of the file")
    }
    return first..<first + size
  }
}

/// Reads a part of a file front to back.
struct ByteReader {
  typealias Problem = StrictJSON.Problem

  private let file: MappedFile
  private var rest: Range<Int>

  init(_ file: MappedFile, in range: Range<Int>) { (self.file, rest) = (file, range.clamped(to: 0..<file.count)) }

  var isAtEnd: Bool { rest.isEmpty }
  /// How many bytes are left.
  var count: Int { rest.count }
  /// Where in the file the next byte is.
  var position: Int { rest.lowerBound }

  /// A number of the type's size, little-endian.
  mutating func number<Value: FixedWidthInteger>(_ type: Value.Type) throws(Problem) -> Value {
    let range = try take(MemoryLayout<Value>.size)
    return file.withBytes(in: range) { Value(littleEndian: $0.loadUnaligned(as: Value.self)) }
  }

  /// A number of 64 bits that counts bytes or things in the file.
  mutating func length() throws(Problem) -> Int {
    let number = try number(UInt64.self)
    guard number <= UInt64(file.count) else {
      throw Problem("it speaks of \(number) bytes or things, but has \(file.count) bytes only")
    }
    return Int(number)
  }

  mutating func bytes(_ count: Int) throws(Problem) -> [UInt8] {
    let range = try take(count)
    return file.withBytes(in: range) { [UInt8]($0) }
  }

  /// The bytes up to a zero, which is taken too, or all that are left.
  mutating func text() throws(Problem) -> [UInt8] {
    let rest = rest
    guard let end = file.withBytes(in: rest, { $0.firstIndex(of: 0) }) else { return try bytes(rest.count) }
    let text = try bytes(end)
    try skip(1)
    return text
  }

  /// The bytes up to a line's end, which is taken too.
  mutating func line() throws(Problem) -> [UInt8] {
    let rest = rest
    guard let end = file.withBytes(in: rest, { $0.firstIndex(of: 0x0A) }) else { throw Problem("it is cut short") }
    let line = try bytes(end)
    try skip(1)
    return line
  }

  mutating func part(_ count: Int) throws(Problem) -> ByteReader { ByteReader(file, in: try take(count)) }

  mutating func skip(_ count: Int) throws(Problem) { _ = try take(count) }

  private mutating func take(_ count: Int) throws(Problem) -> Range<Int> {
    guard count >= 0, count <= rest.count else { throw Problem("it is cut short") }
    let range = rest.lowerBound..<rest.lowerBound + count
    rest = range.upperBound..<rest.upperBound
    return range
  }
}
