import Storage
package import Support

/// Files that gzip has packed.
package enum Gzip {
  /// The bytes with which such a file begins.
  package static let mark: [UInt8] = [0x1F, 0x8B]

  /// The most bytes that a file may unfold to: more than any text that a machine has room to train on.
  private static let most = 1 << 34

  /// What a file unfolds to; nil if it is not packed, or no plain file.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, or is damaged or cut short.
  package static func contents(of path: String) throws(RecurrentError) -> [UInt8]? {
    guard FileSystem.beginning(of: path, count: mark.count) == mark else { return nil }
    let packed = try FileSystem.bytes(of: path)
    do throws(StrictJSON.Problem) { return try unfolded(packed) } catch {
      throw RecurrentError(cannotRead: path, "it is packed by gzip, and \(error.text)")
    }
  }

  /// A file may be of several parts, each packed by itself.
  static func unfolded(_ packed: [UInt8]) throws(StrictJSON.Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var position = 0
    repeat {
      let outcome = packed.withUnsafeBytes { all in
        Result { () throws(StrictJSON.Problem) in
          try inflate(UnsafeRawBufferPointer(rebasing: all[position...]), into: &bytes, as: .gzip) {
            made throws(StrictJSON.Problem) in
            guard made <= most else { throw StrictJSON.Problem("it unfolds to more than \(most) bytes") }
          }
        }
      }
      position += try outcome.get()
      // What follows the last part, such as zeros up to a tape's block, is no part.
    } while packed.count - position >= mark.count && packed[position..<position + mark.count].elementsEqual(mark)
    return bytes
  }
}
