/// How often each run of some symbols stands in a sequence.
struct NGrams: Sendable {
  let counts: [UInt128: Int]

  /// - Parameters:
  ///   - symbols: each of at most `bits` bits.
  ///   - length: of the runs; `length · bits` is at most 128.
  init(_ symbols: [UInt32], length: Int, bits: Int) {
    precondition(length > 0 && length * bits <= 128, "\(length) symbols of \(bits) bits each are no key")
    var counts: [UInt128: Int] = [:]
    for start in 0..<max(0, symbols.count - length + 1) {
      counts[symbols[start..<start + length].reduce(0) { $0 << UInt128(bits) | UInt128($1) }, default: 0] += 1
    }
    self.counts = counts
  }

  /// The number of runs.
  var total: Int { counts.values.reduce(0, +) }

  /// How many of the runs stand in another sequence, too, each at most as often as there.
  func matches(in other: NGrams) -> Int { counts.reduce(0) { $0 + min($1.value, other.counts[$1.key] ?? 0) } }
}

extension Unicode.Scalar {
  /// Whether Python's `str.split` takes it as white space: those of Unicode, and four separators of ASCII.
  var isSplitting: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }
}
