import CellCompiler
import CellLanguage
import Engine
import Networks
import Sequences
import Testing

/// What is planned for a batch's steps is what is allocated for them.
struct MemoryTests {
  private static let reversed: [NetworkCase] = {
    let readouts = (GradientTests.readouts + NetworkCase.contexts).filter { $0.direction != .forward }
    return GradientTests.reversed + readouts + NetworkCase.words.prefix(1) + NetworkCase.branching.filter(\.readsInReverse)
  }()

  private static let forward: [NetworkCase] = {
    let readouts =
      GradientTests.readouts + GradientTests.shortcuts + NetworkCase.contexts.prefix(3) + NetworkCase.memories.prefix(2)
    let branching = NetworkCase.branching.filter { !$0.readsInReverse }
    return GradientTests.cases + readouts.filter { $0.direction == .forward } + GradientTests.regularized.prefix(1)
      + NetworkCase.words.dropFirst() + branching
  }()

  @Test(arguments: reversed)
  func whatIsPlannedIsAllocatedForBothDirections(_ each: NetworkCase) throws {
    try whatIsPlannedIsAllocated(each, segmentRows: nil)
  }

  @Test(arguments: forward, [nil, 1, 500])
  func whatIsPlannedIsAllocated(_ each: NetworkCase, segmentRows: Int?) throws {
    var each = each
    if segmentRows == 500 {
      each.lengths = Array(repeating: 90, count: 31) + Array(repeating: 47, count: 19)
      each.sources = each.sources.isEmpty ? [] : (0..<50).map { each.sources[$0 % each.sources.count] }
    }
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    let runner = NetworkRunner(
      network, machine: try Machine(threads: 1), trains: true, regularization: each.whole,
      checkpointsGradients: segmentRows != nil)
    if let segmentRows { runner.segmentRows = segmentRows }
    let plan = runner.plannedMemory(batch.lengths, reading: batch.inputs)
    #expect((plan.stepsAtOnce < plan.steps) == (segmentRows != nil))
    let segments = (plan.steps + plan.stepsAtOnce - 1) / plan.stepsAtOnce
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    for _ in 0..<2 {
      _ = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient)
      #expect(runner.allocatedBytes + segments * runner.startBytes(sequences: batch.lengths.batch) == plan.bytes)
    }
  }

  /// An LSTM keeps four gates, two states and the cell state's tanh; the gates' gradients take the gates' place.
  @Test func anLSTMsRowTakesSevenNumbersAUnit() throws {
    let network = try Network(input: .features(3), layers: [.init(.lstm, units: 8)], output: .values(1))
    #expect(network.plans[0].trainingBytes == 4 * 7 * 8)
    #expect(network.plans[0].description.hasSuffix("until its step back is done: pre-activations 128, kept 32, states 64"))
  }

  /// Memory grows with the square root of the steps: a hundred times the steps, some ten times the memory. The sums of the
  /// gradient's eight shards, 8 · 2,048 · 1,024 floats, are there whatever the steps.
  @Test func longSequencesNeedLittle() throws {
    let network = try Network(
      input: .tokens(.bytes, embedding: 512), layers: [.init(.lstm, units: 512)], output: .categorical)
    let machine = try Machine(threads: 1)
    func bytes(steps: Int, checkpointsGradients: Bool) -> Int {
      NetworkRunner(network, machine: machine, trains: true, checkpointsGradients: checkpointsGradients)
        .plannedMemory(PackedLengths(steps: steps, batch: 32)).bytes
    }
    #expect(bytes(steps: 10_000, checkpointsGradients: true) < (100 << 20) + 8 * 4 * 2048 * 1024)
    #expect(bytes(steps: 10_000, checkpointsGradients: false) > 4 << 30)
    #expect(bytes(steps: 1_000_000, checkpointsGradients: true) < 11 * bytes(steps: 10_000, checkpointsGradients: true))
  }
}
