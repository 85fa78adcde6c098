import AllocationCounter
import CellLanguage
import Engine
import Foundation
import Networks
import Sequences
import Testing

/// What a network's streams promise beside the right numbers: no allocation, and any number of them over one network.
struct StreamPromiseTests {
  /// Networks that read features, symbols by number and symbols by vector.
  static let networks: [Network] = {
    do {
      let layers: [Architecture.Layer] = [.init(.lstm, units: 5), .init(.gru, units: 4)]
      return [
        try Network(input: .features(3), layers: layers, output: .values(2), seed: 1),
        try Network(input: .tokens(GradientTests.letters), layers: layers, output: .categorical, seed: 1),
        try Network(input: .tokens(GradientTests.letters, embedding: 3), layers: layers, output: .categorical, seed: 1),
      ]
    } catch { preconditionFailure("\(error)") }
  }()

  /// Step number `step` of the stream number `seed` over one of the networks, on an input that depends on both.
  private static func run(_ stream: NetworkStream, of network: Int, step: Int, seed: Int, features: inout [Float]) {
    let number = (step &* 31 &+ seed &* 17) % 5
    if network == 0 {
      for place in features.indices { features[place] = Float((number + step / 5 * place) % 5) * 0.25 }
      stream.step(features)
    } else {
      stream.step(number)
    }
  }

  @Test(.enabled(if: ac_counts(), "allocations are counted with glibc and without sanitizers"), arguments: networks.indices)
  func aMillionStepsAllocateNothing(network: Int) throws {
    let stream = try StreamingNetwork(Self.networks[network], machine: try Machine(threads: 1)).stream()
    var features = [Float](repeating: 0, count: 3)
    let before = ac_allocations()
    for step in 0..<1_000_000 { Self.run(stream, of: network, step: step, seed: 0, features: &features) }
    #expect(ac_allocations() == before)
  }

  /// Eight threads, four streams each that step in turn, all over the same weights: the outputs of each step of each stream
  /// are those, bit for bit, of the streams one after another.
  @Test(arguments: networks.indices)
  func manyStreamsOnManyThreadsDisturbNoOther(network: Int) throws {
    let weights = try StreamingNetwork(Self.networks[network], machine: try Machine(threads: 1))
    let (threads, each, steps) = (8, 4, 500)
    @Sendable func outputs(seeds: Range<Int>) -> [[Float]] {
      let streams = seeds.map { _ in weights.stream() }
      var outputs = [[Float]](repeating: [], count: seeds.count)
      var features = [Float](repeating: 0, count: 3)
      for step in 0..<steps {
        for (place, seed) in seeds.enumerated() {
          Self.run(streams[place], of: network, step: step, seed: seed, features: &features)
          outputs[place] += streams[place].outputs
        }
      }
      return outputs
    }
    let alone = (0..<threads * each).flatMap { outputs(seeds: $0..<$0 + 1) }
    let together = Together(threads) { thread in outputs(seeds: thread * each..<(thread + 1) * each) }
    let isSame = together.results.flatMap { $0 } == alone
    #expect(isSame)
    let differing = Set(alone).count
    #expect(differing == 5, "the inputs of two streams are the same if their seeds are five apart")
  }
}

/// What a function gives on threads that all run at once, however few processors there are.
private struct Together<Result: Sendable> {
  let results: [Result]

  init(_ count: Int, _ body: @escaping @Sendable (Int) -> Result) {
    let lock = NSLock(), done = DispatchGroup()
    nonisolated(unsafe) var results: [Int: Result] = [:]
    for index in 0..<count {
      done.enter()
      Thread.detachNewThread {
        let result = body(index)
        lock.withLock { results[index] = result }
        done.leave()
      }
    }
    done.wait()
    self.results = (0..<count).compactMap { results[$0] }
  }
}
