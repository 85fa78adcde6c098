import AllocationCounter
import CellLanguage
import Engine
import Foundation
import Networks
import Sequences
import Support
import Testing

extension Cell {
  /// Additive attention (Bahdanau, Cho & Bengio 2015) before a plain step.
  static let additive: Cell = remembering(
    """
    cell additive
    input x
    memory M(K)
    state h
    a = softmax(tanh(M U^T + W_a h) v)
    c = M^T a
    h' = tanh(W x + R h + C c + b)

    """)

  /// Multiplicative attention (Luong, Pham & Manning 2015) after a plain step, whose second state it reads.
  static let multiplicative: Cell = remembering(
    """
    cell multiplicative
    input x
    memory M(K)
    state y, h
    h' = tanh(W x + R h + F y + b)
    q = Q h'
    e = M q
    a = softmax(e)
    c = M^T a
    y' = tanh(C c + D h')

    """)

  private static func remembering(_ text: String) -> Cell {
    fixture { try Cell(parsing: text, file: "remembering") }
  }
}

extension NetworkCase {
  /// Networks whose layers read what an encoder gives at all steps of a source.
  static let memories: [NetworkCase] = [
    NetworkCase(
      testDescription: "additive attention over both directions of a gru, tied, dropped, packed and masked",
      input: .tokens(GradientTests.letters, embedding: 4), cells: [.additive], output: .categorical, lengths: [6, 4, 4, 1],
      isMasked: true, dropout: 0.25, tiesEmbedding: true, regularization: .init(labelSmoothing: 0.1),
      context: .encoder(
        input: .tokens(GradientTests.letters, embedding: 3),
        layers: [.init(.gru, units: 3, direction: .bidirectional(.concatenate))]), sources: [2, 5, 1, 7]),
    NetworkCase(
      testDescription: "two kinds of attention with an lstm between them, over two layers whose mean is read out, learned states",
      cells: [.additive, .lstm, .multiplicative], lengths: [4, 2, 0], learnsInitialStates: true,
      context: .encoder(
        input: .features(2), layers: [.init(.lstm, units: 3), .init(.gru, units: 5)], readout: .mean), sources: [3, 1, 2]),
    NetworkCase(
      testDescription: "both directions of a layer attend to a reverse one, equal lengths", cells: [.multiplicative],
      output: .classes(3), lengths: [3, 3, 3], direction: .bidirectional(.sum), readout: .last,
      context: .encoder(input: .features(1), layers: [.init(.rnn, units: 3, direction: .reverse)], readout: .max),
      sources: [4, 4, 4]),
  ]
}

/// Layers that remember what an encoder gave at each step of a source.
struct RememberingTests {
  private static let letters = fixture { try Vocabulary(kind: .characters, symbols: ["<", ">", "a", "b"]) }
  private static let (begin, end) = (0, 1)
  private static let sources: [[Int32]] = [[2, 3, 3], [3], [2, 2, 2, 2, 3], [3, 2], [2]]
  private static let cells: [Cell] = [.additive, .multiplicative]

  private func network(_ cell: Cell = .additive, seed: UInt64 = 3) throws -> Network {
    var network = try Network(
      Architecture(
        input: .tokens(Self.letters, embedding: 3), layers: [.init(cell, units: 5), .init(.gru, units: 4)],
        context: .encoder(
          input: .tokens(Self.letters, embedding: 2),
          layers: [.init(.gru, units: 4, direction: .bidirectional(.concatenate))]),
        output: .categorical), seed: seed)
    // Weights so large that what follows depends on what comes before.
    network.parameters = network.parameters.map { 2.5 * $0 }
    return network
  }

