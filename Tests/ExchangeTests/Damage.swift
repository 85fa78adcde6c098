import Foundation
import Support
import Testing

/// Bytes of good files changed, left out, doubled or cut off.
enum Damage {
  /// How many damaged copies of a file `read` refuses, each by one sentence; it is given a copy's path and how many bytes the copy has.
  static func refusals(of good: [UInt8], copies: Int, _ read: (_ path: String, _ count: Int) throws -> Void) throws -> Int {
    var random = Random(seed: 42)
    var refused = 0
    for _ in 0..<copies {
      let bytes = damaged(good, &random)
      let file = try TemporaryFile(bytes: bytes)
      do {
        try read(file.path, bytes.count)
      } catch {
        refused += 1
        #expect(!"\(error)".contains("\n"))
      }
    }
    return refused
  }

  private static func damaged(_ good: [UInt8], _ random: inout Random) -> [UInt8] {
    func below(_ count: Int) -> Int { Int(random.next() % UInt64(max(1, count))) }
    // What says how a file is made often stands in its first and last kilobytes.
    func place(_ count: Int) -> Int {
      below(2) == 0 ? below(count) : below(2) == 0 ? below(min(count, 900)) : count - 1 - below(min(count, 900))
    }
    var bytes = good
    for _ in 0...below(3) where !bytes.isEmpty {
      let at = place(bytes.count)
      switch below(6) {
      case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes[at] ^= 1 << UInt8(below(8))
      case 2: bytes[at] = [0, 0xFF, 0x7F, 0x80][below(4)]
      case 3: bytes.removeSubrange(at..<min(bytes.count, at + 1 + below(40)))
      case 4: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 1 + below(40))], at: at)
      default: bytes.removeSubrange(at...)
      }
    }
    return bytes
  }
}
