import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

extension NetworkCase {
  /// Networks that know something of each sequence before it begins.
  static let contexts: [NetworkCase] = [
    NetworkCase(
      testDescription: "vectors to lstm under gru, packed and masked", cells: [.lstm, .gru], lengths: [5, 4, 4, 1, 0],
      isMasked: true, context: .vector(3), sources: [1, 1, 1, 1, 1]),
    NetworkCase(
      testDescription: "gru encodes embedded symbols for a tied lstm, dropped, learned initial states",
      input: .tokens(GradientTests.letters, embedding: 4), cells: [.lstm], output: .categorical, lengths: [6, 4, 4, 1],
      isMasked: true, dropout: 0.25, learnsInitialStates: true, tiesEmbedding: true,
      regularization: .init(embeddingDropout: 0.3, labelSmoothing: 0.1),
      context: .encoder(
        input: .tokens(GradientTests.letters, embedding: 3), layers: [.init(.gru, units: 3)]), sources: [2, 5, 1, 7]),
    NetworkCase(
      testDescription:
        "zoned lstm under gru encodes features both ways, read out as a mean, for a zoned gru under lstm, penalties",
      cells: [Cell.gru.zoningOut(["h": 0.3]), Cell.lstm], lengths: [3, 3, 3],
      dropout: 0.25, regularization: .init(activationPenalty: 2, temporalPenalty: 3),
      context: .encoder(
        input: .features(2),
        layers: [
          .init(Cell.lstm.zoningOut(["c": 0.5]), units: 3, direction: .bidirectional(.concatenate), learnsInitialStates: true),
          .init(.gru, units: 4, direction: .bidirectional(.sum)),
        ], readout: .mean), sources: [4, 1, 6]),
    NetworkCase(
      testDescription: "a reader of pairs: the largest of an lstm over words, spelled, for both directions of a gru",
      cells: [.gru], output: .classes(3), lengths: [4, 2, 0], direction: .bidirectional(.concatenate), readout: .last,
      context: .encoder(input: NetworkCase.words[0].input, layers: [.init(.lstm, units: 3)], readout: .max),
      sources: [1, 3, 3]),
    NetworkCase(
      testDescription: "a linear bridge to peepholes", cells: GradientTests.named("lstm-peephole"), lengths: [3, 2],
      context: linear(.encoder(input: .features(1), layers: [.init(.rnn, units: 2)])), sources: [2, 3]),
  ]

  private static func linear(_ context: Architecture.Context) -> Architecture.Context {
    var context = context
    context.bridge = fixture { try Cell(parsing: "cell linear\ninput x\nstate h\nh' = W x\n", file: "linear") }
    return context
  }
}

/// What networks know of sequences before these begin.
struct ContextTests {
  private let letters = GradientTests.letters

  private func network(_ context: Architecture.Context, layers: [Architecture.Layer] = [.init(.lstm, units: 3)]) throws -> Network
  {
    try Network(Architecture(input: .features(1), layers: layers, context: context, output: .values(1)), seed: 1)
  }

