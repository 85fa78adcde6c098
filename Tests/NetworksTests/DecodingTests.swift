import AllocationCounter
import CellLanguage
import Engine
import Foundation
import Networks
import Sequences
import Support
import Testing

/// Sequences that follow sources.
struct DecodingTests {
  private static let letters = fixture { try Vocabulary(kind: .characters, symbols: ["<", ">", "a", "b"]) }
  private static let (begin, end) = (0, 1)

  private func network(
    _ layers: [Architecture.Layer] = [.init(.lstm, units: 5), .init(.gru, units: 4, learnsInitialStates: true)], seed: UInt64 = 3
  ) throws -> Network {
    var network = try Network(
      Architecture(
        input: .tokens(Self.letters, embedding: 3), layers: layers,
        context: .encoder(
          input: .tokens(Self.letters, embedding: 2),
          layers: [.init(.gru, units: 4, direction: .bidirectional(.concatenate))]),
        output: .categorical), seed: seed)
    // Weights so large that what follows depends on what comes before.
    network.parameters = network.parameters.map { 2.5 * $0 }
    return network
  }

  private static let sources: [[Int32]] = [[2, 3, 3], [3], [2, 2, 2, 2, 3], [3, 2], [2]]

  /// The logarithms of the probabilities of what comes after some symbols.
  private func logProbabilities(_ stream: NetworkStream) -> [Double] { stream.probabilities.map { log(Double($0)) } }

  /// A stream after a source, step by step, is what a run over whole sequences gives, each with its own source: sums of at most 40
  /// products, in the order of either kernel, of numbers below 8.
  @Test func aStreamIsTheSequence() throws {
    let network = try network()
    let sequences: [[Int32]] = [[0, 2, 3, 3, 2], [0, 3, 2], [0, 2, 2], [0], []]
    let lengths = PackedLengths(sorted: sequences.map(\.count))
    let inputs = Batch.Inputs.tokens(lengths.packed(sequences)).with(Batch.Source(tokens: Self.sources, of: lengths))
    let outputs = try NetworkRunner(network, machine: try Machine(threads: 2), trains: false).outputs(inputs, lengths: lengths)
    let decoder = try StreamingDecoder(network)
    let encoded = try decoder.encode(tokens: Self.sources)
    for (place, sequence) in sequences.enumerated() {
      let stream = decoder.stream(after: encoded[place])
      for again in 0..<2 {
        for (step, symbol) in sequence.enumerated() {
          let row = lengths.row(step: step, sequence: place) * 4
          for (own, expected) in zip(stream.step(Int(symbol)), outputs[row..<row + 4]) {
            #expect(abs(own - expected) < 40 * 8 * 0x1p-24, "step \(step) of sequence \(place)")
          }
        }
        if again == 0 { stream.reset() }
      }
    }
  }

  /// A copy goes on after the same source.
  @Test func aCopyKeepsTheSource() throws {
    let decoder = try StreamingDecoder(try network())
    let stream = decoder.stream(after: try decoder.encode(tokens: Self.sources)[2])
    stream.read(Self.begin)
    let copy = stream.copy()
    #expect(copy.step(2) == stream.step(2))
    copy.reset()
    stream.reset()
    #expect(copy.step(3) == stream.step(3))
  }

  /// All sequences up to a length with their probabilities, by streams.
  private func enumerated(_ decoder: StreamingDecoder, after source: EncodedSource, longest: Int) -> [([Int32], Double, Bool)] {
    var (alive, found): ([([Int32], Double)], [([Int32], Double, Bool)]) = ([([], 0)], [])
    for _ in 0..<longest {
      var next: [([Int32], Double)] = []
      for (tokens, probability) in alive {
        let stream = decoder.stream(after: source)
        stream.read(Self.begin)
        stream.read(tokens)
        for (symbol, own) in logProbabilities(stream).enumerated() {
          if symbol == Self.end {
            found.append((tokens, probability + own, true))
          } else {
            next.append((tokens + [Int32(symbol)], probability + own))
          }
        }
      }
      alive = next
    }
    return found + alive.map { ($0.0, $0.1, false) }
  }

