/// Rows of a batch by the shard of their sequence, in the order in which each shard's are summed up.
///
/// A sum over the sequences of a batch is made in two parts: the rows of each shard are summed up in the order of this list,
/// and then the shards' sums are added in a balanced binary tree over the shards' numbers,
/// `((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7))` (``sumTree(_:count:)``). The bits of the result then depend on the batch and the
/// number of shards, and on nothing else: not on how threads share the work, nor on how many steps run at a time if the last
/// ones come first, nor on which of several processes holds which shards, if one process holds all that is below a node of the
/// tree.
package struct ShardRows: Sendable {
  /// The rows' numbers, those of the first shard first.
  package let rows: [Int32]
  /// Where each shard's rows end in the list.
  package let ends: [Int32]

  package init(_ shards: [[Int32]]) {
    rows = Array(shards.joined())
    var ends: [Int32] = []
    for shard in shards { ends.append((ends.last ?? 0) + Int32(shard.count)) }
    self.ends = ends
  }

  /// The rows of a shard.
  package subscript(shard: Int) -> ArraySlice<Int32> { rows[(shard == 0 ? 0 : Int(ends[shard - 1]))..<Int(ends[shard])] }

  /// The shards that have rows, in their order.
  package var occupied: [Int] { ends.indices.filter { !self[$0].isEmpty } }
}

extension PackedLengths {
  /// How many shards a batch has unless it says otherwise: enough for as many processes to have one each, and few enough for a
  /// usual batch to have sequences in all of them.
  package static let standardShards = 8

  /// The same sequences in another number of shards.
  package func inShards(_ shards: Int) -> PackedLengths {
    shards == self.shards ? self : PackedLengths(sorted: perSequence, numbers: numbers, shards: shards)
  }

  /// The shard of each sequence.
  package func shard(of sequence: Int) -> Int { numbers[sequence] % shards }

  /// The places of sequences in the batch, by shard: what is summed up for each sequence by itself is a row for each.
  package var sequencesByShard: ShardRows { ShardRows(sequencesOfShards) }

  /// The rows of some steps, nil for all, by shard: those of the last step first, as they come when steps run back, and those
  /// of one step in the order of their sequences.
  ///
  /// Rows are numbered as in the whole; those of a segment by itself are those of its own lengths (``segment(_:)``).
  package func rowsByShard(of steps: Range<Int>? = nil) -> ShardRows {
    let steps = steps ?? 0..<self.steps
    return ShardRows(
      sequencesOfShards.map { sequences in
        var rows: [Int32] = []
        for step in steps.reversed() {
          for sequence in sequences {
            if sequence >= live[step] { break }
            rows.append(Int32(offsets[step]) + sequence)
          }
        }
        return rows
      })
  }

  /// One row for each sequence, as a readout has it: the same sequences with a single step each.
  package var singleStep: PackedLengths {
    PackedLengths(sorted: Array(repeating: 1, count: batch), numbered: numbers, shards: shards)
  }

  private var sequencesOfShards: [[Int32]] {
    var sequences = [[Int32]](repeating: [], count: shards)
    for sequence in 0..<batch { sequences[shard(of: sequence)].append(Int32(sequence)) }
    return sequences
  }
}