  private func message(_ body: () throws -> Void) -> String? { #expect(throws: RecurrentError.self) { try body() }?.description }

  @Test func weightsHaveNamesAndParts() throws {
    let network = try network(
      .encoder(input: .tokens(letters, embedding: 2), layers: [.init(.rnn, units: 3)]),
      layers: [.init(.lstm, units: 3, direction: .bidirectional(.sum)), .init(.gru, units: 2, learnsInitialStates: true)])
    let shapes = Dictionary(uniqueKeysWithValues: network.layout.entries.map { ($0.name, $0.shape) })
    #expect(shapes["encoder.embedding.weight"] == [5, 2])
    #expect(shapes["encoder.layers.0.W_x"] == [3, 2])
    // All states of a cell together: h and c.
    #expect(shapes["layers.0.forward.bridge.W"] == [6, 3] && shapes["layers.0.reverse.bridge.b"] == [6])
    #expect(shapes["layers.1.bridge.W"] == [2, 3] && shapes["layers.1.initial.h"] == [2])
    #expect(network.layout.parts.map(\.name) == ["encoder", "layer1", "layer2", "head"])
    #expect(network.layout.parts.flatMap(\.weights).reduce(0) { $0 + $1.count } == network.parameters.count)
  }

  /// Sources are found by the numbers of the sequences, in whatever order they are packed.
  @Test func eachSequenceHasItsOwnSource() throws {
    let network = try network(.encoder(input: .tokens(letters, embedding: 2), layers: [.init(.gru, units: 3)]))
    let sources: [[Int32]] = [[1], [4, 2, 0, 3], [2, 2]]
    let steps: [[Float]] = [[0.5, -1, 2], [1, 0.25], [-0.5]]
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    func outputs(_ chosen: [Int]) throws -> [[Float]] {
      let lengths = PackedLengths(sorted: chosen.map { steps[$0].count })
      let given = try runner.outputs(
        Batch.Inputs.features(lengths.packed(chosen.map { steps[$0] })).with(
          Batch.Source(tokens: chosen.map { sources[$0] }, of: lengths)), lengths: lengths)
      return chosen.indices.map { place in lengths.rows(ofSequence: place).map { given[$0] } }
    }
    let together = try outputs([0, 1, 2])
    for sequence in 0..<3 { #expect(try outputs([sequence]) == [together[sequence]]) }
    #expect(
      try runner.outputs(
        Batch.Inputs.features([0.5]).with(Batch.Source(tokens: [sources[1]], of: PackedLengths(steps: 1, batch: 1))),
        lengths: PackedLengths(steps: 1, batch: 1)) != [together[0][0]])
  }

  /// A sequence that is run in two parts goes on from the states of the first.
  @Test func aSequenceGoesOn() throws {
    let network = try network(.encoder(input: .features(1), layers: [.init(.gru, units: 3)]))
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    let source = Batch.Source(features: [[[1], [2]]], of: PackedLengths(steps: 1, batch: 1))
    func outputs(_ steps: [Float], goesOn: Bool = false) throws -> [Float] {
      try runner.outputs(
        Batch.Inputs.features(steps).with(source), lengths: PackedLengths(steps: steps.count, batch: 1), carriesStates: goesOn)
    }
    let whole = try outputs([0.5, -1, 2])
    #expect(try outputs([0.5]) + outputs([-1, 2], goesOn: true) == whole)
  }

  /// A network that starts from another one finds the vectors of its encoder's symbols by their names.
  @Test func anotherEncoderIsTakenOver() throws {
    let other = try network(.encoder(input: .tokens(letters, embedding: 2), layers: [.init(.gru, units: 3)], readout: .mean))
    let more = try Vocabulary(kind: .characters, symbols: ["f"] + letters.symbols)
    let plan = Architecture(
      input: .features(1), layers: [.init(.rnn, units: 2)],
      context: .encoder(input: .tokens(more, embedding: 2), layers: [.init(.rnn, units: 2)]), output: .values(1))
    var own = try Network(plan.built(like: other.architecture), seed: 5)
    #expect(own.architecture.context?.encoder?.vocabulary == more && own.architecture.context?.encoder?.readout == .mean)
    let fresh = try own.adopt(other, names: NetworkNames(), otherNames: NetworkNames(), title: "the other one")
    #expect(fresh == ["encoder"])
    #expect(own["encoder.embedding.weight"]?.suffix(10) == other["encoder.embedding.weight"]?[...])
    for entry in other.layout.entries where entry.name != "encoder.embedding.weight" {
      #expect(own[entry.name] == other[entry.name])
    }
  }

  @Test func aSourceIsRepeated() throws {
    let lengths = PackedLengths(sorted: [3, 2, 2])
    let source = Batch.Source(tokens: [[1, 4]], of: PackedLengths(steps: 1, batch: 1))
    #expect(source.repeated(for: lengths).inputs.symbols == [1, 1, 1, 4, 4, 4])
    #expect(source.repeated(for: lengths).lengths == PackedLengths(steps: 2, batch: 3))
  }

  @Test func batchesThatDoNotFitAreRefused() throws {
    let network = try network(.encoder(input: .tokens(letters, embedding: 2), layers: [.init(.gru, units: 3)]))
    let described = try self.network(.vector(2))
    let plain = try Network(input: .features(1), layers: [.init(.gru, units: 2)], output: .values(1))
    let lengths = PackedLengths(sorted: [2, 1])
    func message(_ network: Network, _ source: Batch.Source?) -> String? {
      self.message {
        let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
        let own = Batch.Inputs.features([1, 2, 3])
        _ = try runner.outputs(source.map { own.with($0) } ?? own, lengths: lengths)
      }
    }
    let symbols = Batch.Source(tokens: [[1], [2, 3]], of: lengths)
    #expect(
      message(network, nil)
        == "the network begins with what an encoder reads of a source, and the batch has no sources: give it those")
    #expect(
      message(plain, symbols) == "the batch has sources, and the network knows nothing of sequences before they begin")
    #expect(
      message(network, Batch.Source(lengths: PackedLengths(sorted: [1, 1], numbers: [0, 2]), inputs: .tokens([1, 2])))
        == "the numbers of the batch's sources are not those of its sequences: each sequence needs one source")
    #expect(
      message(network, Batch.Source(tokens: [[], [2]], of: lengths))
        == "the source of sequence 0 has no steps; it must have at least one")
    #expect(
      message(network, Batch.Source(tokens: [[5], [2]], of: lengths))
        == "the encoder's input reads symbols of a vocabulary, and the batch has the symbol 5; the vocabulary has 5, counted from 0"
    )
    #expect(
      message(described, Batch.Source(features: [[[1, 2]], [[1, 2], [3, 4]]], of: lengths))
        == "the source of sequence 1 has 2 steps, and the network begins with a vector of 2 numbers: give it one step"
    )
    #expect(
      message(described, Batch.Source(vectors: [[1], [2]], of: lengths))
        == "the network begins with a vector of 2 numbers, and the batch has 2 numbers for 2 sequences")
    #expect(
      message(described, symbols.part(of: [0]).lengths.batch == 1 ? Batch.Source(tokens: [[1], [2]], of: lengths) : nil)
        == "the network begins with a vector of 2 numbers, and the batch has no numbers in its sources")
  }

  @Test func contextsThatCanNotBeBuiltAreRefused() throws {
    let layers = [Architecture.Layer(.gru, units: 2)]
    #expect(message { _ = try network(.vector(0)) } == "the network's context has 0 numbers; it needs at least one")
    #expect(
      message { _ = try network(.encoder(input: .features(1), layers: layers, readout: .everyStep)) }
        == "the network's encoder must read out of its last layer one vector for a source: read out the last step, the mean or the largest"
    )
    #expect(
      message { _ = try network(.encoder(input: .features(1), layers: [])) } == "a network needs at least one recurrent layer")
    var nested = Architecture(input: .features(1), layers: layers, readout: .last, output: .lastLayer)
    nested.context = .vector(2)
    #expect(
      message { _ = try network(Architecture.Context(.encoder(nested))) }
        == "the network's encoder can't have an encoder of its own")
    var context = Architecture.Context.vector(2)
    context.bridge = try Cell(parsing: "cell two\ninput x, y(3)\nstate h\nh' = W x + U y\n", file: "two")
    #expect(message { _ = try network(context) } == "the bridge two reads x, y; it can only read one vector")
    context.bridge = try Cell(parsing: "cell odd\ninput x\nsize k = 2\nstate h(k)\nh' = W x\n", file: "odd")
    #expect(
      message { _ = try network(context) }
        == "the bridge to layer 1, odd, gives 2 numbers, and the states that begin with them have 6")
  }
}
