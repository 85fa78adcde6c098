/// A number by which data are told apart: others have the same one by chance once in 2⁶⁴ times.
///
/// It keeps no secret: data with a given digest are easily made. Folders of runs store digests of what was trained on, so
/// that those of the same data must never change. There are three forms: ``init(of:)`` of what lies in memory, fast;
/// ``combine(_:)`` of parts; and ``Stream`` of what comes a byte at a time.
package struct Digest: Sendable, Hashable {
  private var number: UInt64

  /// Eight bytes at a time: a gigabyte takes a fraction of a second. Each step can be undone, so that bytes of the same number that
  /// differ in one place never have the same digest.
  package init(of bytes: UnsafeRawBufferPointer) {
    number = UInt64(bytes.count)
    let whole = bytes.count / 8 * 8
    for place in stride(from: 0, to: whole, by: 8) {
      take(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
    }
    for byte in bytes[whole...] { take(UInt64(byte)) }
  }

  /// The digest of the elements as they lie in memory.
  package init(of elements: some Collection<some BitwiseCopyable>) {
    self = elements.withContiguousStorageIfAvailable { Digest(of: UnsafeRawBufferPointer($0)) } ?? Digest(of: Array(elements))
  }

  /// The digest of the text's UTF-8.
  package init(of text: String) { self.init(of: Array(text.utf8)) }

  /// The digest that begins a list of `count` parts, to be combined with each.
  package init(ofParts count: Int) { number = UInt64(count) }

  private mutating func take(_ word: UInt64) {
    number = (number ^ word) &* 0x9E37_79B9_7F4A_7C15
    number ^= number >> 32
  }

  /// Takes in the digest of the next part.
  ///
  /// It mixes little: two parts that change places are told apart, two changes that cancel each other are not.
  package mutating func combine(_ part: Digest) { number = (number &* 3) ^ part.number }

  /// Sixteen hexadecimal digits.
  package var digits: String {
    let digits = shortDigits
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Hexadecimal digits without zeros in front, as the digests of series and of sequences to classify are stored.
  package var shortDigits: String { String(number, radix: 16) }
}

extension Digest {
  /// A digest of what comes a byte at a time: Fowler, Noll & Vo's function 1a.
  package struct Stream {
    private var number: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    package mutating func add(_ byte: UInt8) { number = (number ^ UInt64(byte)) &* 0x100_0000_01b3 }

    package mutating func add(_ bytes: some Sequence<UInt8>) { for byte in bytes { add(byte) } }

    /// The digest of all bytes so far.
    package var digest: Digest { Digest(number: number) }
  }

  private init(number: UInt64) { self.number = number }
}
