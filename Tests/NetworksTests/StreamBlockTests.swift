import AllocationCounter
import CellLanguage
import Engine
import Foundation
import Networks
import Sequences
import Testing

/// Blocks of steps in memory of the caller's, as an audio callback has them.
struct StreamBlockTests {
  /// Networks that read two numbers, with every kind of output and what may stand below it.
  static let networks: [Network] = {
    do {
      let layers: [Architecture.Layer] = [.init(.lstm, units: 5), .init(.gru, units: 4)]
      let architectures = [
        Architecture(input: .features(2), layers: layers, output: .values(3)),
        Architecture(input: .features(2), layers: layers, output: .classes(4)),
        Architecture(input: .features(2), layers: layers, output: .distribution(.normal, targets: 1)),
        Architecture(input: .features(2), layers: layers, output: .lastLayer),
        Architecture(
          input: .features(2), layers: layers, readout: .mean, headLayers: [.init(.lstm, units: 3)], output: .classes(3)),
      ]
      return try architectures.map { try Network($0, seed: 1) }
    } catch { preconditionFailure("\(error)") }
  }()

  private static let steps = 12

  /// `[12, 2]`
  private static func features(of network: Network) throws -> (values: [Float], bound: Float) {
    let batch = NetworkCase(testDescription: "", lengths: [steps]).batch(network, seed: 1)
    let values = try #require(batch.inputs.numbers)
    return (values, Float(2 * ReferenceNetwork(network: network, batch: batch).roundings * 0x1p-24))
  }

  private enum Missing: Error { case features }

  /// Blocks of any length give, bit for bit, what single steps give, and up to rounding what a run over the sequence gives: both
  /// round each number as often as `roundings` counts, in different orders, and outputs here are of order 1.
  @Test(arguments: networks.indices, [1, 5, 12])
  func blocksAreStepsAreTheSequence(index: Int, length: Int) throws {
    let network = Self.networks[index]
    let (features, bound) = try Self.features(of: network)
    let rows = (0..<Self.steps).map { Array(features[$0 * 2..<($0 + 1) * 2]) }
    let weights = try StreamingNetwork(network)
    let (blocks, spans, single) = (weights.stream(), weights.stream(), weights.stream())
    let expected = rows.map { single.step($0) }
    let width = network.architecture.outputWidth
    var (given, spanned) = ([Float](), [Float]())
    for start in stride(from: 0, to: Self.steps, by: length) {
      let part = Array(features[start * 2..<min(start + length, Self.steps) * 2])
      var output = [Float](repeating: 9, count: part.count / 2 * width)
      part.withUnsafeBufferPointer { part in output.withUnsafeMutableBufferPointer { blocks.process(part, into: $0) } }
      given += output
      var other = [Float](repeating: 9, count: output.count)
      var span = other.mutableSpan
      spans.process(part.span, into: &span)
      spanned += other
    }
    #expect(given == expected.flatMap { $0 })
    #expect(spanned == given)
    #expect(blocks.outputs == expected.last && blocks.logits == single.logits)
    let whole = try network.outputs(for: rows)
    let last = Array(expected.suffix(whole.count))
    #expect(zip(last.joined(), whole.joined()).allSatisfy { abs($0 - $1) <= bound })
  }

  /// An effect writes over the sound that it reads.
  @Test func theOutputMayBeTheInput() throws {
    let network = try Network(input: .features(2), layers: [.init(.gru, units: 3)], output: .values(2), seed: 1)
    let (features, _) = try Self.features(of: network)
    let weights = try StreamingNetwork(network)
    let single = weights.stream()
    let expected = (0..<Self.steps).flatMap { single.step(Array(features[$0 * 2..<($0 + 1) * 2])) }
    var sound = features
    sound.withUnsafeMutableBufferPointer { weights.stream().process(UnsafeBufferPointer($0), into: $0) }
    #expect(sound == expected)
  }

  @Test func aBlockMayBeEmpty() throws {
    let stream = try Self.networks[0].stream()
    stream.process(UnsafeBufferPointer(start: nil, count: 0), into: UnsafeMutableBufferPointer(start: nil, count: 0))
    #expect(stream.outputs == [0, 0, 0])
  }

