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

  @Test func aCellsDemandsHoldInEachLayer() throws {
    let cell = try Cell(parsing: "cell plain\ninput x\nstate h\nh' = tanh(x + W h)\n")
    let error = #expect(throws: RecurrentError.self) {
      try Network(input: .features(4), layers: [.init(cell, units: 4), .init(cell, units: 5)], output: .values(1))
    }
    #expect(error?.description == "cell plain needs inputs = units, but here that is 4 and 5")
  }

  /// Numbers outside of the memory that is meant end the program with a sentence, in a release build too.
  @Test func whatDoesNotFitEndsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let network = try Network(input: .tokens(.bytes, embedding: 2), layers: [.init(.rnn, units: 2)], output: .categorical)
      let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
      _ = runner.outputs(.tokens([256]), lengths: PackedLengths(steps: 1, batch: 1))
    }
    await #expect(processExitsWith: .failure) {
      let network = try Network(input: .features(2), layers: [.init(.rnn, units: 2)], output: .classes(3))
      let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
      _ = runner.run(.features([1, 2]), lengths: PackedLengths(steps: 1, batch: 1), targets: .classes([3]))
    }
    await #expect(processExitsWith: .failure) {
      let network = try Network(input: .features(2), layers: [.init(.rnn, units: 2)], output: .classes(3))
      let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
      _ = runner.outputs(.features([1, 2]), lengths: PackedLengths(steps: 1, batch: 1))
      _ = runner.outputs(.features([1, 2, 3, 4]), lengths: PackedLengths(steps: 1, batch: 2), carriesStates: true)
    }
  }
}
