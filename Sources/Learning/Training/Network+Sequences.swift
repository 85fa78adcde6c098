public import Engine
public import Networks
import Support

extension Network {
  /// Trains the network on sequences of numbers in memory: to give other numbers for them, by the mean squared error.
  ///
  ///     var network = try Network(input: .features(1), layers: [.init(.lstm, units: 16)], output: .values(1))
  ///     try network.train(on: recorded, targets: wanted, epochs: 50) { print($0.iteration, $0.loss) }
  ///     print(try network.outputs(for: recorded[0]))
  ///
  /// - Parameters:
  ///   - sequences: what is read, `[B][T][features]`; the sequences may have different lengths.
  ///   - targets: what is to be given for each sequence, `[T][outputs]`, or `[1][outputs]` where the network reads out whole
  ///     sequences.
  ///   - epochs: how often the sequences are gone through, each time in another order.
  ///   - batch: sequences that are trained on at once.
  ///   - learningRate: of Adam.
  ///   - heldOut: the fraction of the sequences, the last ones, that is not trained on; the network keeps the weights with which
  ///     it does best on these. With 0 it keeps the last weights.
  ///   - seed: the same seed gives the same weights.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  /// - Throws: ``RecurrentError`` if the network reads or gives something else than such numbers, a sequence and its targets are
  ///   not as long or as wide as it needs, a setting makes no sense, or a number is no longer finite. The network is then as it
  ///   was.
  public mutating func train(
    on sequences: [[[Float]]], targets: [[[Float]]], epochs: Double = 10, batch: Int = 32, learningRate: Double = 0.002,
    heldOut: Double = 0, seed: UInt64 = 0, machine: Machine? = nil, progress: (TrainingProgress) -> Void = { _ in }
  ) throws {
    try check(sequences, targets)
    let parts = try HeldOut(heldOut, of: sequences.count, batch: batch)
    let perSequence = architecture.readout != .everyStep
    func source(_ range: Range<Int>, seed: UInt64?) -> NumberSource {
      NumberSource(
        Array(sequences[range]), targets: Array(targets[range]), readsOutSequences: perSequence, batch: batch, seed: seed)
    }
    let training = source(parts.training, seed: seed)
    let validation = parts.validation.map { source($0, seed: nil) }
    let options = try TrainingOptions(
      epochs: epochs, of: training.iterationsPerEpoch ?? 1, learningRate: learningRate, seed: seed)
    try train(on: training, validation: validation, options: options, machine: machine, progress: progress)
  }

  /// - Throws: ``RecurrentError`` if the sequences or their targets are not such as the network reads and gives.
  private func check(_ sequences: [[[Float]]], _ targets: [[[Float]]]) throws(RecurrentError) {
    guard let features = architecture.features, let outputs = architecture.values else {
      throw RecurrentError(
        .network,
        "arrays of numbers train networks that read `.features` and give `.values`: this one reads or gives something else")
    }
    guard sequences.count == targets.count else {
      throw RecurrentError(
        .shape, "there are \(sequences.count) sequences and targets for \(targets.count): give those of each sequence")
    }
    for (number, (sequence, target)) in zip(sequences, targets).enumerated() {
      let rows = architecture.readout == .everyStep ? sequence.count : 1
      guard !sequence.isEmpty, target.count == rows else {
        throw RecurrentError(
          .shape,
          "sequence \(number), counted from 0, has \(sequence.count) steps and targets for \(target.count); the network needs "
            + (architecture.readout == .everyStep ? "one row of targets for each step" : "one row of targets for a sequence"))
      }
      if let wrong = sequence.first(where: { $0.count != features }) {
        throw RecurrentError(
          .shape,
          "sequence \(number), counted from 0, has a step with \(wrong.count) numbers; the network reads \(features) at each step"
        )
      }
      if let wrong = target.first(where: { $0.count != outputs }) {
        throw RecurrentError(
          .shape, "sequence \(number), counted from 0, has \(wrong.count) target numbers in a row; the network gives \(outputs)")
      }
    }
  }
}
