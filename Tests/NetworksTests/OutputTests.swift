import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

/// What a network gives for sequences in memory, the short way.
struct OutputTests {
  private static func network(
    _ input: Architecture.Input, _ output: Architecture.Output, readout: Architecture.Readout = .everyStep
  ) throws -> Network {
    try Network(
      input: input, layers: [.init(.gru, units: 4, direction: .bidirectional(.sum))], readout: readout, output: output, seed: 1)
  }

  /// Sequences of any lengths, in any order, give what each gives alone in a runner: up to rounding, since the order of additions
  /// may depend on the batch. Of each sum there are at most a dozen additions of numbers of order 1 in each of four steps of two
  /// passes.
  @Test(arguments: [Architecture.Readout.everyStep, .last], [Architecture.Output.classes(3), .values(2)])
  func sequencesOfFeatures(readout: Architecture.Readout, output: Architecture.Output) throws {
    let network = try Self.network(.features(2), output, readout: readout)
    var random = Random(seed: 1)
    let sequences = [2, 4, 1, 4].map { steps in
      (0..<steps).map { _ in (0..<2).map { _ in random.uniformFloat() - 0.5 } }
    }
    let machine = try Machine(threads: 1)
    let runner = NetworkRunner(network, machine: machine, trains: false)
    let given = try network.outputs(for: sequences, machine: machine)
    #expect(given.map(\.count) == (readout == .everyStep ? [2, 4, 1, 4] : [1, 1, 1, 1]))
    for (sequence, rows) in zip(sequences, given) {
      let alone = try runner.outputs(
        .features(sequence.flatMap { $0 }), lengths: PackedLengths(steps: sequence.count, batch: 1))
      #expect(alone.count == rows.joined().count)
      #expect(zip(alone, rows.joined()).allSatisfy { abs($0 - $1) <= 100 * 0x1p-24 })
      #expect(try network.outputs(for: sequence, machine: machine).joined().elementsEqual(alone))
    }
  }

  @Test func sequencesOfTokens() throws {
    let network = try Self.network(.tokens(GradientTests.letters, embedding: 3), .categorical)
    let sequences: [[Int32]] = [[4, 0], [0, 1, 2], []]
    let given = try network.outputs(forTokens: sequences)
    #expect(given.map(\.count) == [2, 3, 0])
    for (sequence, rows) in zip(sequences, given) where !sequence.isEmpty {
      let alone = try network.outputs(forTokens: sequence)
      #expect(zip(alone.joined(), rows.joined()).allSatisfy { abs($0 - $1) <= 100 * 0x1p-24 })
      // Five numbers below 1, each rounded a few times.
      for row in rows { #expect(row.count == 5 && abs(row.reduce(0, +) - 1) <= 20 * 0x1p-24) }
    }
    #expect(try network.outputs(forTokens: [] as [[Int32]]).isEmpty)
  }

  private static let words: Vocabulary = fixture { try Vocabulary(kind: .words, symbols: ["<unk>", "a"]) }

  private static let refusals: [(Architecture.Input, @Sendable (Network) throws -> Void, String)] = [
    (
      .features(2), { _ = try $0.outputs(for: [[[1, 2]], [[1, 2], [3]]]) },
      "step 1 of sequence 1, counted from 0, has 1 features; the network reads 2 at each step"
    ),
    (
      .features(2), { _ = try $0.outputs(forTokens: [1, 2]) },
      "the network can't read symbols; it reads 2 features at each step: give it vectors"
    ),
    (
      .tokens(GradientTests.letters), { _ = try $0.outputs(forTokens: [0, 5, 1]) },
      "step 1 of sequence 0, counted from 0, is the symbol 5; the vocabulary has 5, counted from 0"
    ),
    (
      .tokens(GradientTests.letters), { _ = try $0.outputs(for: [[1, 2], [3, 4]] as [[Float]]) },
      "the network can't read vectors of features; it reads symbols of a vocabulary: give it tokens"
    ),
    (
      .namedFeatures(2, names: words, embedding: 2), { _ = try $0.outputs(for: [[1, 2], [3, 4]] as [[Float]]) },
      "the network can't read vectors of features; it reads features with a name beside them: run it step by step, or with a runner"
    ),
  ]

  @Test(arguments: refusals.indices)
  func whatDoesNotFitIsRefused(index: Int) throws {
    let (input, mistake, message) = Self.refusals[index]
    let network = try Self.network(input, .values(1))
    let error = #expect(throws: RecurrentError.self) { try mistake(network) }
    #expect(error?.description == message)
    #expect(error?.kind == .shape)
  }
}
