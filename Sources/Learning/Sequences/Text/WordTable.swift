/// Words and how often each was seen: an open-addressing hash table over bytes, which makes no `String`.
struct WordTable {
  struct Entry {
    /// Where the word's bytes begin in `bytes`.
    let start: Int
    let length: Int
    let hash: UInt64
    var count: Int
  }

  private(set) var entries: [Entry] = []
  /// The bytes of all words, one after the other.
  private var bytes: [UInt8] = []
  /// Places in `entries`, -1 where free; a power of two of them, at most half of them taken.
  private var slots: [Int32] = Array(repeating: -1, count: 1 << 12)

  init() {}

  /// The table of `words`, each with the place that it has there.
  init(_ words: [String]) {
    for word in words {
      var word = word
      word.withUTF8 { bytes in
        let range = 0..<bytes.count
        count(bytes, range, hash: range.reduce(WordTable.emptyHash) { WordTable.hash($0, bytes[$1]) })
      }
    }
  }

  /// The hash of no bytes. Fowler, Noll & Vo's function 1a, one byte after the other as a scanner sees them.
  static let emptyHash: UInt64 = 0xcbf2_9ce4_8422_2325

  @inline(__always)
  static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }

  /// Counts a word once more.
  mutating func count(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, hash: UInt64) {
    let slot = slot(of: text, range, hash: hash)
    if slots[slot] >= 0 {
      entries[Int(slots[slot])].count += 1
      return
    }
    slots[slot] = Int32(entries.count)
    entries.append(Entry(start: bytes.count, length: range.count, hash: hash, count: 1))
    bytes.append(contentsOf: text[range])
    if entries.count * 2 > slots.count { grow() }
  }

  /// The place of a word among the entries, nil if it is not there.
  func place(of text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, hash: UInt64) -> Int? {
    let place = slots[slot(of: text, range, hash: hash)]
    return place < 0 ? nil : Int(place)
  }

  func word(_ entry: Entry) -> ArraySlice<UInt8> { bytes[entry.start..<entry.start + entry.length] }

  /// The slot that holds the word, or the free one where it belongs.
  @inline(__always)
  private func slot(of text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, hash: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = first(hash) & mask
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if entry.hash == hash && entry.length == range.count && holds(entry, text, range) { return slot }
      slot = (slot + 1) & mask
    }
    return slot
  }

  /// The upper bits of the product depend on all bytes, the lower ones hardly on the first: both go in.
  @inline(__always)
  private func first(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash ^ hash >> 32) }

  @inline(__always)
  private func holds(_ entry: Entry, _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    for place in 0..<range.count where bytes[entry.start + place] != text[range.lowerBound + place] { return false }
    return true
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for (place, entry) in entries.enumerated() {
      var slot = first(entry.hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(place)
    }
  }
}
