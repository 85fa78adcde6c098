import CellLanguage
import Engine
import Models
import Networks
import Processes
import Sequences
import Support
import Testing
import Training

/// Networks that learn what follows a source.
struct SourceTrainingTests {
  /// Symbols that begin and end a sequence, and four others.
  private static let letters = fixture { try Vocabulary(kind: .characters, symbols: ["<", ">", "a", "b", "c", "d"]) }

  private static func fixture<Value>(_ make: () throws -> Value) -> Value {
    do { return try make() } catch { fatalError("what tests begin with can't be made: \(error)") }
  }

  private func words(_ count: Int, seed: UInt64) -> [[Int32]] {
    var random = Random(seed: seed)
    return (0..<count).map { _ in (0..<1 + random.integer(in: 0..<3)).map { _ in Int32(2 + random.integer(in: 0..<4)) } }
  }

  private func network(_ context: Architecture.Context) throws -> Network {
    try Network(
      Architecture(
        input: .tokens(Self.letters, embedding: 8), layers: [.init(.gru, units: 32)], context: context, output: .categorical),
      seed: 2)
  }

  /// Letters drawn at random come back in reverse: nothing but the source tells which ones.
  @Test func wordsAreReversed() throws {
    var network = try network(.encoder(input: .tokens(Self.letters, embedding: 8), layers: [.init(.gru, units: 32)]))
    let sources = words(400, seed: 1)
    try network.train(
      toGive: sources.map { $0.reversed() }, after: sources, begin: 0, end: 1, epochs: 30, learningRate: 0.01,
      machine: Machine(threads: 1))
    let decoder = try StreamingDecoder(network)
    let unseen = words(60, seed: 9)
    let found = try BeamSearch(width: 3, longest: 8).run(decoder, after: decoder.encode(tokens: unseen), begin: 0, end: 1)
    let right = zip(unseen, found).count { $0.reversed() == $1[0].tokens }
    #expect(right >= 55, "\(right) of 60 are right")
  }

  /// What vectors stand for is told by the same words in training and afterwards, to noise that was not trained on.
  @Test func vectorsAreDescribed() throws {
    let described: [(vector: [Float], words: [Int32])] = [([1, 0, 0], [2, 3]), ([0, 1, 0], [4]), ([0, 0, 1], [5, 5, 2])]
    func examples(_ count: Int, seed: UInt64) -> [(vector: [Float], words: [Int32])] {
      var random = Random(seed: seed)
      return (0..<count).map { place in
        let own = described[place % 3]
        return (own.vector.map { $0 + 0.2 * (random.uniformFloat() - 0.5) }, own.words)
      }
    }
    var network = try network(.vector(3))
    let seen = examples(90, seed: 1)
    try network.train(
      toGive: seen.map(\.words), after: seen.map { [$0.vector] }, begin: 0, end: 1, epochs: 30, batch: 10, learningRate: 0.01,
      heldOut: 0.1, machine: Machine(threads: 1))
    let decoder = try StreamingDecoder(network)
    for own in examples(9, seed: 5) {
      let found = try BeamSearch(width: 2, longest: 6).run(
        decoder, after: decoder.encode(vectors: [own.vector])[0], begin: 0, end: 1)
      #expect(found[0].tokens == own.words && found[0].isFinished)
    }
  }

  /// Batches of one to eleven pairs of any lengths, drawn by their number.
  private struct Pairs: BatchSource {
    var iterationsPerEpoch: Int? { nil }
    let stepsPerBatch = 1

    func batch(at iteration: Int) -> Batch {
      var random = Random(seed: UInt64(iteration))
      let lengths = PackedLengths(sorted: (0...iteration % 11).map { _ in random.integer(in: 0..<7) }.sorted(by: >))
      func symbols(_ count: Int) -> [Int32] { (0..<count).map { _ in Int32(random.integer(in: 0..<6)) } }
      let sources = lengths.perSequence.map { _ in symbols(1 + random.integer(in: 0..<6)) }
      return Batch(
        lengths: lengths, inputs: .tokens(symbols(lengths.rows)).with(Batch.Source(tokens: sources, of: lengths)),
        targets: .classes(symbols(lengths.rows)))
    }
    func continues(at iteration: Int) -> Bool { false }
  }