  private func message(_ body: () throws -> Void) -> String? { #expect(throws: RecurrentError.self) { try body() }?.description }

  /// What a sequence gives does not depend on which others are in the batch, how long their sources are, and where it is packed.
  @Test(arguments: cells) func aPackedBatchIsEachSequenceAlone(cell: Cell) throws {
    let network = try network(cell)
    let runner = NetworkRunner(network, machine: try Machine(threads: 2), trains: false)
    let sequences: [[Int32]] = [[0, 2, 3, 3, 2], [0, 3, 2], [0, 2, 2], [0, 2], [0]]
    func outputs(_ chosen: [Int]) throws -> [[Float]] {
      let lengths = PackedLengths(sorted: chosen.map { sequences[$0].count })
      let given = try runner.outputs(
        Batch.Inputs.tokens(lengths.packed(chosen.map { sequences[$0] })).with(
          Batch.Source(tokens: chosen.map { Self.sources[$0] }, of: lengths)), lengths: lengths)
      return chosen.indices.map { place in lengths.rows(ofSequence: place).flatMap { given[4 * $0..<4 * $0 + 4] } }
    }
    let together = try outputs(Array(sequences.indices))
    for sequence in sequences.indices {
      let alone = try outputs([sequence])[0]
      #expect(zip(alone, together[sequence]).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    #expect(Set(together.map { $0.prefix(4).map(\.bitPattern) }).count == sequences.count)
  }

  /// A stream after a source is what a run over whole sequences gives, again after a source that is longer, and as a copy.
  @Test(arguments: cells) func aStreamIsTheSequence(cell: Cell) throws {
    let network = try network(cell)
    let sequences: [[Int32]] = [[0, 2, 3, 3, 2], [0, 3, 2], [0, 2, 2], [0], []]
    let lengths = PackedLengths(sorted: sequences.map(\.count))
    let inputs = Batch.Inputs.tokens(lengths.packed(sequences)).with(Batch.Source(tokens: Self.sources, of: lengths))
    let outputs = try NetworkRunner(network, machine: try Machine(threads: 2), trains: false).outputs(inputs, lengths: lengths)
    let decoder = try StreamingDecoder(network)
    let encoded = try decoder.encode(tokens: Self.sources)
    let reused = decoder.stream(after: encoded[1])
    let other = try StreamingDecoder(network)
    for (place, sequence) in sequences.enumerated() {
      reused.begin(after: encoded[place])
      let copy = reused.copy()
      // Another decoder reads what this one has read, too.
      for stream in [decoder.stream(after: encoded[place]), reused, copy, other.stream(after: encoded[place])] {
        for (step, symbol) in sequence.enumerated() {
          let row = lengths.row(step: step, sequence: place) * 4
          for (own, expected) in zip(stream.step(Int(symbol)), outputs[row..<row + 4]) {
            #expect(abs(own - expected) < 1e-5, "step \(step) of sequence \(place)")
          }
        }
      }
    }
  }

  /// A beam that keeps all is an enumeration of all, and sources that are followed together are those followed one by one.
  @Test(arguments: cells) func aSearchFindsTheBest(cell: Cell) throws {
    let decoder = try StreamingDecoder(try network(cell))
    let sources = try decoder.encode(tokens: Self.sources)
    let search = try BeamSearch(width: 121, longest: 4, lengthPenalty: 0.6, best: 121, together: 3)
    let all = try search.run(decoder, after: sources, begin: Self.begin, end: Self.end)
    for (source, found) in zip(sources, all) {
      var alive: [([Int32], Double)] = [([], 0)]
      var ended: [[Int32]: Double] = [:]
      for _ in 0..<4 {
        var next: [([Int32], Double)] = []
        for (tokens, sum) in alive {
          let stream = decoder.stream(after: source)
          stream.read(Self.begin)
          stream.read(tokens)
          for (symbol, logarithm) in stream.logits.logarithms.enumerated() {
            if symbol == Self.end {
              ended[tokens] = sum + logarithm
            } else {
              next.append((tokens + [Int32(symbol)], sum + logarithm))
            }
          }
        }
        alive = next
      }
      let finished = found.filter(\.isFinished)
      #expect(!finished.isEmpty && finished.allSatisfy { abs((ended[$0.tokens] ?? 1) - $0.logProbability) < 1e-4 })
      let own = try search.run(decoder, after: source, begin: Self.begin, end: Self.end)
      #expect(own.map(\.tokens) == found.map(\.tokens))
    }
    #expect(Set(all.map { $0[0].logProbability }).count == sources.count, "what is read has no part in what is written")
  }

  @Test(.enabled(if: ac_counts(), "allocations are counted with glibc and without sanitizers"))
  func aStepAllocatesNothing() throws {
    var network = try network()
    let bias = try #require(network.layout["output.bias"])
    // Nothing ever ends.
    network.parameters[bias.range.lowerBound + Self.end] = -1000
    let decoder = try StreamingDecoder(network)
    var counts: [Int64] = []
    counts.reserveCapacity(100)
    _ = try BeamSearch(width: 3, longest: 100, best: 3).run(
      decoder, after: decoder.encode(tokens: Self.sources), begin: Self.begin, end: Self.end
    ) {
      counts.append(ac_allocations())
      return false
    }
    #expect(counts.count == 100 && counts[2] == counts[99])
  }

  /// What is looked at adds up to 1 at each step, of a source of one step all at it.
  @Test(arguments: cells) func whatIsLookedAtIsShown(cell: Cell) throws {
    let network = try network(cell)
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false, traces: true)
    for source in Self.sources {
      let lengths = PackedLengths(steps: 3, batch: 1)
      let inputs = Batch.Inputs.tokens([0, 2, 3]).with(Batch.Source(tokens: [source], of: lengths))
      let found = try runner.alignments(inputs, steps: 3)
      #expect(found.map(\.layer) == ["layer 1"] && found.map(\.quantity) == ["a"])
      let weights = try #require(found.first).weights
      #expect(weights.count == 3 && weights.allSatisfy { $0.count == source.count })
      #expect(weights.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 && $0.allSatisfy { $0 >= 0 } })
    }
    let plain = try Network(input: .features(1), layers: [.init(.gru, units: 2)], output: .values(1))
    #expect(
      try NetworkRunner(plain, machine: Machine(threads: 1), trains: false).alignments(.features([1]), steps: 1).isEmpty)
  }

