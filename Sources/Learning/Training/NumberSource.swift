import Engine
import Sequences
import Support

/// Batches of sequences of numbers and of what a network is to give for them, in a new order in each epoch, or always in the
/// same.
struct NumberSource: BatchSource {
  /// `[B][T][features]`
  private let sequences: [[[Float]]]
  /// `[B][T][outputs]`, or `[B][1][outputs]`.
  private let targets: [[[Float]]]
  private let readsOutSequences: Bool
  private let batch: Int
  /// Nil for an order that stays.
  private let seed: UInt64?
  let stepsPerBatch: Int

  init(_ sequences: [[[Float]]], targets: [[[Float]]], readsOutSequences: Bool, batch: Int, seed: UInt64?) {
    self.sequences = sequences
    self.targets = targets
    self.readsOutSequences = readsOutSequences
    self.batch = batch
    self.seed = seed
    let steps = sequences.reduce(0) { $0 + $1.count }
    stepsPerBatch = max(1, steps / max(1, (sequences.count + batch - 1) / batch))
  }

  var iterationsPerEpoch: Int? { max(1, (sequences.count + batch - 1) / batch) }
  func continues(at iteration: Int) -> Bool { false }

  func batch(at iteration: Int) -> Batch {
    let (epoch, number) = iteration.quotientAndRemainder(dividingBy: max(1, (sequences.count + batch - 1) / batch))
    var order = Array(sequences.indices)
    if let seed {
      var random = Random(.sequenceOrder, epoch, seed: seed)
      random.shuffle(&order)
    }
    let own = order[number * batch..<min((number + 1) * batch, order.count)]
      .sorted { (sequences[$1].count, $0) < (sequences[$0].count, $1) }
    let lengths = PackedLengths(sorted: own.map { sequences[$0].count })
    // Step by step, in each of them the sequences that are long enough.
    func packed(_ rows: [[[Float]]]) -> [Float] {
      (0..<lengths.steps).flatMap { step in
        own.prefix { sequences[$0].count > step }.flatMap { rows[$0][step] }
      }
    }
    return Batch(
      lengths: lengths, inputs: .features(packed(sequences)),
      targets: .values(readsOutSequences ? own.flatMap { targets[$0][0] } : packed(targets)))
  }
}
