import Engine
import Sequences
import Support

/// Batches of sequences of symbols that follow sources, in a new order in each epoch, or always in the same: a network reads a symbol that
/// begins each sequence and then the sequence, and is to give the sequence and then the symbol that ends it.
struct SourcedSymbols: BatchSource {
  /// What follows each source, and the source: symbols, or numbers at each of its steps.
  let targets: [[Int32]]
  let sources: Sources
  let (begin, end): (Int32, Int32)
  let batch: Int
  /// Nil for an order that stays.
  let seed: UInt64?

  enum Sources {
    case tokens([[Int32]])
    case features([[[Float]]])

    var count: Int {
      switch self {
      case .tokens(let sources): sources.count
      case .features(let sources): sources.count
      }
    }

    subscript(range: Range<Int>) -> Sources {
      switch self {
      case .tokens(let sources): .tokens(Array(sources[range]))
      case .features(let sources): .features(Array(sources[range]))
      }
    }

    func of(_ places: [Int], _ lengths: PackedLengths) -> Batch.Source {
      switch self {
      case .tokens(let sources): Batch.Source(tokens: places.map { sources[$0] }, of: lengths)
      case .features(let sources): Batch.Source(features: places.map { sources[$0] }, of: lengths)
      }
    }
  }

  private var batches: Int { (targets.count + batch - 1) / batch }
  var iterationsPerEpoch: Int? { batches }
  var stepsPerBatch: Int { max(1, targets.reduce(0) { $0 + $1.count + 1 } / batches) }
  func continues(at iteration: Int) -> Bool { false }

  func batch(at iteration: Int) -> Batch {
    let (epoch, number) = iteration.quotientAndRemainder(dividingBy: batches)
    var order = Array(targets.indices)
    if let seed {
      var random = Random(.sequenceOrder, epoch, seed: seed)
      random.shuffle(&order)
    }
    let own = order[number * batch..<min((number + 1) * batch, order.count)]
      .sorted { (targets[$1].count, $0) < (targets[$0].count, $1) }
    let lengths = PackedLengths(sorted: own.map { targets[$0].count + 1 })
    return Batch(
      lengths: lengths,
      inputs: .tokens(lengths.packed(own.map { [begin] + targets[$0] })).with(sources.of(own, lengths)),
      targets: .classes(lengths.packed(own.map { targets[$0] + [end] })))
  }
}
