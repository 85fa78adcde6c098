import Engine
import Networks
import Processes
import Sequences
import Support

/// Runs batches together with other processes: each runs the sequences of some shards, and all get the gradient and the loss of the whole
/// batch, the same bits as one process would.
final class SharedBatches {
  private let team: any Communicator
  private let runner: NetworkRunner
  private let exchange: GradientExchange
  private let count: Int
  private let isOfSequences: Bool
  private let network: Network
  /// The gradients of this process's parts, and the sums that go with them.
  private var own: [FloatBuffer] = []
  private var total = FloatBuffer(count: 0)
  /// Who ran what of the last batch.
  private var deal: BatchDeal?
  private var totals: BatchTotals?
  /// The states with which the next batch goes on: of all sequences, or of this process's parts since it has run some.
  private var states: States
  /// What the last batch was, for the search for a number that is not finite.
  private var last: [LastPart] = []

  private enum States {
    case whole([[[Float]]])
    case parts([[[[Float]]]])
  }

  private struct LastPart {
    let batch: Batch
    let states: [[[Float]]]
  }

  init(_ runner: NetworkRunner, of network: Network, with team: any Communicator, states: [[[Float]]] = []) {
    self.team = team
    self.runner = runner
    self.states = .whole(states)
    exchange = GradientExchange(team, on: runner.machine)
    count = network.parameters.count
    isOfSequences = network.architecture.readout != .everyStep
    self.network = network
  }

  /// The gradient of the last batch.
  var gradient: UnsafeMutablePointer<Float> { total.base }

  /// Runs a batch for the gradient of its mean loss.
  ///
  /// - Parameter wishes: what this process wants, asked when it has run its part.
  /// - Returns: the loss of the whole batch, and what any of the processes wants.
  /// - Throws: ``RecurrentError`` if the batch doesn't fit the network, in all processes if in one, or if a process has failed.
  func run(
    _ batch: Batch, continues: Bool, seed: UInt64, wishes: () -> TrainingWishes
  ) throws(RecurrentError) -> (loss: Loss, wishes: TrainingWishes) {
    let deal = BatchDeal(batch.lengths, among: team.size)
    let parts = deal.parts(of: team.rank)
    let totals = BatchTotals(batch, of: network.architecture)
    var report = BatchReport()
    do throws(RecurrentError) {
      let starts = try starts(of: deal, batch.lengths, continues: continues)
      report = try run(parts, of: batch, from: starts, continues: continues, seed: seed, totals)
    } catch {
      report.failure = "\(error)"
    }
    (self.deal, self.totals) = (deal, totals)
    report.wishes = wishes()
    let reports = try team.exchange(report.bytes).map { BatchReport($0) }
    if let place = reports.firstIndex(where: { $0.failure != nil }), let failure = reports[place].failure {
      throw RecurrentError(.shape, "\(team.name(of: place)): \(failure)")
    }
    try addUp(deal, sums: reports.map(\.sumCount).max() ?? 0)
    var losses = [Double](repeating: 0, count: batch.lengths.shards)
    for (shard, loss) in reports.flatMap(\.losses) { losses[shard] = loss }
    return (Loss(sum: sumTree(losses), count: totals.counted), reports.reduce(TrainingWishes()) { $0.or($1.wishes) })
  }

  private func run(
    _ parts: [BatchDeal.Part], of batch: Batch, from starts: [[[[Float]]]], continues: Bool, seed: UInt64, _ totals: BatchTotals
  ) throws(RecurrentError) -> BatchReport {
    var report = BatchReport()
    var ends: [[[[Float]]]] = []
    last = []
    for (place, part) in parts.enumerated() {
      let piece = batch.part(part.sequences, targetsAreOfSequences: isOfSequences)
      runner.carriedStates = starts[place]
      if place == own.count { own.append(FloatBuffer(count: count)) }
      let loss = try runner.run(
        piece.inputs, lengths: piece.lengths, targets: piece.targets, carriesStates: continues, gradients: own[place].base,
        seed: seed,
        whole: totals)
      report.losses.append((part.shard, loss.sum))
      report.sumCount = runner.sumCount
      if runner.sumCount > 0 { appendSums(to: place) }
      ends.append(runner.carriedStates)
      last.append(LastPart(batch: piece, states: starts[place]))
    }
    states = .parts(ends)
    return report
  }

  /// What the largest of this process's parts of a batch keeps for its backward run; nil if it has none.
  func plannedMemory(of batch: Batch) -> BatchMemory? {
    let parts = BatchDeal(batch.lengths, among: team.size).parts(of: team.rank)
    return parts.map { part in
      let piece = batch.part(part.sequences, targetsAreOfSequences: isOfSequences)
      return runner.plannedMemory(piece.lengths, reading: piece.inputs)
    }.max { $0.bytes < $1.bytes }
  }

