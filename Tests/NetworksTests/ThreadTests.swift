import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

/// A training's numbers are the same bits with any number of threads.
struct ThreadTests {
  private struct Result: Equatable {
    let loss: Double
    let gradient: [UInt32]
    let states: [[[Float]]]
  }

  private static let everything = Regularization(
    dropout: 0.2, inputDropout: 0.1, recurrentDropout: 0.25, weightDrop: 0.2, embeddingDropout: 0.1, activationPenalty: 1,
    temporalPenalty: 1, labelSmoothing: 0.1)

  private func run(_ network: Network, _ batch: Batch, threads: Int, segmentRows: Int? = nil) throws -> Result {
    let runner = NetworkRunner(
      network, machine: try Machine(threads: threads), trains: true, regularization: Self.everything,
      checkpointsGradients: segmentRows != nil)
    if let segmentRows { runner.segmentRows = segmentRows }
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient, seed: 3)
    return Result(loss: loss.mean, gradient: gradient.map(\.bitPattern), states: runner.carriedStates)
  }

  /// Sequences of several lengths, more than there are shards, so many rows that threads share the head and the layers.
  private static let lengths = (0..<19).map { 40 - 2 * $0 }

  @Test(arguments: Cell.library.filter { $0.inputs.count == 1 && $0.memory == nil }.map(\.name))
  func theNumberOfThreadsDoesNotShow(name: String) throws {
    let cell = try Cell.named(name)
    let zoned = cell.states.count > 1 ? cell.zoningOut([cell.states[0].name: 0.1]) : cell
    let network = try Network(
      input: .tokens(.bytes, embedding: 16), layers: [.init(zoned, units: 32, learnsInitialStates: true)], output: .categorical,
      seed: 2)
    let batch = NetworkCase(testDescription: "", lengths: Self.lengths).batch(network, seed: 5)
    let one = try run(network, batch, threads: 1)
    #expect(one.loss.isFinite)
    for threads in [2, 3, 16] { #expect(try run(network, batch, threads: threads) == one, "\(threads) threads") }
  }

  /// Nor does it where whole sequences are read out of two layers that read both ways, with a layer between them and the head.
  @Test(arguments: [Architecture.Readout.last, .mean, .max])
  func norDoesItInNetworksThatReadOutSequences(readout: Architecture.Readout) throws {
    let network = try Network(
      Architecture(
        input: .features(7),
        layers: [
          .init(.lstm, units: 24, direction: .bidirectional(.concatenate)),
          .init(.gru, units: 24, direction: .bidirectional(.sum)),
        ], readout: readout, headLayers: [.init(.rnn, units: 33)], output: .distribution(.studentT, targets: 3)), seed: 4)
    let batch = NetworkCase(testDescription: "", lengths: Self.lengths).batch(network, seed: 6)
    let one = try run(network, batch, threads: 1)
    for threads in [2, 5] { #expect(try run(network, batch, threads: threads) == one, "\(threads) threads") }
  }

  /// Gradient checkpointing and threads together: the weights' gradient is that of all steps at once on one thread.
  @Test func segmentsDoNotShowEither() throws {
    let network = try Network(
      input: .tokens(.bytes, embedding: 16), layers: [.init(.lstm, units: 32), .init(.gru, units: 32)], output: .categorical,
      seed: 2)
    let batch = NetworkCase(testDescription: "", lengths: Self.lengths).batch(network, seed: 5)
    let one = try run(network, batch, threads: 1)
    for threads in [1, 3] {
      #expect(try run(network, batch, threads: threads, segmentRows: 1).gradient == one.gradient, "\(threads) threads")
    }
  }
}
