import Engine
import Networks
import Processes
import Sequences
import Support

extension Trainer {
  /// The mean loss over all of `source`, with the bits that one process gives, of which each process works out a part.
  ///
  /// Batches that stand by themselves are dealt to the processes. Where batches go on from one to the next, each process runs the sequences
  /// of some shards, as in training.
  ///
  /// - Throws: ``RecurrentError`` if a batch doesn't fit the network, the loss is not a number or infinite, or a process has failed.
  package func validate(_ source: some BatchSource) throws -> Double {
    let batches = source.iterationsPerEpoch ?? 1
    let goesOn = (0..<batches).contains { source.continues(at: $0) }
    let runner = NetworkRunner(network, machine: machine, trains: false)
    let own = try team.together {
      if goesOn { return try losses(ofPartsOf: source, batches, by: runner) }
      return try stride(from: team.rank, to: batches, by: team.size).map { index in
        let loss = try validated(source.batch(at: index), continues: false, by: runner)
        return PartLoss(batch: index, shard: 0, sum: loss.sum, count: loss.count)
      }
    }
    let all = try team.exchange(own.flatMap(\.bytes)).flatMap(PartLoss.list)
    let byBatch = Dictionary(grouping: all, by: \.batch)
    var total = Loss()
    for batch in 0..<batches {
      guard let parts = byBatch[batch], let last = parts.map(\.shard).max() else { continue }
      var sums = [Double](repeating: 0, count: last + 1)
      for part in parts { sums[part.shard] = part.sum }
      total += Loss(sum: sumTree(sums), count: parts[0].count)
    }
    return total.mean
  }

  /// The losses of this process's parts of all batches.
  private func losses(
    ofPartsOf source: some BatchSource, _ batches: Int, by runner: NetworkRunner
  ) throws(RecurrentError) -> [PartLoss] {
    var losses: [PartLoss] = []
    var (deal, states): (BatchDeal?, [[[[Float]]]]) = (nil, [])
    for index in 0..<batches {
      let (batch, continues) = (source.batch(at: index), source.continues(at: index))
      let next = BatchDeal(batch.lengths, among: team.size)
      guard !continues || next == deal else {
        throw RecurrentError(
          .shape, "a batch of \(batch.lengths.batch) sequences can't go on where one with other sequences ended")
      }
      let totals = BatchTotals(batch, of: network.architecture)
      let parts = next.parts(of: team.rank)
      if !continues { states = parts.map { _ in [] } }
      deal = next
      for (place, part) in parts.enumerated() {
        let piece = batch.part(part.sequences, targetsAreOfSequences: network.architecture.readout != .everyStep)
        runner.carriedStates = states[place]
        let loss = try validated(piece, continues: continues, by: runner, whole: totals)
        states[place] = runner.carriedStates
        losses.append(PartLoss(batch: index, shard: part.shard, sum: loss.sum, count: totals.counted))
      }
    }
    return losses
  }
}

/// What a process tells the others of a batch, or a part of one, that it has validated.
private struct PartLoss {
  let batch: Int
  /// The first shard of the part; 0 of a whole batch.
  let shard: Int
  let sum: Double
  /// The rows of the whole batch that have a target.
  let count: Int

  var bytes: [UInt8] {
    [UInt64(batch), UInt64(shard), sum.bitPattern, UInt64(count)].flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
  }

  static func list(_ bytes: [UInt8]) -> [PartLoss] {
    stride(from: 0, to: bytes.count, by: 32).map { start in
      func number(_ place: Int) -> UInt64 {
        (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + 8 * place + $1]) << UInt64(8 * $1) }
      }
      return PartLoss(
        batch: Int(number(0)), shard: Int(number(1)), sum: Double(bitPattern: number(2)), count: Int(number(3)))
    }
  }
}
