import CellLanguage
import Engine
import Support

/// The memories of a trial's sequences: sources of unequal lengths, which stand in another order than the sequences that read them.
struct TrialMemory {
  /// Of the sources, the longest first.
  let lengths: PackedLengths
  /// Which sequence each source belongs to.
  let places: [Int]
  /// Packed rows, `[rows, K]`.
  let rows: [Float]
  let width: Int

  /// - Parameters:
  ///   - batch: how many sequences there are.
  ///   - numbers: of the sequences.
  init(width: Int, of sequences: PackedLengths, _ random: inout Random) {
    let drawn = (0..<sequences.batch).map { _ in random.element(of: Self.counts) }
    // Sources that are as long as each other stand in the order of their sequences' numbers.
    places = drawn.indices.sorted { (-drawn[$0], sequences.numbers[$0]) < (-drawn[$1], sequences.numbers[$1]) }
    self.width = width
    lengths = PackedLengths(
      sorted: places.map { drawn[$0] }, numbers: places.map { sequences.numbers[$0] }, shards: sequences.shards)
    rows = (0..<lengths.rows * width).map { _ in 2 * random.uniformFloat() - 1 }
  }

  /// One row, fewer than a vector has elements, as many, and more.
  private static let counts = [1, 2, 3, 7, 16, 19]

  /// Those of some sequences of a trial by themselves.
  init(_ whole: TrialMemory, sequences: [Int]) {
    let sources = whole.places.indices.filter { sequences.contains(whole.places[$0]) }
    places = sources.map { source in
      found(sequences.firstIndex(of: whole.places[source]), orFail: "a source belongs to no sequence of a trial")
    }
    width = whole.width
    lengths = PackedLengths(
      sorted: sources.map { whole.lengths.perSequence[$0] }, numbers: sources.map { whole.lengths.numbers[$0] },
      shards: whole.lengths.shards)
    rows = whole.rows.rows(whole.lengths.rows(of: sources), width: width)
  }

  /// The rows of each sequence's source, one after the other.
  var perSequence: [[Double]] {
    let sources = lengths.unpack(rows.map(Double.init), width: width).map { $0.flatMap(\.self) }
    var result = [[Double]](repeating: [], count: places.count)
    for (source, place) in places.enumerated() { result[place] = sources[source] }
    return result
  }

  /// What is given for each sequence, one row of its source after the other, as packed rows of the sources.
  func packed(_ perSequence: [[Double]]) -> [Double] {
    lengths.pack(places.map { ReferenceGraph.rows(of: perSequence[$0], width) })
  }

  /// Makes it the memory of the next runs.
  func give(to runner: SequenceRunner) { runner.setMemory(rows, lengths, places: places) }
}