  /// Puts what must be summed up over the whole batch behind the gradient of the part that has just been run.
  private func appendSums(to place: Int) {
    let sums = count..<count + runner.sumCount
    if own[place].count < sums.upperBound {
      let larger = FloatBuffer(count: sums.upperBound)
      larger.base.update(from: own[place].base, count: count)
      own[place] = larger
    }
    own[place].clear(sums)
    runner.addSums(to: own[place].base + count)
  }

  /// The states from which each of this process's parts goes on.
  private func starts(
    of deal: BatchDeal, _ lengths: PackedLengths, continues: Bool
  ) throws(RecurrentError) -> [[[[Float]]]] {
    let parts = deal.parts(of: team.rank)
    guard continues else { return parts.map { _ in [] } }
    switch states {
    case .whole(let states):
      if states.isEmpty { return parts.map { _ in [] } }
      try network.check(carried: states, sequences: lengths.batch)
      return parts.map { part in
        states.map { pass in pass.map { rows(part.sequences, of: $0, width: $0.count / lengths.batch) } }
      }
    case .parts(let states):
      guard deal == self.deal else {
        throw RecurrentError(.shape, "a batch of \(lengths.batch) sequences can't go on where one with other sequences ended")
      }
      return states
    }
  }

  private func addUp(_ deal: BatchDeal, sums: Int) throws(RecurrentError) {
    total = total.grown(to: count + sums)
    let parts = own.prefix(deal.parts(of: team.rank).count)
    try exchange.sum(parts.map(\.base), of: deal, count: count + sums, to: total.base)
    if !last.isEmpty { runner.finish(total.base, from: total.base + count) }
    // A process without sequences knows neither what these sums are about nor what has been drawn.
    if Set(deal.parts.map(\.owner)).count < team.size {
      let whole = try team.broadcast(Array(UnsafeBufferPointer(start: total.base, count: count)), count: count)
      whole.withUnsafeBufferPointer { whole in
        if let base = whole.baseAddress { total.base.update(from: base, count: count) }
      }
    }
  }

  /// The states of all sequences after the last batch, in the first process; others get none.
  ///
  /// - Throws: ``RecurrentError`` if a process has failed.
  func gatheredStates() throws(RecurrentError) -> [[[Float]]] {
    guard case .parts(let own) = states, let deal else {
      if case .whole(let states) = states { return states }
      return []
    }
    let widths = network.stateWidths
    let width = widths.joined().reduce(0, +)
    if !team.isFirst {
      for states in own { try team.send(Array(states.joined().joined()), to: 0) }
      return []
    }
    let batch = deal.parts.reduce(0) { $0 + $1.sequences.count }
    var whole = widths.map { $0.map { [Float](repeating: 0, count: $0 * batch) } }
    var place = 0
    for part in deal.parts {
      var numbers: [Float]
      if part.owner == 0 {
        numbers = Array(own[place].joined().joined())
        place += 1
      } else {
        numbers = try team.receive(part.sequences.count * width, of: 0, from: part.owner)
      }
      var start = 0
      for (pass, states) in widths.enumerated() {
        for (state, width) in states.enumerated() {
          for sequence in part.sequences {
            for element in 0..<width { whole[pass][state][sequence * width + element] = numbers[start + element] }
            start += width
          }
        }
      }
    }
    return whole
  }

  /// Where the loss or the gradient of the last batch stopped being finite, which all processes are told.
  ///
  /// - Throws: ``RecurrentError`` if a process has failed.
  func divergence(continues: Bool, seed: UInt64, time: String) throws(RecurrentError) -> RecurrentError {
    var found = ""
    // The sums over all parts have taken the place of a part's own gradient: it is worked out again.
    for (part, gradients) in zip(last, own) where found.isEmpty {
      let batch = part.batch
      runner.carriedStates = part.states
      let loss = try runner.run(
        batch.inputs, lengths: batch.lengths, targets: batch.targets, carriesStates: continues, gradients: gradients.base,
        seed: seed,
        whole: totals)
      if loss.sum.isFinite && (0..<count).allSatisfy({ gradients.base[$0].isFinite }) { continue }
      found =
        runner.divergence(
          of: batch, continues: continues, from: part.states, loss: loss.sum, gradients: gradients, seed: seed, time: time
        ).description
    }
    let all = try team.exchange(Array(found.utf8)).map { String(decoding: $0, as: UTF8.self) }
    guard let place = all.firstIndex(where: { !$0.isEmpty }) else {
      return RecurrentError(
        .divergence,
        "the sum of the processes' gradients is not finite \(time). Lower the learning rate or clip the gradient harder.")
    }
    return RecurrentError(.divergence, "\(team.name(of: place)): \(all[place])")
  }
}

/// Some rows of `[rows, width]`.
private func rows(_ chosen: [Int], of values: [Float], width: Int) -> [Float] {
  chosen.flatMap { values[$0 * width..<($0 + 1) * width] }
}
