import Engine
import Networks
package import Sequences
import Support
import Tables
import Training

/// Batches of sequences with their symbols, in a new order in each epoch, or always in the same.
package struct TranscriptionSource: BatchSource {
  /// What the network reads of each sequence, `[T, width]`.
  private let values: [[Float]]
  private let lengths: [Int]
  private let symbols: [[Int32]]
  private let width: Int
  private let batch: Int
  /// The seed of the orders; nil for the same order in each epoch.
  private let seed: UInt64?

  /// Batches whose sequences are sorted by length together: a batch then has sequences of about the same length, whose late steps
  /// have as many rows as their early ones, and is still another one in each epoch.
  private static let pool = 16

  /// - Throws: ``RecurrentError`` if a sequence has a symbol that the description lacks.
  init(
    _ file: Transcripts, _ description: TranscriptionDescription, batch: Int, seed: UInt64?
  ) throws(RecurrentError) {
    values = file.sequences.map { description.features($0.values) }
    lengths = file.sequences.map(\.steps)
    symbols = try file.sequences.map { sequence throws(RecurrentError) in
      try description.numbers(of: sequence, at: file.place(of: sequence))
    }
    (width, self.batch, self.seed) = (file.width, batch, seed)
  }

  package var count: Int { lengths.count }
  package var iterationsPerEpoch: Int? { max(1, (count + batch - 1) / batch) }
  package var stepsPerBatch: Int { max(1, lengths.reduce(0, +) / (iterationsPerEpoch ?? 1)) }
  package func continues(at iteration: Int) -> Bool { false }

  package func batch(at iteration: Int) -> Batch {
    let places = places(at: iteration)
    let (lengths, inputs) = Self.packed(places.map { values[$0] }, width: width)
    return Batch(lengths: lengths, inputs: inputs, targets: .symbols(places.map { symbols[$0] }))
  }

  /// The inputs of a batch of sequences, `[T, width]`, the longest first.
  static func packed(_ values: [[Float]], width: Int) -> (lengths: PackedLengths, inputs: Batch.Inputs) {
    let lengths = PackedLengths(sorted: values.map { $0.count / width })
    var rows: [Float] = []
    rows.reserveCapacity(lengths.rows * width)
    for step in 0..<lengths.steps {
      for sequence in values.prefix(while: { $0.count > step * width }) { rows += sequence[step * width..<(step + 1) * width] }
    }
    return (lengths, .features(rows))
  }

  /// The sequences of a batch, the longest first.
  private func places(at iteration: Int) -> [Int] {
    let perEpoch = iterationsPerEpoch ?? 1
    let (epoch, number) = iteration.quotientAndRemainder(dividingBy: perEpoch)
    guard let seed else {
      return (number * batch..<min((number + 1) * batch, count)).sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    }
    var random = Random(.transcriptionOrder, epoch, seed: seed)
    var order = Array(0..<count)
    random.shuffle(&order)
    var batches = Array(0..<perEpoch)
    random.shuffle(&batches)
    let (pool, place) = batches[number].quotientAndRemainder(dividingBy: Self.pool)
    let size = Self.pool * batch
    let members = order[pool * size..<min((pool + 1) * size, count)].sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    return Array(members[place * batch..<min((place + 1) * batch, members.count)])
  }
}
