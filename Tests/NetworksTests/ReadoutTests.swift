import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

/// Networks that give one row for each sequence. That their gradients are right is held where those of all networks are.
struct ReadoutTests {
  static let kinds: [Architecture.Readout] = [.last, .mean, .max]

  /// To the bit: what is read out depends on no other sequence, and each is run as it is alone.
  @Test(arguments: GradientTests.readouts)
  func aPackedBatchIsEachSequenceAlone(_ each: NetworkCase) throws {
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    let runner = NetworkRunner(network, machine: try Machine(threads: 2), trains: false)
    let together = try runner.outputs(batch.inputs, lengths: batch.lengths)
    let width = network.architecture.outputWidth
    #expect(together.count == batch.lengths.batch * width)
    // Each number is rounded as often as `roundings` counts, in an order that may depend on the batch.
    let bound = Float(2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24)
    for (sequence, length) in batch.lengths.perSequence.enumerated() {
      let own = batch.inputs.rows(of: sequence, in: batch.lengths)
      let alone = try runner.outputs(own, lengths: PackedLengths(steps: length, batch: 1))
      #expect(alone.count == width)
      #expect(zip(alone, together[(sequence * width)...]).allSatisfy { abs($0 - $1) <= bound })
    }
  }

  /// A stream gives at each step what a run over the steps so far gives.
  @Test(arguments: kinds, [Architecture.Output.lastLayer, .values(3)])
  func aStreamReadsOutTheStepsSoFar(readout: Architecture.Readout, output: Architecture.Output) throws {
    // A layer above begins anew at each step, even if it has a memory.
    let architecture = Architecture(
      input: .features(3), layers: [.init(.lstm, units: 5), .init(.gru, units: 4)], readout: readout,
      headLayers: output == .lastLayer ? [.init(.rnn, units: 3), .init(.lstm, units: 2)] : [], output: output)
    let network = try Network(architecture, seed: 2)
    let batch = NetworkCase(testDescription: "", lengths: [7]).batch(network, seed: 1)
    let features = try #require(batch.inputs.numbers)
    let machine = try Machine(threads: 1)
    let runner = NetworkRunner(network, machine: machine, trains: false)
    let stream = try StreamingNetwork(network, machine: machine).stream()
    let bound = Float(2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24)
    for _ in 0..<2 {
      for step in 0..<7 {
        let given = stream.step(Array(features[step * 3..<(step + 1) * 3]))
        let whole = try runner.outputs(
          .features(Array(features[..<(3 * (step + 1))])), lengths: PackedLengths(steps: step + 1, batch: 1))
        #expect(given.count == whole.count && zip(given, whole).allSatisfy { abs($0 - $1) <= bound })
      }
      stream.reset()
    }
  }

  /// What is read out, by hand: of a network without a head, from what it gives at each step.
  @Test(arguments: kinds)
  func itIsMadeOfTheSteps(readout: Architecture.Readout) throws {
    let layers: [Architecture.Layer] = [.init(.gru, units: 3)]
    let each = NetworkCase(testDescription: "", output: .lastLayer, lengths: [4, 2, 0], readout: readout, layers: layers)
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    let steps = try Network(
      Architecture(input: network.architecture.input, layers: layers, output: .lastLayer)
    ) { _ in network.parameters }
    let machine = try Machine(threads: 1)
    let rows = try NetworkRunner(steps, machine: machine, trains: false).outputs(batch.inputs, lengths: batch.lengths)
    let found = try NetworkRunner(network, machine: machine, trains: false).outputs(batch.inputs, lengths: batch.lengths)
    let expected = [4, 2, 0].enumerated().flatMap { sequence, length in
      (0..<3).map { column -> Float in
        let values = (0..<length).map { rows[batch.lengths.row(step: $0, sequence: sequence) * 3 + column] }
        return switch readout {
        case .everyStep, .last: values.last ?? 0
        case .mean: values.isEmpty ? 0 : values.reduce(0, +) / Float(values.count)
        case .max: values.max() ?? 0
        }
      }
    }
    #expect(found == expected)
  }

  /// The gradient that somebody gives of what is read out, against that of a loss with the same gradient.
  @Test(arguments: GradientTests.readouts.filter { $0.output == .lastLayer })
  func givenGradientsGoTheSameWay(_ each: NetworkCase) throws {
    let network = try each.network()
    let batch = each.batch(network, seed: 1)
    guard case .values(let targets, _) = batch.targets else {
      Issue.record("expected values")
      return
    }
    let machine = try Machine(threads: 1)
    let runner = NetworkRunner(network, machine: machine, trains: true)
    var expected = [Float](repeating: 0, count: network.layout.count)
    _ = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &expected)
    let outputs = try runner.outputs(batch.inputs, lengths: batch.lengths)
    // That of the mean of (y - t)² over the sequences and their outputs.
    let scale = 1 / Float(batch.lengths.batch)
    let width = Float(network.architecture.outputWidth)
    let given = zip(outputs, targets).map { 2 * ($0 - $1) * scale / width }
    let found = try runner.gradients(batch.inputs, lengths: batch.lengths, outputs: given)
    #expect(found.weights == expected)
  }

  @Test func layersAboveNeedSomethingThatIsReadOut() throws {
    let layers: [Architecture.Layer] = [.init(.rnn, units: 2)]
    let every = #expect(throws: RecurrentError.self) {
      try Network(Architecture(input: .features(1), layers: layers, headLayers: layers, output: .values(1)))
    }
    #expect(every?.description == "there are layers above what is read out, but each step is: put them among the other layers")
    let reverse = [Architecture.Layer(.rnn, units: 2, direction: .reverse)]
    let turned = #expect(throws: RecurrentError.self) {
      try Network(Architecture(input: .features(1), layers: layers, readout: .last, headLayers: reverse, output: .values(1)))
    }
    #expect(turned?.description.contains("let it read forward") == true)
  }

  @Test func targetsAreOneForEachSequence() throws {
    let network = try Network(input: .features(1), layers: [.init(.rnn, units: 1)], readout: .last, output: .classes(2))
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    let error = #expect(throws: RecurrentError.self) {
      try runner.run(.features([1, 2]), lengths: PackedLengths(steps: 2, batch: 1), targets: .classes([0, 1]))
    }
    #expect(error?.description == "the batch has 2 targets for 1 rows")
  }
}

extension Batch.Inputs {
  /// The rows of one sequence.
  fileprivate func rows(of sequence: Int, in lengths: PackedLengths) -> Self {
    let rows = (0..<lengths.perSequence[sequence]).map { lengths.row(step: $0, sequence: sequence) }
    return taking(rows, of: lengths.rows)
  }
}