  @Test func aMemoryNeedsAnEncoder() throws {
    let layers = [Architecture.Layer(.additive, units: 2)]
    let what = "layer 1 has the cell additive, whose memory M is what an encoder gives at each step of a source, "
    #expect(
      message { _ = try Network(input: .features(1), layers: layers, output: .values(1)) }
        == what + "and the network has no encoder: give it one, or the layer another cell")
    #expect(
      message {
        _ = try Network(Architecture(input: .features(1), layers: layers, context: .vector(3), output: .values(1)))
      } == what + "and the network has no encoder: give it one, or the layer another cell")
    #expect(
      message {
        _ = try Network(
          Architecture(
            input: .features(1), layers: [.init(.gru, units: 2)],
            context: .encoder(input: .features(1), layers: layers), output: .values(1)))
      } == what + "and the network has no encoder: give it one, or the layer another cell")
    #expect(
      message {
        _ = try Network(
          Architecture(
            input: .features(1), layers: [.init(.gru, units: 2)],
            context: .encoder(input: .features(1), layers: [.init(.gru, units: 2)]), readout: .last, headLayers: layers,
            output: .values(1)))
      }
        == "layer 1 above the readout has the cell additive, whose memory M is what an encoder gives at each step of a source, but reads what is read out of sequences, where there is no such memory"
    )
    var context = Architecture.Context.encoder(input: .features(1), layers: [.init(.gru, units: 2)])
    context.bridge = .additive
    #expect(
      message {
        _ = try Network(
          Architecture(input: .features(1), layers: [.init(.gru, units: 2)], context: context, output: .values(1)))
      } == "the bridge additive has a memory, and a bridge reads one vector alone")
  }

  /// The rows of the memory are as wide as what the encoder's last layer gives.
  @Test func weightsAreAsWideAsTheMemory() throws {
    let network = try network()
    let shapes = Dictionary(uniqueKeysWithValues: network.layout.entries.map { ($0.name, $0.shape) })
    #expect(shapes["layers.0.C"] == [5, 8])
    #expect(shapes["layers.0.U"]?.last == 8)
    #expect(shapes["layers.0.bridge.W"] == [5, 8])
  }
}

extension [Float] {
  /// The logarithms of the softmax.
  fileprivate var logarithms: [Double] {
    let numbers = map(Double.init)
    let largest = numbers.max() ?? 0
    let sum = numbers.reduce(0) { $0 + exp($1 - largest) }
    return numbers.map { $0 - largest - log(sum) }
  }
}
