import Engine
package import Sequences
import Support
import Training

/// Batches of pairs whose targets are of about the same length: all pairs once in each epoch, in a new order, or always in the same.
package struct PairSource: BatchSource {
  /// The pairs as pieces, sorted by the length of the target, and of the source where these are equal.
  private let pairs: [(source: [Int32], target: [Int32])]
  /// The places in ``pairs`` at which each length of a target begins, and the end.
  private let bounds: [Int]
  /// The place at which each batch begins, and the end.
  private let cuts: [Int]
  /// The seed of the order; nil for batches whose order does not change.
  private let seed: UInt64?

  /// - Parameters:
  ///   - pairs: as pieces, without boundaries.
  ///   - batch: the mean number of pairs in a batch. Batches have about equally many pieces, so that a piece counts the same in all of
  ///     them.
  ///   - seed: the seed of the order; nil to keep it.
  init(_ pairs: [(source: [Int32], target: [Int32])], batch: Int, seed: UInt64?) {
    self.seed = seed
    // The place decides last, so that the same file gives the same order.
    let order = pairs.indices.sorted {
      (pairs[$1].target.count, pairs[$1].source.count, $0) < (pairs[$0].target.count, pairs[$0].source.count, $1)
    }
    self.pairs = order.map { pairs[$0] }
    let lengths = self.pairs.map(\.target.count)
    bounds = [0] + lengths.indices.dropFirst().filter { lengths[$0] != lengths[$0 - 1] } + [lengths.count]
    // A boundary is a piece on each side.
    let sizes = self.pairs.map { $0.source.count + $0.target.count + 2 }
    let share = max(1, sizes.reduce(0, +) * batch / max(1, sizes.count))
    var cuts = [0]
    var size = 0
    for (place, own) in sizes.enumerated() {
      if size > 0, size + own > share {
        cuts.append(place)
        size = 0
      }
      size += own
    }
    self.cuts = cuts + [sizes.count]
  }

  package var iterationsPerEpoch: Int? { cuts.count - 1 }
  package var stepsPerBatch: Int { max(1, pairs.reduce(0) { $0 + $1.target.count + 1 } / (cuts.count - 1)) }
  package func continues(at iteration: Int) -> Bool { false }

  package func batch(at iteration: Int) -> Batch {
    let (epoch, place) = iteration.quotientAndRemainder(dividingBy: cuts.count - 1)
    let chosen = pairs(epoch: epoch, place: place)
    let lengths = PackedLengths(sorted: chosen.map { $0.target.count + 1 })
    let boundary = Vocabulary.boundary
    let source = Batch.Source(tokens: chosen.map { Self.read($0.source) }, of: lengths)
    return Batch(
      lengths: lengths, inputs: .tokens(lengths.packed(chosen.map { [boundary] + $0.target })).with(source),
      targets: .classes(lengths.packed(chosen.map { $0.target + [boundary] })))
  }

  /// What an encoder reads of a source: its pieces, and the boundary after them.
  static func read(_ source: [Int32]) -> [Int32] { source + [Vocabulary.boundary] }

  /// The pairs of a batch, the longest targets first.
  ///
  /// Since they are sorted by length, an epoch shuffles those of equal length among themselves, and then the batches, all of which
  /// stay where they are in the sorted order.
  private func pairs(epoch: Int, place: Int) -> [(source: [Int32], target: [Int32])] {
    guard let seed else { return Array(pairs[cuts[place]..<cuts[place + 1]]) }
    var random = Random(.pairOrder, epoch, seed: seed)
    var batches = Array(0..<cuts.count - 1)
    random.shuffle(&batches)
    var order = Array(pairs.indices)
    let range = cuts[batches[place]]..<cuts[batches[place] + 1]
    for (first, end) in zip(bounds, bounds.dropFirst()) where first < range.upperBound {
      var part = Array(first..<end)
      random.shuffle(&part)
      order.replaceSubrange(first..<end, with: part)
    }
    return order[range].map { pairs[$0] }
  }
}
