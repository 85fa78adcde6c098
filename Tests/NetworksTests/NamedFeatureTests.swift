import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

extension NetworkCase {
  /// Networks that read names beside features; the last of them reads in reverse.
  static let named: [NetworkCase] = [
    NetworkCase(
      testDescription: "named features to distributions, lstm under gru, packed and masked",
      input: .namedFeatures(3, names: names, embedding: 2), cells: [.lstm, .gru], output: .distribution(.normal, targets: 2),
      lengths: [6, 4, 4, 1, 0], isMasked: true),
    NetworkCase(
      testDescription: "named features, dropped names, carried and dropped",
      input: .namedFeatures(1, names: names, embedding: 4), cells: [.gru], isCarried: true, dropout: 0.25,
      regularization: .init(embeddingDropout: 0.3)),
    NetworkCase(
      testDescription: "named features to classes, both directions, mean", input: .namedFeatures(2, names: names, embedding: 3),
      output: .classes(3), lengths: [5, 3, 3], direction: .bidirectional(.concatenate), readout: .mean),
  ]

  static let names = fixture { try Vocabulary(kind: .words, symbols: ["<unk>", "north", "south", "far, far away"]) }
}

struct NamedFeatureTests {
  private static let network = Result {
    try Network(
      input: .namedFeatures(2, names: NetworkCase.names, embedding: 3), layers: [.init(.lstm, units: 5)], output: .values(2),
      seed: 2)
  }

  /// What the first layer reads is the name's vector and the numbers: a network of nothing but numbers that is given both does the same, bit for
  /// bit.
  @Test func aNameIsItsVectorBeforeTheNumbers() throws {
    let network = try Self.network.get()
    let batch = NetworkCase(testDescription: "", lengths: [5, 3, 1]).batch(network, seed: 4)
    let names = try #require(batch.inputs.parts[0] as? SymbolRows).symbols
    let features = try #require(batch.inputs.parts[1] as? NumberRows).values
    let table = try #require(network["embedding.weight"])
    var plain = try Network(input: .features(5), layers: network.architecture.layers, output: .values(2))
    plain.parameters = Array(network.parameters[table.count...])
    let whole = names.enumerated().flatMap { row, name in
      table[Int(name) * 3..<(Int(name) + 1) * 3] + features[row * 2..<(row + 1) * 2]
    }
    let machine = try Machine(threads: 1)
    let given = try NetworkRunner(network, machine: machine, trains: false).outputs(batch.inputs, lengths: batch.lengths)
    let expected = try NetworkRunner(plain, machine: machine, trains: false).outputs(.features(whole), lengths: batch.lengths)
    #expect(given.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  /// Both round each number as often as `roundings` counts, in different orders; outputs here are of order 1.
  @Test func aStreamReadsNames() throws {
    let network = try Self.network.get()
    let batch = NetworkCase(testDescription: "", lengths: [9]).batch(network, seed: 1)
    let names = try #require(batch.inputs.parts[0] as? SymbolRows).symbols
    let features = try #require(batch.inputs.parts[1] as? NumberRows).values
    let machine = try Machine(threads: 1)
    let expected = try NetworkRunner(network, machine: machine, trains: false).outputs(batch.inputs, lengths: batch.lengths)
    let stream = try StreamingNetwork(network, machine: machine).stream()
    let bound = 2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24
    for (step, name) in names.enumerated() {
      let given = stream.step(Array(features[step * 2..<(step + 1) * 2]), name: Int(name))
      for place in 0..<2 { #expect(abs(Double(given[place] - expected[step * 2 + place])) <= bound) }
    }
  }

  /// Only the vectors of names that rows have get a gradient.
  @Test func aNameThatNoRowHasLearnsNothing() throws {
    let network = try Self.network.get()
    var batch = NetworkCase(testDescription: "", lengths: [4, 4]).batch(network, seed: 1)
    let features = try #require(batch.inputs.parts[1] as? NumberRows).values
    batch.inputs = .namedFeatures(features, names: [1, 3, 1, 3, 1, 3, 1, 3])
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: true)
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    _ = try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets, gradients: &gradient)
    let own = (0..<4).map { name in gradient[name * 3..<(name + 1) * 3].contains { $0 != 0 } }
    #expect(own == [false, true, false, true])
  }

  private static let refusals: [(Architecture.Input, Architecture.Output, String)] = [
    (
      .namedFeatures(2, names: .bytes, embedding: 2), .values(1),
      "the names that stand beside features are a vocabulary of words, not of bytes"
    ),
    (
      .namedFeatures(2, names: NetworkCase.names, embedding: 0), .values(1),
      "the network's vector of a name has 0 numbers; it needs at least one"
    ),
    (
      .namedFeatures(0, names: NetworkCase.names, embedding: 2), .values(1),
      "the network's input beside a name has 0 numbers; it needs at least one"
    ),
    (
      .namedFeatures(.max, names: NetworkCase.names, embedding: 2), .values(1),
      "the network's input beside a name has 9223372036854775807 numbers; it can have at most 16777216"
    ),
    (
      .namedFeatures(2, names: NetworkCase.names, embedding: 2), .categorical,
      "a network that reads features has no symbols to give: say how many classes there are"
    ),
  ]

  @Test(arguments: refusals)
  func whatDoesNotFitIsRefused(input: Architecture.Input, output: Architecture.Output, message: String) {
    let error = #expect(throws: RecurrentError.self) {
      try Network(input: input, layers: [.init(.lstm, units: 2)], output: output)
    }
    #expect(error?.description == message)
  }
}
