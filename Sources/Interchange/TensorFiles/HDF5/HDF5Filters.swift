import Compression
import Storage

/// What was done to each chunk of an array before it was stored.
struct HDF5Filters {
  typealias Problem = StrictJSON.Problem

  private enum Filter: Equatable {
    case deflate
    /// The first bytes of all elements, each of `size` bytes, come first, then all second ones and so on.
    case shuffle(size: Int)
    case fletcher32
  }

  private var filters: [Filter] = []

  init(_ message: ByteReader) throws(Problem) {
    var reader = message
    let (version, count) = (try reader.number(UInt8.self), try reader.number(UInt8.self))
    guard version == 1 || version == 2 else { throw Problem("its filters are of the unknown version \(version)") }
    if version == 1 { try reader.skip(6) }
    var ids: Set<UInt16> = []
    for _ in 0..<count {
      let id = try reader.number(UInt16.self)
      guard ids.insert(id).inserted else { throw Problem("its numbers are packed by filter \(id) twice, which is not read here") }
      let nameLength = version == 1 || id >= 256 ? Int(try reader.number(UInt16.self)) : 0
      try reader.skip(2)
      let values = Int(try reader.number(UInt16.self))
      try reader.skip(nameLength)
      var settings = try reader.part(4 * values)
      if version == 1 { try reader.skipPadding(after: 4 * values) }
      switch id {
      case 1: filters.append(.deflate)
      case 2:
        let size = Int(try settings.number(UInt32.self))
        guard size > 0 else { throw Problem("its bytes are shuffled for elements of no size") }
        filters.append(.shuffle(size: size))
      case 3: filters.append(.fletcher32)
      default: throw Problem("its numbers are packed by filter \(id), which is not known here")
      }
    }
  }

  /// A chunk's `size` bytes before the filters, from those that are stored.
  ///
  /// - Parameter skipped: a bit for each filter that was not used for this chunk.
  func undone(_ stored: ByteReader, to size: Int, skipped: UInt32) throws(Problem) -> [UInt8] {
    let used = filters.enumerated().filter { skipped >> UInt32($0.offset) & 1 == 0 }.map(\.element)
    // Only a checksum made the chunk longer before it was deflated.
    let deflate = used.firstIndex(of: .deflate) ?? used.count
    let inflatedSize = size + 4 * used[..<deflate].count { $0 == .fletcher32 }
    var stored = stored
    var bytes = try stored.bytes(stored.count)
    for filter in used.reversed() {
      switch filter {
      case .deflate:
        let packed = MappedFile(bytes)
        bytes = try packed.withBytes(in: 0..<packed.count) { bytes throws(Problem) in
          try inflated(bytes, to: inflatedSize, isWrapped: true)
        }
      case .shuffle(let width): bytes = Self.unshuffled(bytes, width)
      case .fletcher32:
        guard bytes.count >= 4 else { throw Problem("its numbers lack their checksum") }
        let sum = HDF5Checksum.fletcher32(bytes.dropLast(4))
        guard (0..<4).allSatisfy({ bytes[bytes.count - 4 + $0] == UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0)) }) else {
          throw Problem("its numbers are damaged: their checksum is another")
        }
        bytes.removeLast(4)
      }
    }
    guard bytes.count == size else { throw Problem("one of its chunks has \(bytes.count) bytes; expected \(size)") }
    return bytes
  }

  private static func unshuffled(_ bytes: [UInt8], _ width: Int) -> [UInt8] {
    let count = bytes.count / width
    var result = bytes
    for byte in 0..<(count == 0 ? 0 : width) {
      for element in 0..<count { result[element * width + byte] = bytes[byte * count + element] }
    }
    return result
  }
}
