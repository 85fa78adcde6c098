import CellCompiler
import CellLanguage
import Engine
import Foundation
import Networks
import Sequences
import Testing

struct StreamTests {
  /// Each step of a stream gives what a run over the whole sequence gives there, for every cell, two layers of it.
  ///
  /// Both round each number as often as `roundings` counts, in different orders, so they are twice that apart at most;
  /// logits here are of order 1, and softmax makes no difference larger.
  @Test(arguments: Cell.library.filter { $0.memory == nil })
  func aStreamIsARunStepByStep(cell: Cell) throws {
    let network = try Network(
      input: .features(of: cell, cell.dimensions(inputs: 6, units: 6)), layers: [.init(cell, units: 6), .init(cell, units: 6)],
      output: .classes(4), seed: 2)
    let batch = NetworkCase(testDescription: "", lengths: [9]).batch(network, seed: 1)
    let machine = try Machine(threads: 1)
    let runner = NetworkRunner(network, machine: machine, trains: false)
    let expected = try runner.outputs(batch.inputs, lengths: batch.lengths)
    let parts = batch.inputs.parts.compactMap { ($0 as? NumberRows)?.values }
    let stream = try StreamingNetwork(network, machine: machine).stream()
    let bound = 2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24
    for step in 0..<9 {
      let given = stream.step(parts.flatMap { $0[step * $0.count / 9..<(step + 1) * $0.count / 9] })
      let logits = stream.logits.map(Double.init)
      let sum = logits.reduce(0) { $0 + exp($1) }
      for index in 0..<4 {
        #expect(abs(Double(given[index] - expected[step * 4 + index])) <= bound)
        #expect(abs(exp(logits[index]) / sum - Double(expected[step * 4 + index])) <= bound)
      }
    }
    for (layer, states) in runner.carriedStates.enumerated() {
      for (state, values) in states.enumerated() {
        let largest = values.reduce(1) { max($0, abs($1)) }
        #expect(zip(stream.state(state, ofLayer: layer), values).allSatisfy { abs($0 - $1) <= Float(bound) * largest })
      }
    }
  }

  /// What the first layer reads and what the output reads beside the layers are the same row.
  @Test func aStreamOfAnOutputThatReadsTheInputIsARunStepByStep() throws {
    let network = try Network(
      Architecture(
        input: .features(3), layers: [.init(.lstm, units: 4), .init(.gru, units: 5)], output: .values(2), outputReadsInput: true),
      seed: 2)
    #expect(network.layout["output.weight"]?.shape == [2, 8])
    let batch = NetworkCase(testDescription: "", lengths: [9]).batch(network, seed: 1)
    let machine = try Machine(threads: 1)
    let expected = try NetworkRunner(network, machine: machine, trains: false).outputs(batch.inputs, lengths: batch.lengths)
    let features = try #require(batch.inputs.numbers)
    let stream = try StreamingNetwork(network, machine: machine).stream()
    let bound = 2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24
    for step in 0..<9 {
      let given = stream.step(Array(features[step * 3..<(step + 1) * 3]))
      for index in 0..<2 { #expect(abs(Double(given[index] - expected[step * 2 + index])) <= bound) }
    }
  }

  @Test(arguments: [nil, 3] as [Int?])
  func symbolsAreReadAsRunsReadThem(embedding: Int?) throws {
    let network = try Network(
      input: .tokens(GradientTests.letters, embedding: embedding), layers: [.init(.gru, units: 5)], output: .categorical, seed: 2)
    let tokens: [Int32] = [4, 0, 0, 3]
    let machine = try Machine(threads: 1)
    let lengths = PackedLengths(steps: 4, batch: 1)
    let expected = try NetworkRunner(network, machine: machine, trains: false).outputs(.tokens(tokens), lengths: lengths)
    let stream = try StreamingNetwork(network, machine: machine).stream()
    let batch = Batch(lengths: lengths, inputs: .tokens(tokens), targets: .classes([0, 0, 0, 0]))
    let bound = 2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24
    for (step, token) in tokens.enumerated() {
      let given = stream.step(Int(token))
      for index in 0..<5 { #expect(abs(Double(given[index] - expected[step * 5 + index])) <= bound) }
    }
  }

  @Test func resetBeginsAnewAndStreamsAreIndependent() throws {
    let network = try Network(input: .features(2), layers: [.init(.lstm, units: 3)], output: .values(2), seed: 1)
    let weights = try StreamingNetwork(network, machine: try Machine(threads: 1))
    let (one, other) = (weights.stream(), weights.stream())
    let first = one.step([1, -1])
    let second = one.step([1, -1])
    #expect(first != second)
    #expect(other.step([1, -1]) == first)
    #expect(other.outputs == first)
    one.reset()
    #expect(one.outputs == [0, 0])
    #expect(one.state(1, ofLayer: 0) == [0, 0, 0])
    #expect(one.step([1, -1]) == first)
  }

  /// What a step gives does not depend on what was asked for before, nor on whether steps before were only read.
  @Test(arguments: [Architecture.Output.categorical, .values(3), .lastLayer])
  func whatIsGivenIsMadeWhenItIsAskedFor(output: Architecture.Output) throws {
    let architecture = Architecture(
      input: .tokens(GradientTests.letters, embedding: 3), layers: [.init(.gru, units: 5)], readout: .mean,
      headLayers: [.init(.lstm, units: 4)], output: output)
    let weights = try StreamingNetwork(Network(architecture, seed: 2))
    let (reader, stepper) = (weights.stream(), weights.stream())
    reader.read([4, 0, 0, 3])
    for token in [4, 0, 0, 3] { stepper.step(token) }
    let outputs = reader.outputs
    #expect(outputs == stepper.outputs)
    #expect(reader.logits == stepper.logits)
    #expect(reader.outputs == outputs)
    let isClassifying = output == .categorical
    #expect((reader.logits == outputs) == !isClassifying)
    if isClassifying {
      #expect(reader.probabilities == outputs)
      // Five numbers below 1, each rounded once more than their sum is away from 1.
      #expect(abs(outputs.reduce(0, +) - 1) <= 10 * 0x1p-24)
    }
  }

  /// Truncated backpropagation's carried states: two windows are one long sequence.
  @Test func carriedStatesGoOn() throws {
    let network = try Network(
      input: .features(2), layers: [.init(.lstm, units: 3), .init(.gru, units: 4)], output: .values(2), seed: 1)
    let whole = NetworkCase(testDescription: "", lengths: [8, 8]).batch(network, seed: 1)
    let values = try #require(whole.inputs.numbers)
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    let expected = try runner.outputs(whole.inputs, lengths: whole.lengths)
    let half = PackedLengths(steps: 4, batch: 2)
    let first = try runner.outputs(.features(Array(values[..<16])), lengths: half)
    let second = try runner.outputs(.features(Array(values[16...])), lengths: half, carriesStates: true)
    #expect(first + second == expected)
    #expect(try runner.outputs(.features(Array(values[16...])), lengths: half) != second)
  }
}
