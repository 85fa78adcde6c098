import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

/// Networks whose layers read something else than the layer below. That their gradients are right, and those of segments, is held where
/// those of all networks are.
struct BranchingTests {
  private func outputs(_ network: Network, _ batch: Batch, threads: Int = 2) throws -> [Float] {
    try NetworkRunner(network, machine: try Machine(threads: threads), trains: false)
      .outputs(batch.inputs, lengths: batch.lengths)
  }

  /// A chain that says what it reads is the chain that does not, to the bit, with dropout and penalties.
  @Test(arguments: [Architecture.Readout.everyStep, .last, .mean])
  func aChainThatSaysWhatItReadsIsTheSame(readout: Architecture.Readout) throws {
    var plain = NetworkCase(
      testDescription: "", lengths: [6, 4, 4, 1], readout: readout,
      layers: [.init(.lstm, units: 5), .init(.gru, units: 4, direction: .bidirectional(.sum)), .init(.rnn, units: 4)])
    plain.regularization = Regularization(dropout: 0.2, inputDropout: 0.1, activationPenalty: 1, temporalPenalty: 2)
    var said = plain
    for (index, name) in ["a", "b", "c"].enumerated() { said.layers[index].name = name }
    said.layers[0].reads = .input
    said.layers[1].reads = .layer("a")
    said.layers[2].reads = .layer("b")
    said.top = .layer("c")
    func gradient(_ each: NetworkCase) throws -> [UInt32] {
      let network = try each.network()
      let batch = each.batch(network, seed: 1)
      let runner = NetworkRunner(
        network, machine: try Machine(threads: 2), trains: true, regularization: each.regularization)
      var gradient = [Float](repeating: 0, count: network.parameters.count)
      let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient, seed: 9)
      return [Float(loss.mean).bitPattern] + gradient.map(\.bitPattern)
    }
    #expect(try gradient(said) == gradient(plain))
  }

  /// A residual block whose branch gives zeros gives what it reads, to the bit.
  @Test(arguments: [Architecture.Readout.everyStep, .last])
  func aBlockWithAZeroBranchIsTheIdentity(readout: Architecture.Readout) throws {
    var network = try Network(
      Architecture(
        input: .features(3), layers: [.init(.gru, units: 3, name: "a"), .init(.lstm, units: 3, name: "b")],
        top: .sum([.input, .layer("b")]), readout: readout, output: .lastLayer), seed: 1)
    network.parameters = network.parameters.map { _ in 0 }
    let batch = NetworkCase(testDescription: "", lengths: [5, 3]).batch(network, seed: 1)
    let read = try #require(batch.inputs.numbers)
    if readout == .everyStep {
      #expect(try outputs(network, batch) == read)
    } else {
      let lasts = batch.lengths.perSequence.enumerated().flatMap { sequence, length in
        let row = batch.lengths.row(step: length - 1, sequence: sequence)
        return read[row * 3..<(row + 1) * 3]
      }
      #expect(try outputs(network, batch) == lasts)
    }
  }

  /// Each number is rounded as often as `roundings` counts, in an order that may depend on the batch.
  @Test(arguments: NetworkCase.branching)
  func aPackedBatchIsEachSequenceAlone(_ each: NetworkCase) throws {
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    let together = try outputs(network, batch)
    let width = network.architecture.outputWidth
    let bound = Float(2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24)
    for (sequence, length) in batch.lengths.perSequence.enumerated() {
      let rows = (0..<length).map { batch.lengths.row(step: $0, sequence: sequence) }
      let own = batch.inputs.taking(rows, of: batch.lengths.rows)
      let alone = try NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
        .outputs(own, lengths: PackedLengths(steps: length, batch: 1))
      let places = each.readout == .everyStep ? rows : [sequence]
      let expected = places.flatMap { together[$0 * width..<($0 + 1) * width] }
      #expect(expected.count == alone.count && zip(expected, alone).allSatisfy { abs($0 - $1) <= bound })
    }
  }

  /// A stream gives at each step what a run over the steps so far gives, after a reset, too, and a copy goes on from there.
  @Test(arguments: NetworkCase.branching.filter { !$0.readsInReverse })
  func aStreamIsARunStepByStep(_ each: NetworkCase) throws {
    let network = try each.network()
    let batch = NetworkCase(testDescription: "", lengths: [6]).batch(network, seed: 1)
    let machine = try Machine(threads: 1)
    let runner = NetworkRunner(network, machine: machine, trains: false)
    var stream = try StreamingNetwork(network, machine: machine).stream()
    let bound = Float(2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24)
    for _ in 0..<2 {
      for step in 0..<6 {
        if step == 3 { stream = stream.copy() }
        let given: [Float]
        if let symbols = (batch.inputs.parts[0] as? SymbolRows)?.symbols {
          given = stream.step(Int(symbols[step]))
        } else {
          let features = try #require(batch.inputs.numbers)
          given = stream.step(Array(features[step * 3..<(step + 1) * 3]))
        }
        let sofar = try runner.outputs(
          batch.inputs.taking(Array(0...step), of: 6), lengths: PackedLengths(steps: step + 1, batch: 1))
        let last = sofar.suffix(network.architecture.outputWidth)
        #expect(given.count == last.count && zip(given, last).allSatisfy { abs($0 - $1) <= bound })
      }
      stream.reset()
    }
  }

  /// Wide enough that the rows of sums, products and concatenations are shared by threads.
  @Test(arguments: [Architecture.Readout.everyStep, .last, .mean])
  func theNumberOfThreadsDoesNotShow(readout: Architecture.Readout) throws {
    let network = try Network(
      Architecture(
        input: .features(24),
        layers: [
          .init(.lstm, units: 24, name: "a"), .init(.gru, units: 24, name: "b", reads: .sum([.input, .layer("a")])),
          .init(.gru, units: 24, direction: .bidirectional(.average), name: "c", reads: .concatenation([.input, .layer("b")])),
        ], top: .sum([.product([.layer("a"), .layer("c")]), .layer("b"), .input]), readout: readout, output: .values(2)), seed: 4)
    let batch = NetworkCase(testDescription: "", lengths: (0..<19).map { 90 - 4 * $0 }).batch(network, seed: 6)
    func run(_ threads: Int) throws -> [UInt32] {
      let runner = NetworkRunner(
        network, machine: try Machine(threads: threads), trains: true,
        regularization: .init(dropout: 0.2, inputDropout: 0.1, activationPenalty: 1, temporalPenalty: 1))
      var gradient = [Float](repeating: 0, count: network.parameters.count)
      let loss = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient, seed: 3)
      return [Float(loss.mean).bitPattern] + gradient.map(\.bitPattern)
    }
    let one = try run(1)
    for threads in [2, 3, 16] { #expect(try run(threads) == one, "\(threads) threads") }
  }

  /// A sum that several layers read is made once.
  @Test func whatSeveralReadIsMadeOnce() throws {
    let sum = Architecture.Reading.sum([.input, .layer("a")])
    let network = try Network(
      Architecture(
        input: .features(3),
        layers: [
          .init(.gru, units: 3, name: "a"), .init(.gru, units: 3, name: "b", reads: sum),
          .init(.gru, units: 3, name: "c", reads: sum),
        ], top: .concatenation([.layer("b"), .layer("c"), sum]), output: .values(1)))
    #expect(
      network.graph.nodes.map(\.name) == ["the input", "layer 1", "x + a", "layer 2", "layer 3", "[b, c, x + a]", "the output"])
    #expect(network.layout["output.weight"]?.shape == [1, 9])
  }
}