  /// With room for all sequences a search finds all, in the order of their scores: 1 + 3 + 9 + 27 that end and 81 that are cut off.
  @Test(arguments: [0, 0.6, 1.5]) func aWideBeamIsAnExhaustiveSearch(lengthPenalty: Double) throws {
    let decoder = try StreamingDecoder(try network())
    let source = try decoder.encode(tokens: Self.sources)[2]
    let search = try BeamSearch(width: 121, longest: 4, lengthPenalty: lengthPenalty, best: 121)
    let found = try search.run(decoder, after: source, begin: Self.begin, end: Self.end)
    let expected = enumerated(decoder, after: source, longest: 4)
    #expect(found.count == expected.count && Set(found.map(\.tokens)).count >= 81)
    for own in found {
      let same = try #require(expected.first { $0.0 == own.tokens && $0.2 == own.isFinished })
      // Four steps of sums in Float.
      #expect(abs(own.logProbability - same.1) < 1e-4)
      let length = Double(own.tokens.count + (own.isFinished ? 1 : 0))
      #expect(abs(own.score - own.logProbability / pow((5 + length) / 6, lengthPenalty)) < 1e-12)
    }
    for (own, next) in zip(found, found.dropFirst()) {
      #expect(own.isFinished == next.isFinished ? own.score >= next.score : own.isFinished)
    }
    // Who wants one gets the first of these, however early the search is over.
    let one = try BeamSearch(width: 121, longest: 4, lengthPenalty: lengthPenalty)
      .run(decoder, after: source, begin: Self.begin, end: Self.end)
    #expect(one.map(\.tokens) == [found[0].tokens])
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func aBeamOfOneTakesTheMostProbableSymbol(seed: UInt64) throws {
    let decoder = try StreamingDecoder(try network(seed: seed))
    let search = try BeamSearch(width: 1, longest: 12, lengthPenalty: 0)
    for source in try decoder.encode(tokens: Self.sources) {
      let stream = decoder.stream(after: source)
      var (tokens, sum, symbol): ([Int32], Double, Int) = ([], 0, Self.begin)
      for _ in 0..<12 {
        stream.read(symbol)
        let own = logProbabilities(stream)
        symbol = own.indices.max { own[$0] < own[$1] } ?? 0
        sum += own[symbol]
        if symbol == Self.end { break }
        tokens.append(Int32(symbol))
      }
      let found = try search.run(decoder, after: source, begin: Self.begin, end: Self.end)
      #expect(found.map(\.tokens) == [tokens])
      #expect(found[0].isFinished == (symbol == Self.end))
      #expect(abs(found[0].logProbability - sum) < 1e-4)
    }
  }

  /// Sources that are followed together are those followed one by one, whichever are done first.
  @Test(arguments: [1, 2, 3, 8]) func sourcesTogetherAreThoseOneByOne(together: Int) throws {
    let decoder = try StreamingDecoder(try network(seed: 2))
    let sources = try decoder.encode(tokens: Self.sources + Self.sources.map { $0 + [3, 3] })
    let search = try BeamSearch(width: 3, longest: 9, best: 3, together: together)
    let all = try search.run(decoder, after: sources, begin: Self.begin, end: Self.end)
    #expect(Set(all.map { $0.first?.tokens.count }).count > 1)
    for (source, found) in zip(sources, all) {
      let own = try search.run(decoder, after: source, begin: Self.begin, end: Self.end)
      #expect(found.map(\.tokens) == own.map(\.tokens))
      for (first, second) in zip(found, own) { #expect(abs(first.logProbability - second.logProbability) < 1e-4) }
    }
  }

  /// Each source may have a greatest length of its own; what is cut off says so.
  @Test func eachSourceHasItsGreatestLength() throws {
    let decoder = try StreamingDecoder(try network())
    let sources = try decoder.encode(tokens: Self.sources)
    let search = try BeamSearch(width: 2, longest: 6, best: 2, together: 2)
    let found = try search.run(decoder, after: sources, begin: Self.begin, end: Self.end, longest: [1, 2, 9, 4, 5])
    for (place, (source, limit)) in zip(sources, [1, 2, 6, 4, 5]).enumerated() {
      let own = try BeamSearch(width: 2, longest: limit, best: 2).run(decoder, after: source, begin: Self.begin, end: Self.end)
      #expect(found[place].map(\.tokens) == own.map(\.tokens))
      #expect(found[place].allSatisfy { $0.tokens.count + ($0.isFinished ? 1 : 0) <= limit })
    }
    #expect(found[0].contains { !$0.isFinished })
    let error = #expect(throws: RecurrentError.self) {
      try search.run(decoder, after: sources, begin: Self.begin, end: Self.end, longest: [1, 0])
    }
    #expect(error?.description == "the greatest lengths are 1, 0: give one of at least 1 for each of 5 sources")
  }

  @Test(.enabled(if: ac_counts(), "allocations are counted with glibc and without sanitizers"))
  func aStepAllocatesNothing() throws {
    var network = try network()
    // Nothing ever ends.
    let bias = try #require(network.layout["output.bias"])
    network.parameters[bias.range.lowerBound + Self.end] = -1000
    let decoder = try StreamingDecoder(network)
    let sources = try decoder.encode(tokens: Self.sources)
    var counts: [Int64] = []
    counts.reserveCapacity(300)
    let found = try BeamSearch(width: 3, longest: 300, best: 3).run(decoder, after: sources, begin: Self.begin, end: Self.end) {
      counts.append(ac_allocations())
      return false
    }
    #expect(found.joined().allSatisfy { $0.tokens.count == 300 })
    #expect(counts.count == 300 && counts[2] == counts[299])
  }

  @Test func aSearchCanBeStopped() throws {
    let decoder = try StreamingDecoder(try network())
    var steps = 0
    let found = try BeamSearch(width: 2, longest: 50, best: 2).run(
      decoder, after: try decoder.encode(tokens: Self.sources), begin: Self.begin, end: Self.end
    ) {
      steps += 1
      return steps > 1
    }
    #expect(found.count == Self.sources.count && found.joined().allSatisfy { $0.tokens.count <= 1 })
  }

  @Test func noSourcesGiveNothing() throws {
    let decoder = try StreamingDecoder(try network())
    #expect(try decoder.encode(tokens: []).isEmpty)
    #expect(try BeamSearch(longest: 3).run(decoder, after: [], begin: Self.begin, end: Self.end).isEmpty)
  }

  @Test func whatCanNotBeDecodedIsRefused() throws {
    func message(_ body: () throws -> Void) -> String? { #expect(throws: RecurrentError.self) { try body() }?.description }
    let plain = try Network(input: .tokens(Self.letters), layers: [.init(.gru, units: 2)], output: .categorical)
    #expect(
      message { _ = try StreamingDecoder(plain) }
        == "the network knows nothing of a sequence before its first step, so that there is nothing to decode: make a stream of it"
    )
    let network = try network()
    #expect(
      message { _ = try network.stream() }
        == "the network can't be run step by step by itself: it begins with what an encoder reads of a source; make a StreamingDecoder of it"
    )
    let decoder = try StreamingDecoder(network)
    #expect(
      message { _ = try decoder.encode(tokens: [[2], []]) } == "the source of sequence 1 has no steps; it must have at least one")
    #expect(
      message { _ = try decoder.encode(tokens: [[2, 4]]) }
        == "the encoder's input reads symbols of a vocabulary, and the batch has the symbol 4; the vocabulary has 4, counted from 0"
    )
    #expect(
      message { _ = try decoder.encode(vectors: [[1, 2]]) }
        == "the encoder's input reads symbols of a vocabulary, and the batch has no symbols, and the network reads one at each step"
    )
    let source = try decoder.encode(tokens: [[2]])[0]
    let search = try BeamSearch(longest: 3)
    #expect(
      message { _ = try search.run(decoder, after: source, begin: 0, end: 4) }
        == "symbol 4, with which a sequence ends, is not in the vocabulary; it has 4, counted from 0")
    #expect(
      message { _ = try BeamSearch(width: 0, longest: 3) }
        == "the width of the beam is 0; it must be a whole number from 1 to 4096")
    #expect(
      message { _ = try BeamSearch(width: 2, longest: 3, best: 3) }
        == "3 sequences are wanted of a beam of width 2; it finds at least 1, and at most as many as it is wide")
    #expect(message { _ = try BeamSearch(longest: 3, lengthPenalty: -1) } == "the length penalty is -1.0; it must be at least 0")
    let values = try StreamingDecoder(
      Network(Architecture(input: .features(1), layers: [.init(.gru, units: 2)], context: .vector(2), output: .values(1))))
    #expect(
      message { _ = try search.run(values, after: try values.encode(vectors: [[1, 2]])[0], begin: 0, end: 1) }
        == "a beam search needs a network that reads symbols of a vocabulary and gives one of the same symbols at each step")
  }
}
