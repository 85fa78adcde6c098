/// A check of what HDF5 calls global heaps, where texts of any length stand.
///
/// libhdf5 (1.10) walks through a heap by the sizes that its objects claim, and where one of them claims nothing, it walks on the spot for
/// ever. Source: HDF5 File Format Specification 3.0, section III.E.
enum HDF5Heaps {
  private static let signature = Array("GCOL".utf8)

  /// - Throws: if an object of a heap claims less than its own header or more than the heap has.
  static func check(_ bytes: UnsafeRawBufferPointer) throws(StrictJSON.Problem) {
    var place = 0
    // Few bytes are the signature's first one, so that most are looked at once.
    while let next = bytes[place...].firstIndex(of: signature[0]) {
      place = next + 1
      guard next + 16 <= bytes.count, bytes[next..<next + 4].elementsEqual(signature), bytes[next + 4] == 1 else { continue }
      let size = number(bytes, at: next + 8)
      // What is no heap is a number that looks like one, or refused by the library.
      guard size >= 16, size <= UInt64(bytes.count - next) else { continue }
      try walk(bytes, from: next + 16, to: next + Int(size))
    }
  }

  private static func walk(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) throws(StrictJSON.Problem) {
    var place = start
    while end - place >= 16 {
      // The object with index 0 is the free space, whose size counts its header.
      let isFree = bytes[place] == 0 && bytes[place + 1] == 0
      let size = number(bytes, at: place + 8)
      guard size <= UInt64(end - place), !isFree || size >= 16, isFree || size <= UInt64(end - place - 16) else {
        throw StrictJSON.Problem("the place where its texts stand is damaged")
      }
      place += isFree ? Int(size) : 16 + (Int(size) + 7) / 8 * 8
    }
  }

  private static func number(_ bytes: UnsafeRawBufferPointer, at place: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
  }
}
