package import Support

/// The lengths of a batch of sequences, the longest first, and how their steps lie in memory.
///
/// Steps are packed: the rows of step 0 come first, one for each sequence, then those of step 1 for the sequences that
/// are still going on, and so on. With equal lengths this is the array `[T, B, …]`.
///
/// Each sequence has a number, by which it belongs to one of several shards: what is summed over the sequences of a batch is
/// summed up for each shard and then over the shards, so that the result depends on the batch alone (``ShardRows``).
package struct PackedLengths: Sendable, Hashable {
  /// The steps of each sequence, not increasing.
  package let perSequence: [Int]
  /// The number of each sequence in the whole batch, of which these sequences may be a part.
  package let numbers: [Int]
  /// How many shards there are; a sequence belongs to that of its number modulo this.
  package let shards: Int
  /// How many sequences are still going on at each step.
  let live: [Int32]
  /// Where each step's rows begin.
  let offsets: [Int64]
  /// Where the states before each step begin: initial states stand in front of everything.
  let previousOffsets: [Int64]

  /// Sequences, B.
  package var batch: Int { perSequence.count }
  /// Steps of the longest sequence, T.
  package var steps: Int { live.count }
  /// Rows of all steps together: T · B if the lengths are equal.
  package let rows: Int

  /// `batch` sequences of `steps` steps.
  package init(steps: Int, batch: Int) {
    ensure(steps >= 0 && batch >= 0, "there can't be \(batch) sequences of \(steps) steps")
    self.init(sorted: Array(repeating: steps, count: batch))
  }

  /// - Throws: ``RecurrentError`` if a length is negative or longer than the one before it.
  package init(_ lengths: [Int]) throws(RecurrentError) {
    if let bad = lengths.firstIndex(where: { $0 < 0 }) {
      throw RecurrentError(.shape, "sequence \(bad) has the length \(lengths[bad]); a length can't be negative")
    }
    if let bad = lengths.indices.dropFirst().first(where: { lengths[$0] > lengths[$0 - 1] }) {
      throw RecurrentError(
        .shape, "sequence \(bad) has \(lengths[bad]) steps, the one before it \(lengths[bad - 1]): sort the batch, longest first")
    }
    self.init(sorted: lengths)
  }

  /// Creates the layout of lengths that the caller knows not to increase.
  ///
  /// - Parameters:
  ///   - numbers: those of the sequences in the whole batch, no two of them equal, and increasing among sequences as long as each
  ///     other, so that those of a shard stand in the same order in every part of the batch; nil for their places here.
  ///   - shards: how many shards the whole batch has.
  package init(sorted lengths: [Int], numbers: [Int]? = nil, shards: Int = PackedLengths.standardShards) {
    ensure(shards > 0, "the sequences of a batch belong to \(shards) shards; there must be at least one")
    if let numbers { PackedLengths.check(numbers, of: lengths) }
    self.init(sorted: lengths, numbered: numbers ?? Array(lengths.indices), shards: shards)
  }

  private static func check(_ numbers: [Int], of lengths: [Int]) {
    ensure(numbers.count == lengths.count, "\(lengths.count) sequences have \(numbers.count) numbers; each needs one")
    ensure(numbers.allSatisfy { $0 >= 0 }, "a sequence of a batch has a negative number; numbers count from 0")
    ensure(Set(numbers).count == numbers.count, "two sequences of a batch have the same number; each needs one of its own")
    for (place, next) in lengths.indices.dropFirst().enumerated() where lengths[place] == lengths[next] {
      ensure(
        numbers[place] < numbers[next],
        "sequences \(numbers[place]) and \(numbers[next]) have \(lengths[place]) steps each: sort by length, then by number"
      )
    }
  }

  init(sorted lengths: [Int], numbered numbers: [Int], shards: Int) {
    perSequence = lengths
    self.numbers = numbers
    self.shards = shards
    var live: [Int32] = []
    var count = lengths.count
    for step in 0..<(lengths.first ?? 0) {
      while count > 0 && lengths[count - 1] <= step { count -= 1 }
      live.append(Int32(count))
    }
    var offsets: [Int64] = []
    var previous: [Int64] = []
    var row: Int64 = 0
    for count in live {
      previous.append(offsets.last.map { $0 + Int64(lengths.count) } ?? 0)
      offsets.append(row)
      row += Int64(count)
    }
    self.live = live
    self.offsets = offsets
    previousOffsets = previous
    rows = Int(row)
  }

  /// The row of a sequence's step.
  package func row(step: Int, sequence: Int) -> Int { Int(offsets[step]) + sequence }

  /// The rows of a sequence, from its first step to its last.
  package func rows(ofSequence sequence: Int) -> [Int] {
    (0..<perSequence[sequence]).map { row(step: $0, sequence: sequence) }
  }

  var areEqual: Bool { perSequence.first == perSequence.last }
}

extension PackedLengths {
  /// Some of the steps alone: as many sequences, those of length 0 that have ended before.
  package func segment(_ steps: Range<Int>) -> PackedLengths {
    let lengths = perSequence.map { min(max($0 - steps.lowerBound, 0), steps.count) }
    return PackedLengths(sorted: lengths, numbered: numbers, shards: shards)
  }

  /// The steps in segments of `count`; the last one may be shorter.
  package func segments(of count: Int) -> [Range<Int>] {
    steps == 0 ? [0..<0] : stride(from: 0, to: steps, by: count).map { $0..<min($0 + count, steps) }
  }

  /// Where the rows of some steps stand.
  package func rows(of steps: Range<Int>) -> Range<Int> {
    let bounds = [steps.lowerBound, steps.upperBound].map { $0 < self.steps ? Int(offsets[$0]) : rows }
    return bounds[0]..<bounds[1]
  }

  /// Ranges of sequences with about as many steps each, one for each thread.
  func shares(threads: Int) -> [Range<Int>] {
    let parts = max(1, min(threads, batch))
    var bounds = [0]
    var seen = 0
    for (index, length) in perSequence.enumerated() {
      seen += length
      let part = bounds.count
      if part < parts && (seen * parts >= rows * part || batch - index - 1 == parts - part) { bounds.append(index + 1) }
    }
    bounds += Array(repeating: batch, count: parts + 1 - bounds.count)
    return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
  }
}
