import Engine

/// Which process runs which sequences of a batch.
///
/// Processes have shards, as even numbers of them as there are, those of the first process first. What a process has is cut into parts
/// that are nodes of the tree over the shards (``Engine/ShardRows``): the sums of a part are then those that one process makes on its way
/// to the sums of the whole batch. With as many processes as a power of two each has one part.
struct BatchDeal: Equatable {
  struct Part: Equatable {
    /// The first of its shards.
    let shard: Int
    /// The places of its sequences in the batch.
    let sequences: [Int]
    /// The process that runs it.
    let owner: Int
  }

  /// In the order of their shards.
  let parts: [Part]

  init(_ lengths: PackedLengths, among processes: Int) {
    let sequences = lengths.sequencesByShard
    let occupied = sequences.occupied
    var owners = [Int?](repeating: nil, count: lengths.shards)
    for (place, shard) in occupied.enumerated() { owners[shard] = place * processes / occupied.count }
    var width = 1
    while width < lengths.shards { width *= 2 }
    var parts: [Part] = []
    func deal(_ node: Range<Int>) {
      let shards = node.clamped(to: 0..<lengths.shards).filter { owners[$0] != nil }
      guard let first = shards.first, let owner = owners[first] else { return }
      if shards.allSatisfy({ owners[$0] == owner }) {
        let own = shards.flatMap { sequences[$0].map(Int.init) }.sorted()
        parts.append(Part(shard: first, sequences: own, owner: owner))
      } else {
        let middle = (node.lowerBound + node.upperBound) / 2
        deal(node.lowerBound..<middle)
        deal(middle..<node.upperBound)
      }
    }
    deal(0..<width)
    self.parts = parts
  }

  func parts(of process: Int) -> [Part] { parts.filter { $0.owner == process } }
}