  /// Everything that is drawn, in the encoder too, and a part of the weights that stays.
  @Test(arguments: [2, 3, 5]) func severalProcessesTrainAsOne(processes: Int) throws {
    let network = try network(
      .encoder(
        input: .tokens(Self.letters, embedding: 5),
        layers: [
          .init(Cell.lstm.zoningOut(["c": 0.2]), units: 6, direction: .bidirectional(.concatenate), learnsInitialStates: true),
          .init(.gru, units: 5),
        ], readout: .mean))
    var chosen = try TrainingOptions(
      iterations: 24, learningRate: LearningRate(0.01), clip: 0.1,
      regularization: Regularization(
        dropout: 0.2, inputDropout: 0.1, recurrentDropout: 0.2, weightDrop: 0.2, embeddingDropout: 0.1, weightDecay: 0.1,
        activationPenalty: 1, temporalPenalty: 1, labelSmoothing: 0.1))
    chosen.frozen = ["head"]
    let options = chosen
    @Sendable func weights(_ team: any Communicator) throws -> [UInt32] {
      let trainer = Trainer(network, options: options, machine: try Machine(threads: 1), team: team)
      for _ in 0..<24 { try trainer.step(on: Pairs()) }
      return trainer.network.parameters.map(\.bitPattern)
    }
    let expected = try weights(OneProcess())
    for result in ProcessLawTests.together(processes, { try weights($0) }) { #expect(try result.get() == expected) }
    for entry in network.layout.entries {
      let own = zip(network.parameters[entry.range], expected[entry.range]).allSatisfy { $0.bitPattern == $1 }
      #expect(own == entry.name.hasPrefix("output."), "\(entry.name)")
    }
  }

  /// A training that is taken up again ends with the same bits, with gradients that are checkpointed, too.
  @Test(arguments: [false, true]) func aTrainingThatIsTakenUpAgainIsTheSame(checkpointsGradients: Bool) throws {
    let folder = try TemporaryFolder()
    let network = try network(.encoder(input: .tokens(Self.letters, embedding: 5), layers: [.init(.lstm, units: 6)]))
    let options = try TrainingOptions(
      iterations: 12, learningRate: LearningRate(0.01), regularization: Regularization(dropout: 0.2),
      checkpointsGradients: checkpointsGradients)
    let whole = Trainer(network, options: options, machine: try Machine(threads: 2))
    for _ in 0..<12 { try whole.step(on: Pairs()) }
    let first = Trainer(network, options: options, machine: try Machine(threads: 1))
    for _ in 0..<5 { try first.step(on: Pairs()) }
    try first.checkpoint().save(to: folder("checkpoint"))
    let second = Trainer(try Checkpoint(contentsOf: folder("checkpoint")), machine: try Machine(threads: 2))
    for _ in 0..<7 { try second.step(on: Pairs()) }
    #expect(second.network.parameters.map(\.bitPattern) == whole.network.parameters.map(\.bitPattern))
  }

  /// Only matrices decay, those of the encoder and the bridges among them.
  @Test func whatDecaysAreMatrices() throws {
    let network = try network(.encoder(input: .features(2), layers: [.init(.lstm, units: 3, learnsInitialStates: true)]))
    let matrices = network.layout.entries.filter { network.layout.matrices.contains($0.range) }.map(\.name)
    #expect(matrices.contains("encoder.layers.0.W_f") && matrices.contains("layers.0.bridge.W"))
    #expect(!matrices.contains { $0.hasSuffix(".b") || $0.contains("initial") })
  }

  @Test func whatCanNotBeTrainedIsRefused() throws {
    func message(_ body: (inout Network) throws -> Void) throws -> String? {
      var network = try network(.encoder(input: .tokens(Self.letters, embedding: 3), layers: [.init(.gru, units: 3)]))
      return #expect(throws: RecurrentError.self) { try body(&network) }?.description
    }
    #expect(
      try message { try $0.train(toGive: [[2], [3]], after: [[2]], begin: 0, end: 1) }
        == "there are 2 sequences and 1 sources: give the source of each sequence")
    #expect(
      try message { try $0.train(toGive: [[2]], after: [[]] as [[Int32]], begin: 0, end: 1) }
        == "the source of sequence 0 has no steps; it must have at least one")
    #expect(
      try message { try $0.train(toGive: [[2]], after: [[2]], begin: 0, end: 9) }
        == "the target is class 9; the network gives 6 classes, counted from 0")
    var values = try Network(
      Architecture(input: .features(1), layers: [.init(.gru, units: 2)], context: .vector(2), output: .values(1)))
    #expect(
      throws: RecurrentError(
        .network,
        "what follows a source are symbols: the network must read symbols of a vocabulary and give one of the same at each step")
    ) { try values.train(toGive: [[2]], after: [[[1, 2]]], begin: 0, end: 1) }
  }

  private struct Continued: BatchSource {
    var iterationsPerEpoch: Int? { nil }
    let stepsPerBatch = 1
    func batch(at iteration: Int) -> Batch { Pairs().batch(at: 3) }
    func continues(at iteration: Int) -> Bool { iteration > 0 }
  }

  @Test func batchesThatGoOnAreRefused() throws {
    let network = try network(.encoder(input: .tokens(Self.letters, embedding: 3), layers: [.init(.gru, units: 3)]))
    let trainer = Trainer(
      network, options: try TrainingOptions(iterations: 2, learningRate: LearningRate(0.1)), machine: try Machine(threads: 1))
    #expect(
      throws: RecurrentError(
        .network,
        "the network begins each sequence with what an encoder reads of a source, and can't take up its states where the batch before "
          + "ended: train it on whole sequences")
    ) { try TrainingRun(trainer).run(on: Continued(), validation: nil) }
  }

  /// What is not a number is found in sources, and in the layers that read them.
  @Test func aDivergenceIsFoundInTheSource() throws {
    func message(_ layers: [Architecture.Layer], _ features: [Float]) throws -> String? {
      let network = try network(.encoder(input: .features(1), layers: layers))
      let trainer = Trainer(
        network, options: try TrainingOptions(iterations: 1, learningRate: LearningRate(0.1)), machine: try Machine(threads: 1))
      let lengths = PackedLengths(steps: 2, batch: 1)
      let batch = Batch(
        lengths: lengths, inputs: .tokens([0, 2]).with(Batch.Source(features: [features.map { [$0] }], of: lengths)),
        targets: .classes([2, 1]))
      return #expect(throws: RecurrentError.self) { try trainer.step(on: FixedBatch(batch)) }?.description
    }
    #expect(
      try message([.init(.rnn, units: 2)], [0, .infinity])?.contains(
        "the source's feature 0 is inf at step 1 of sequence 0. Correct the data.")
        == true)
    let cell = try Cell(parsing: "cell boom\ninput x\nstate h\nh' = g - g\ng = exp(100 * x)    # what explodes\n")
    #expect(
      try message([.init(cell, units: 1)], [0, 1])
        == "the loss became NaN at iteration 1: of the encoder, in layer 1, boom, g (what explodes) is inf at step 1 of sequence 0. "
        + "Lower the learning rate or clip the gradient harder.")
  }
}
