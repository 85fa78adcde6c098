import CellLanguage
import Engine
import Networks
import Sequences
import Testing

/// Runs that go through the steps in segments against runs that take all steps at once.
struct SegmentTests {
  private struct Result: Equatable {
    let gradient: [UInt32]
    let states: [[[Float]]]
    let loss: Double

    static func == (left: Result, right: Result) -> Bool { left.gradient == right.gradient && left.states == right.states }
  }

  /// - Parameter rows: of a segment; nil for all steps at once.
  private func train(
    _ network: Network, on batch: Batch, after before: Batch? = nil, threads: Int, _ regularization: Regularization, rows: Int?
  ) throws -> Result {
    let runner = NetworkRunner(
      network, machine: try Machine(threads: threads), trains: true, regularization: regularization,
      checkpointsGradients: rows != nil)
    if let rows { runner.segmentRows = rows }
    if let before { _ = try runner.run(before.inputs, lengths: before.lengths, targets: before.targets) }
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    let loss = try runner.run(
      batch.inputs, lengths: batch.lengths, targets: batch.targets, carriesStates: before != nil, gradients: &gradient, seed: 9)
    return Result(gradient: gradient.map(\.bitPattern), states: runner.carriedStates, loss: loss.mean)
  }

  /// The loss is a sum of rows in Double, in another order: each addition is off by half an ulp of the sum at most.
  private func expectSame(_ segmented: Result, _ whole: Result, rows: Int) {
    #expect(segmented == whole)
    #expect(abs(segmented.loss - whole.loss) <= Double(rows) * 0x1p-53 * abs(whole.loss))
    #expect(whole.gradient.contains { $0 != 0 })
  }

  /// Those that run a segment of steps at a time.
  private static let segmented: [NetworkCase] = {
    let forward =
      GradientTests.readouts + GradientTests.regularized + GradientTests.shortcuts + NetworkCase.contexts
      + NetworkCase.memories
    let branching = NetworkCase.branching.filter { !$0.readsInReverse }
    return GradientTests.cases + forward.filter { $0.direction == .forward } + branching + NetworkCase.words.dropFirst()
      + NetworkCase.named.dropLast()
  }()

  @Test(arguments: segmented)
  func theGradientIsThatOfAllStepsAtOnce(_ each: NetworkCase) throws {
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    let before = each.isCarried ? each.batch(network, seed: 2) : nil
    func train(rows: Int?) throws -> Result {
      try self.train(network, on: batch, after: before, threads: 2, each.whole, rows: rows)
    }
    try expectSame(train(rows: 1), train(rows: nil), rows: batch.lengths.rows)
  }

  /// Large enough that layers and head spread over the threads, and with an odd number of elements in each segment.
  @Test(arguments: [1, 2, 3])
  func soItIsOnSeveralThreads(threads: Int) throws {
    let network = try Network(
      input: .tokens(.bytes, embedding: 24), layers: [.init(.lstm, units: 41), .init(try .named("lstm-peephole"), units: 37)],
      output: .categorical, seed: 5)
    let lengths = Array(repeating: 50, count: 21) + Array(repeating: 17, count: 14)
    let batch = NetworkCase(testDescription: "", lengths: lengths).batch(network, seed: 6)
    func train(rows: Int?) throws -> Result {
      try self.train(network, on: batch, threads: threads, .init(dropout: 0.2), rows: rows)
    }
    try expectSame(train(rows: 1), train(rows: nil), rows: batch.lengths.rows)
    try expectSame(train(rows: 500), train(rows: nil), rows: batch.lengths.rows)
  }

  /// Masks of a sequence hold for all segments of its steps.
  @Test(arguments: [true, false])
  func soItIsWithAllThatTrainingSetsToZero(isVariational: Bool) throws {
    var each = NetworkCase(testDescription: "", lengths: [9, 9, 7, 1])
    each.cells = [.lstm, .gru]
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    let regularization = Regularization(
      dropout: 0.2, inputDropout: 0.3, isVariational: isVariational, recurrentDropout: 0.3, weightDrop: 0.4,
      activationPenalty: 1, temporalPenalty: 1)
    func train(rows: Int?) throws -> Result {
      try self.train(network, on: batch, threads: 2, regularization, rows: rows)
    }
    try expectSame(train(rows: 1), train(rows: nil), rows: batch.lengths.rows)
  }

  @Test(arguments: segmented)
  func evaluationsAreThoseOfAllStepsAtOnce(_ each: NetworkCase) throws {
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    func evaluate(rows: Int) throws -> (loss: Double, outputs: [Float], states: [[[Float]]]) {
      let runner = NetworkRunner(network, machine: try Machine(threads: 2), trains: false)
      runner.segmentRows = rows
      let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets)
      let states = runner.carriedStates
      return try (loss.mean, runner.outputs(batch.inputs, lengths: batch.lengths), states)
    }
    let (segmented, whole) = (try evaluate(rows: 1), try evaluate(rows: 1000))
    #expect(segmented.outputs == whole.outputs && segmented.states == whole.states)
    #expect(abs(segmented.loss - whole.loss) <= Double(batch.lengths.rows) * 0x1p-53 * abs(whole.loss))
  }
}
