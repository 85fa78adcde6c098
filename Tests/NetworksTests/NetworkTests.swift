import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

struct NetworkTests {
  @Test func weightsAreNamedAfterTheEquations() throws {
    let network = try Network(
      input: .tokens(GradientTests.letters, embedding: 3), layers: [.init(.rnn, units: 4), .init(.rnn, units: 2)],
      output: .categorical)
    let shapes = network.layout.entries.map { "\($0.name) \($0.shape)" }
    #expect(
      shapes == [
        "embedding.weight [5, 3]", "layers.0.W_x [4, 3]", "layers.0.W_h [4, 4]", "layers.0.b [4]", "layers.1.W_x [2, 4]",
        "layers.1.W_h [2, 2]", "layers.1.b [2]", "output.weight [5, 2]", "output.bias [5]",
      ])
    #expect(network.layout.count == network.parameters.count)
    #expect(network["layers.1.b"] == [0, 0])
    #expect(network["layers.2.b"] == nil)
    #expect(network.architecture.output == .classes(5))
  }

  @Test func aCopyTrainedFurtherLeavesTheOriginal() throws {
    let network = try Network(input: .features(1), layers: [.init(.rnn, units: 1)], output: .values(1))
    var copy = network
    copy.parameters[0] += 1
    #expect(network.parameters[0] != copy.parameters[0])
  }

  @Test(
    arguments: [
      (.features(2), 0, 3, .values(1), "a network needs at least one recurrent layer"),
      (.features(0), 1, 3, .values(1), "the network's input has 0 numbers; it needs at least one"),
      (.features(-4), 1, 3, .values(1), "the network's input has -4 numbers; it needs at least one"),
      (.features(.max), 1, 3, .values(1), "the network's input has 9223372036854775807 numbers; it can have at most 16777216"),
      (.tokens(.bytes, embedding: 0), 1, 3, .categorical, "the network's input has 0 numbers; it needs at least one"),
      (.features(2), 1, 3, .values(0), "the network's output has 0 numbers; it needs at least one"),
      (.features(2), 1, 3, .classes(.max), "the network's output has 9223372036854775807 numbers; it can have at most 16777216"),
      (
        .features(2), 1, 3, .categorical, "a network that reads features has no symbols to give: say how many classes there are"
      ),
      (.features(2), 1, 0, .values(1), "units of cell lstm is 0; it must be at least 1"),
      (.features(2), 2, .max, .values(1), "units of cell lstm is 9223372036854775807; it must be at most 16777216"),
    ] as [(Architecture.Input, Int, Int, Architecture.Output, String)])
  func refusesWhatCannotBeBuilt(
    input: Architecture.Input, layers: Int, units: Int, output: Architecture.Output, message: String
  ) {
    let error = #expect(throws: (any Error).self) {
      try Network(input: input, layers: Array(repeating: .init(.lstm, units: units), count: layers), output: output)
    }
    #expect(error.map { "\($0)" } == message)
  }

  @Test(arguments: [
    (
      Architecture.Readout.last, Architecture.Output.values(1),
      "the output reads the input of its step beside the last layer, but sequences are read out: read out each step"
    ),
    (
      .everyStep, .lastLayer, "the output reads the input beside the last layer, but has no matrix of its own: give it one"
    ),
  ])
  func onlyAMatrixOverStepsReadsTheInput(readout: Architecture.Readout, output: Architecture.Output, message: String) {
    let error = #expect(throws: RecurrentError.self) {
      try Network(
        Architecture(
          input: .features(2), layers: [.init(.lstm, units: 3)], readout: readout, output: output, outputReadsInput: true))
    }
    #expect(error?.description == message)
  }

  @Test func aCellsDemandsHoldInEachLayer() throws {
    let cell = try Cell(parsing: "cell plain\ninput x\nstate h\nh' = tanh(x + W h)\n")
    let error = #expect(throws: RecurrentError.self) {
      try Network(input: .features(4), layers: [.init(cell, units: 4), .init(cell, units: 5)], output: .values(1))
    }
    #expect(error?.description == "cell plain needs inputs = units, but here that is 4 and 5")
  }

  private static let misfits: [(input: Architecture.Input, inputs: Batch.Inputs, targets: Batch.Targets, message: String)] = [
    (
      .tokens(.bytes, embedding: 2), .tokens([256]), .classes([0]),
      "the input reads symbols of a vocabulary, and the batch has the symbol 256; the vocabulary has 256, counted from 0"
    ),
    (
      .tokens(.bytes), .tokens([1, 2]), .classes([0]),
      "the input reads symbols of a vocabulary, and the batch has 2 symbols for 1 rows"
    ),
    (
      .tokens(.bytes), .features([1]), .classes([0]),
      "the input reads symbols of a vocabulary, and the batch has no symbols, and the network reads one at each step"
    ),
    (
      .features(2), .features([1, 2, 3]), .classes([0]),
      "the input reads 2 features at each step, and the batch has 3 features; 1 rows of 2 are 2"
    ),
    (
      .features(2), .namedFeatures([1, 2], names: [0]), .classes([0]),
      "the input reads 2 features at each step, which is 1 parts a row, and the batch has 2"
    ),
    (
      .features(2), .features([1, 2]), .classes([3]), "the target is class 3; the network gives 3 classes, counted from 0"
    ),
    (.features(2), .features([1, 2]), .classes([0, 1]), "the batch has 2 targets for 1 rows"),
    (.features(2), .features([1, 2]), .values([1]), "the network gives classes, and the batch has target values"),
  ]

  /// A batch that doesn't fit the network is an error with a sentence: nothing has been read or written.
  @Test(arguments: misfits.indices)
  func whatDoesNotFitIsRefused(number: Int) throws {
    let misfit = Self.misfits[number]
    let network = try Network(input: misfit.input, layers: [.init(.rnn, units: 2)], output: .classes(3))
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    let error = #expect(throws: RecurrentError.self) {
      try runner.run(misfit.inputs, lengths: PackedLengths(steps: 1, batch: 1), targets: misfit.targets)
    }
    #expect(error?.description == misfit.message)
  }

  @Test func statesOfAnotherNumberOfSequencesAreRefused() throws {
    let network = try Network(input: .features(2), layers: [.init(.rnn, units: 2)], output: .classes(3))
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    _ = try runner.outputs(.features([1, 2]), lengths: PackedLengths(steps: 1, batch: 1))
    let error = #expect(throws: RecurrentError.self) {
      try runner.outputs(.features([1, 2, 3, 4]), lengths: PackedLengths(steps: 1, batch: 2), carriesStates: true)
    }
    #expect(
      error?.description
        == "h of layer 1 has 2 numbers; 2 sequences of 2 have 4: a batch goes on where one with as many sequences ended")
  }
}
