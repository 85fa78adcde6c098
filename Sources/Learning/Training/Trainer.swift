package import Engine
package import Networks
package import Processes
import Sequences
package import Support

/// Trains a network, one batch at a time.
///
/// The same network, options and batches give the same weights, bit for bit, with any number of threads; so does a training that
/// is interrupted, saved as ``checkpoint`` and taken up again, and one that several processes make together.
package final class Trainer {
  package let options: TrainingOptions
  package private(set) var network: Network
  package private(set) var progress: Progress
  package let machine: Machine
  /// Who makes the training: each process a part of each batch.
  package let team: any Communicator
  private let runner: NetworkRunner
  /// What runs batches together with other processes; nil if there are none.
  private let shared: SharedBatches?
  private let sharesWeights: Bool
  private var optimizer: OptimizerState
  private let gradient: FloatBuffer
  /// The weights that change, and those of them that decay: all but what is frozen.
  private let trained: [Range<Int>]
  private let decaying: [Range<Int>]

  /// What has happened so far.
  package struct Progress: Sendable, Hashable, Codable {
    /// Iterations done.
    package internal(set) var iteration = 0
    package internal(set) var learningRate: LearningRate
    /// The best validation so far.
    package internal(set) var best = BestLoss()
    /// Seconds of training.
    package internal(set) var seconds = 0.0
    /// The mean loss of the first batch that had a target.
    var firstLoss: Double?
    /// What has happened since the last record in the log.
    var segment = Segment()

    /// - Throws: ``RecurrentError`` if a number makes no sense.
    func check() throws(RecurrentError) {
      try RecurrentError.require(iteration >= 0, "\(iteration) iterations are done; that can't be less than 0")
      try learningRate.check()
    }

    /// The names that files and readers of the first version know.
    private enum CodingKeys: String, CodingKey {
      case iteration, learningRate, best, seconds, firstLoss
      case segment = "stretch"
    }
  }

  /// Sums over iterations.
  struct Segment: Sendable, Hashable, Codable {
    var loss = 0.0
    var count = 0
    var steps = 0
    var seconds = 0.0
    var iterations = 0
    var clips = 0
  }

  /// What one iteration brought.
  package struct Step: Sendable {
    package let loss: Loss
    /// The gradient's norm over all weights that are trained, before clipping.
    package let gradientNorm: Double
    package let isClipped: Bool
    package let rate: Double
    /// What this process or another one wants.
    package let wishes: TrainingWishes
  }

  /// A network that reads in reverse must not be asked for gradient checkpointing, and the weights must be 32-bit numbers.
  ///
  /// - Parameters:
  ///   - team: the processes that make the training together, all of them with the same network, options and batches.
  ///   - sharesWeights: whether all take over the first one's weights after each update, which is needed only if the same sums are not
  ///     the same bits on their machines.
  package convenience init(
    _ network: Network, options: TrainingOptions, machine: Machine, team: any Communicator = OneProcess(),
    sharesWeights: Bool = false
  ) {
    self.init(network, options: options, machine: machine, team: team, sharesWeights: sharesWeights, states: [])
  }

  private init(
    _ network: Network, options: TrainingOptions, machine: Machine, team: any Communicator, sharesWeights: Bool,
    states: [[[Float]]]
  ) {
    do throws(RecurrentError) { try network.checkTrains(as: "the network") } catch { fatalError("\(error)") }
    self.options = options
    self.network = network
    self.machine = machine
    progress = Progress(learningRate: options.learningRate)
    runner = NetworkRunner(
      network, machine: machine, trains: true, regularization: options.regularization,
      checkpointsGradients: options.checkpointsGradients)
    runner.carriedStates = team.size == 1 ? states : []
    self.team = team
    self.sharesWeights = sharesWeights
    shared = team.size == 1 ? nil : SharedBatches(runner, of: network, with: team, states: states)
    optimizer = OptimizerState(options.optimizer, count: network.parameters.count)
    gradient = FloatBuffer(count: team.size == 1 ? network.parameters.count : 0)
    let trained = network.layout.trained(without: options.frozen ?? [])
    self.trained = trained
    decaying = network.layout.matrices.filter { matrix in trained.contains { $0.contains(matrix.lowerBound) } }
  }

  /// Goes on where a training was when `checkpoint` was taken.
  package convenience init(
    _ checkpoint: Checkpoint, machine: Machine, team: any Communicator = OneProcess(), sharesWeights: Bool = false
  ) {
    self.init(
      checkpoint.network, options: checkpoint.options, machine: machine, team: team, sharesWeights: sharesWeights,
      states: checkpoint.carriedStates)
    progress = checkpoint.progress
    optimizer.moments = checkpoint.moments
  }

  /// All that a later training needs to go on as if this one had never stopped. All processes ask for it together; the first one gets
  /// the whole.
  ///
  /// - Throws: ``RecurrentError`` if a process has failed.
  package func checkpoint() throws(RecurrentError) -> Checkpoint {
    let states = if let shared { try shared.gatheredStates() } else { runner.carriedStates }
    return Checkpoint(network: network, options: options, progress: progress, moments: optimizer.moments, carriedStates: states)
  }

  /// What the next batch of `source` will keep for its backward run, of several processes in this one.
  package func plannedMemory(of source: some BatchSource) -> BatchMemory {
    let batch = batch(of: source)
    return shared?.plannedMemory(of: batch) ?? runner.plannedMemory(batch.lengths, reading: batch.inputs)
  }

  /// The next batch, whose sequences belong to as many shards as the options say.
  private func batch(of source: some BatchSource) -> Batch {
    var batch = source.batch(at: progress.iteration)
    if let shards = options.shards { batch.lengths = batch.lengths.inShards(shards) }
    return batch
  }

  /// Trains on the next batch of `source`, which must not go on from the one before if the network needs whole sequences.
  ///
  /// - Parameter wishes: what this process wants beside, asked once it has run its part of the batch.
  /// - Throws: ``RecurrentError`` if the batch doesn't fit the network, a process has failed, or the loss, a gradient or a new weight is not a number or
  ///   infinite. Nothing has changed if it is the loss or a gradient; after a new weight there is nothing to go on with but an earlier checkpoint.
  @discardableResult
  package func step(
    on source: some BatchSource, wishes: () -> TrainingWishes = { TrainingWishes() }
  ) throws(RecurrentError) -> Step {
    let iteration = progress.iteration
    let batch = batch(of: source)
    let continues = source.continues(at: iteration)
    ensure(
      !continues || !network.architecture.needsWholeSequences, "a network that needs whole sequences has no states to go on from")
    let statesBefore = runner.carriedStates
    // Dropout draws from a stream of its own for each iteration, so that no state needs to be saved.
    var random = Random(.iteration, iteration, seed: options.seed)
    let seed = random.next()
    let loss: Loss
    var agreed: TrainingWishes?
    if let shared {
      (loss, agreed) = try shared.run(batch, continues: continues, seed: seed, wishes: wishes)
    } else {
      loss = try runner.run(
        batch.inputs, lengths: batch.lengths, targets: batch.targets, carriesStates: continues, gradients: gradient.base,
        seed: seed
      )
    }
    let gradients = shared?.gradient ?? gradient.base
    let squares = trained.reduce(0) { $0 + machine.instructionSet.sumOfSquares(gradients + $1.lowerBound, count: $1.count) }
    let norm = squares.squareRoot()
    guard loss.sum.isFinite && norm.isFinite else {
      let time = "at iteration \(iteration + 1)"
      if let shared { throw try shared.divergence(continues: continues, seed: seed, time: time) }
      throw runner.divergence(
        of: batch, continues: continues, from: statesBefore, loss: loss.mean, gradients: gradient, seed: seed, time: time)
    }
    if let first = progress.firstLoss {
      guard loss.mean <= Self.largestGrowth * max(1, first) else {
        throw RecurrentError(lossOfIteration: iteration + 1, grewTo: loss.mean, from: first)
      }
    } else if loss.count > 0 {
      progress.firstLoss = loss.mean
    }
    let isClipped = options.clip.map { norm > $0 } ?? false
    if let clip = options.clip, isClipped {
      for range in trained {
        machine.instructionSet.scale(gradients + range.lowerBound, by: Float(clip / norm), count: range.count)
      }
    }
    let rate = progress.learningRate.rate(at: iteration, of: options.iterations)
    progress.iteration += 1
    decay(by: rate * (options.optimizer.weightDecay + options.regularization.weightDecay))
    optimizer.update(
      &network.parameters, in: trained, gradient: gradients, rate: rate, step: progress.iteration, on: machine)
    if sharesWeights { network.parameters = try team.broadcast(network.parameters, count: network.parameters.count) }
    if let error = RecurrentError(
      updateOf: progress.iteration, left: network.parameters, of: network.layout, network.architecture)
    {
      throw error
    }
    runner.load(network.parameters)
    return Step(loss: loss, gradientNorm: norm, isClipped: isClipped, rate: rate, wishes: agreed ?? wishes())
  }

  /// How many times as large as the first batch's a loss may become: what learns does not come near it, and what has grown by more
  /// does not come back.
  static let largestGrowth = 1e6

  /// Subtracts a fraction of itself from each weight of the matrices that are trained.
  private func decay(by fraction: Double) {
    if fraction == 0 { return }
    let (matrices, fraction) = (decaying, Float(fraction))
    network.parameters.withUnsafeMutableBufferPointer { weights in
      guard let base = weights.baseAddress else { return }
      nonisolated(unsafe) let weights = base
      for range in matrices {
        machine.forEachPart(of: range.count, grain: 1 << 15) { part in
          for place in part { weights[range.lowerBound + place] -= fraction * weights[range.lowerBound + place] }
        }
      }
    }
  }

  /// The loss over all of `source`, with the weights as they are.
  ///
  /// - Throws: ``RecurrentError`` if a batch doesn't fit the network, or the loss is not a number or infinite.
  package func evaluate(_ source: some BatchSource) throws(RecurrentError) -> Loss {
    let runner = NetworkRunner(network, machine: machine, trains: false)
    var total = Loss()
    for index in 0..<(source.iterationsPerEpoch ?? 1) {
      total += try validated(source.batch(at: index), continues: source.continues(at: index), by: runner)
    }
    return total
  }

  /// The loss of a batch, or of a part of one.
  ///
  /// - Throws: ``RecurrentError`` if it doesn't fit the network, or the loss is not a number or infinite.
  func validated(
    _ batch: Batch, continues: Bool, by runner: NetworkRunner, whole: BatchTotals? = nil
  ) throws(RecurrentError) -> Loss {
    let states = runner.carriedStates
    let loss = try runner.run(
      batch.inputs, lengths: batch.lengths, targets: batch.targets, carriesStates: continues, whole: whole)
    guard loss.sum.isFinite else {
      throw runner.divergence(
        of: batch, continues: continues, from: states, loss: loss.mean, gradients: nil, seed: nil,
        time: "in the validation after iteration \(progress.iteration)")
    }
    return loss
  }

  /// Takes in the loss of a validation, on which the learning rate may depend, and the score of the weights if there is one, which then says
  /// which are the best.
  ///
  /// - Returns: whether it is the best so far.
  package func record(validation loss: Double, score: Double? = nil) -> Bool {
    progress.learningRate.record(validation: loss)
    return progress.best.record(loss, score: score)
  }

  /// Whether all iterations are done, or the patience is at its end.
  package var isOver: Bool {
    progress.iteration >= options.iterations || options.patience.map { progress.best.validationsSince >= $0 } ?? false
  }

  /// Counts an iteration in the log's sums.
  ///
  /// - Returns: a record of the segment since the last one if one is due: every hundred iterations, with each validation,
  ///   and at the end.
  func record(
    _ step: Step, seconds: Double, validation: Double?, score: Double?, watch: TrainingWatch?, source: some BatchSource
  ) -> TrainingRecord? {
    progress.seconds += seconds
    progress.segment.loss += step.loss.sum
    progress.segment.count += step.loss.count
    progress.segment.steps += source.stepsPerBatch
    progress.segment.seconds += seconds
    progress.segment.iterations += 1
    progress.segment.clips += step.isClipped ? 1 : 0
    guard validation != nil || watch != nil || progress.iteration % 100 == 0 || isOver else { return nil }
    let segment = progress.segment
    progress.segment = Segment()
    return TrainingRecord(
      iteration: progress.iteration, epoch: source.iterationsPerEpoch.map { Double(progress.iteration) / Double($0) },
      loss: Loss(sum: segment.loss, count: segment.count).mean, validation: validation, score: score, rate: step.rate,
      gradientNorm: step.gradientNorm, clipped: Double(segment.clips) / Double(segment.iterations),
      tokensPerSecond: Double(segment.steps) / max(segment.seconds, 1e-9), seconds: progress.seconds, watch: watch)
  }
}
