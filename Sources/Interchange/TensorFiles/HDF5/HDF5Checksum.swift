import Storage

/// The checksums of HDF5: Bob Jenkins' lookup3 for what describes the file, Fletcher's for numbers.
///
/// Checksums reveal damage. They are no protection: whoever forges a file can forge its checksums, too.
enum HDF5Checksum {
  typealias Problem = StrictJSON.Problem

  /// Takes the checksum that stands next and compares it with that of all bytes from `start` to it.
  static func check(_ start: ByteReader, to end: inout ByteReader, _ what: String) throws(Problem) {
    var covered = start
    let bytes = try covered.bytes(end.position - start.position)
    let expected = try end.number(UInt32.self)
    // A fuzzer would never come past it.
    #if !FUZZING
      guard lookup3(bytes) == expected else { throw Problem("\(what) is damaged: its checksum is another") }
    #endif
  }

  /// Source: Bob Jenkins, lookup3.c, 2006, `hashlittle` with the initial value 0.
  static func lookup3(_ bytes: [UInt8]) -> UInt32 {
    var state = SIMD3<UInt32>(repeating: 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count))
    guard !bytes.isEmpty else { return state[2] }
    func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
    for start in stride(from: 0, to: bytes.count, by: 12) {
      // Bytes past the end count as zeros.
      for (place, byte) in bytes[start...].prefix(12).enumerated() {
        state[place / 4] &+= UInt32(byte) << UInt32(8 * (place % 4))
      }
      guard start + 12 < bytes.count else { break }
      for (step, count) in [4, 6, 8, 16, 19, 4].enumerated() as EnumeratedSequence<[UInt32]> {
        let (one, next, last) = (step % 3, (step + 1) % 3, (step + 2) % 3)
        state[one] = (state[one] &- state[last]) ^ rotated(state[last], count)
        state[last] &+= state[next]
      }
    }
    for (step, count) in [14, 11, 25, 16, 4, 14, 24].enumerated() as EnumeratedSequence<[UInt32]> {
      let (one, other) = ((step + 2) % 3, (step + 1) % 3)
      state[one] = (state[one] ^ state[other]) &- rotated(state[other], count)
    }
    return state[2]
  }

  /// Two sums over numbers of 16 bits, of which HDF5 takes the first byte as the higher one.
  ///
  /// Source: J. G. Fletcher, An Arithmetic Checksum for Serial Transmissions, 1982.
  static func fletcher32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    func folded(_ sum: UInt32) -> UInt32 { sum & 0xFFFF + sum >> 16 }
    var (first, second): (UInt32, UInt32) = (0, 0)
    for place in stride(from: bytes.startIndex, to: bytes.endIndex, by: 2) {
      let low = place + 1 < bytes.endIndex ? UInt32(bytes[place + 1]) : 0
      first = folded(first + UInt32(bytes[place]) << 8 + low)
      second = folded(second + first)
    }
    return second << 16 | first
  }
}