  @Test func oneNumberNeedsNoArray() throws {
    let network = try Network(input: .features(1), layers: [.init(.lstm, units: 3)], output: .values(2), seed: 1)
    let weights = try StreamingNetwork(network)
    let (one, other) = (weights.stream(), weights.stream())
    for value in [0.5, -1, 0.25] as [Float] { #expect(one.step(value) == other.step([value])) }
  }

  @Test(.enabled(if: ac_counts(), "allocations are counted with glibc and without sanitizers"), arguments: networks.indices)
  func blocksAllocateNothing(index: Int) throws {
    let stream = try Self.networks[index].stream()
    let input = [Float](repeating: 0.5, count: 64 * 2)
    var output = [Float](repeating: 0, count: 64 * Self.networks[index].architecture.outputWidth)
    let before = ac_allocations()
    for _ in 0..<1000 {
      input.withUnsafeBufferPointer { input in output.withUnsafeMutableBufferPointer { stream.process(input, into: $0) } }
      var span = output.mutableSpan
      stream.process(input.span, into: &span)
    }
    #expect(ac_allocations() == before)
    #expect(output.contains { $0 != 0 })
  }

  @Test(.enabled(if: ac_counts(), "allocations are counted with glibc and without sanitizers"))
  func stepsOnOneNumberAllocateNothing() throws {
    let network = try Network(input: .features(1), layers: [.init(.gru, units: 4)], output: .classes(2), seed: 1)
    let stream = try network.stream()
    var sum: Float = 0
    let before = ac_allocations()
    for step in 0..<10_000 {
      stream.step(Float(step % 7) * 0.125)
      sum += stream.probabilities[0] + stream.logits[1]
    }
    #expect(ac_allocations() == before)
    #expect(sum.isFinite)
  }
}

/// What does not fit a network ends the program with a sentence, in a release build too.
struct StreamRefusalTests {
  static let refusals: [(message: String, mistake: @Sendable () throws -> Void)] = [
    ("a step takes 2 features, not 1", { try numbers.get().stream().step([1]) }),
    ("a step takes 2 features, not 1", { try numbers.get().stream().step(0.5 as Float) }),
    ("the network reads no symbols: a step takes 2 numbers", { try numbers.get().stream().step(1) }),
    ("the network reads no names beside its features", { try numbers.get().stream().step([1, 2], name: 0) }),
    ("the network gives no classes, and so no probabilities of them", { _ = try numbers.get().stream().probabilities }),
    ("the stream has no layer 1; it has 1, counted from 0", { _ = try numbers.get().stream().state(0, ofLayer: 1) }),
    ("layer 0 has no state 2; its cell has 2, counted from 0", { _ = try numbers.get().stream().state(2, ofLayer: 0) }),
    (
      "a step takes 2 numbers and gives 3: 5 numbers in and 6 out are not those of whole steps",
      { try process(numbers.get(), input: 5, output: 6) }
    ),
    (
      "a step takes 2 numbers and gives 3: 4 numbers in and 7 out are not those of whole steps",
      { try process(numbers.get(), input: 4, output: 7) }
    ),
    ("the network reads a symbol at each step, and no numbers", { try symbols.get().stream().step([1, 2]) }),
    ("the vocabulary has no symbol 256; it has 256, counted from 0", { try symbols.get().stream().step(256) }),
    ("the network reads a symbol at each step, and no numbers", { try process(symbols.get(), input: 2, output: 256) }),
    (
      "there are no classes to draw from",
      {
        var sampler = try Sampler()
        _ = sampler.pick(logits: [])
      }
    ),
    (
      "the network has 33 weights; it was given 3",
      {
        var network = try Network(input: .features(2), layers: [.init(.rnn, units: 4)], output: .values(1))
        network.parameters = [1, 2, 3]
      }
    ),
    (
      "a runner that was not made to train computes no gradients",
      {
        let runner = NetworkRunner(try numbers.get(), machine: try Machine(threads: 1), trains: false)
        _ = try runner.gradientReach(.features([1, 2, 3, 4]), lengths: PackedLengths(steps: 2, batch: 1), seed: 0)
      }
    ),
  ]

  private static let numbers = Result {
    try Network(input: .features(2), layers: [.init(.lstm, units: 4)], output: .values(3), seed: 1)
  }
  private static let symbols = Result {
    try Network(input: .tokens(.bytes, embedding: 2), layers: [.init(.rnn, units: 4)], output: .categorical, seed: 1)
  }

  private static func process(_ network: Network, input: Int, output: Int) throws {
    let read = [Float](repeating: 0, count: input)
    var given = [Float](repeating: 0, count: output)
    let stream = try network.stream()
    read.withUnsafeBufferPointer { read in given.withUnsafeMutableBufferPointer { stream.process(read, into: $0) } }
  }

  @Test(arguments: refusals.indices)
  func whatDoesNotFitEndsTheProgramWithASentence(index: Int) async {
    let process = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index = index as Int] in
      try StreamRefusalTests.refusals[index].mistake()
    }
    let text = String(decoding: process?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Fatal error: \(Self.refusals[index].message)"))
  }
}
