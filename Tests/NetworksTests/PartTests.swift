import CellLanguage
import Engine
import Networks
import Sequences
import Testing

/// Runs of a batch's parts, as several processes make them, against a run of the whole batch.
struct PartTests {
  private struct Result {
    var loss: Double
    var gradient: [Float]
    /// What is summed up before a gradient follows from it.
    var sums: [Float]
  }

  private func runner(_ each: NetworkCase, _ network: Network, rows: Int?) throws -> NetworkRunner {
    let runner = NetworkRunner(
      network, machine: try Machine(threads: 1), trains: true, regularization: each.whole, checkpointsGradients: rows != nil)
    if let rows { runner.segmentRows = rows }
    return runner
  }

  /// - Parameter nodes: the shards of each part, which are those below a node of the tree.
  private func expectSums(_ each: NetworkCase, of nodes: [Range<Int>], rows: Int? = nil) throws {
    let network = try each.network()
    let (batch, before) = (each.batch(network, seed: 1), each.isCarried ? each.batch(network, seed: 2) : nil)
    let runner = try runner(each, network, rows: rows)
    var whole = [Float](repeating: 0, count: network.parameters.count)
    if let before { _ = try runner.run(before.inputs, lengths: before.lengths, targets: before.targets) }
    let loss = try runner.run(
      batch.inputs, lengths: batch.lengths, targets: batch.targets, carriesStates: before != nil, gradients: &whole, seed: 9)

    let isOfSequences = network.architecture.readout != .everyStep
    let totals = BatchTotals(batch, of: network.architecture)
    var parts: [Int: Result] = [:]
    for node in nodes {
      let sequences = (0..<batch.lengths.batch).filter { node.contains(batch.lengths.shard(of: $0)) }
      guard let first = sequences.map({ batch.lengths.shard(of: $0) }).min() else { continue }
      if let before {
        let part = before.part(sequences, targetsAreOfSequences: isOfSequences)
        _ = try runner.run(part.inputs, lengths: part.lengths, targets: part.targets)
      }
      let part = batch.part(sequences, targetsAreOfSequences: isOfSequences)
      var result = Result(loss: 0, gradient: whole.map { _ in .nan }, sums: [])
      result.loss = try runner.run(
        part.inputs, lengths: part.lengths, targets: part.targets, carriesStates: before != nil, gradients: &result.gradient,
        seed: 9,
        whole: totals
      ).sum
      result.sums = [Float](repeating: 0, count: runner.sumCount)
      runner.addSums(to: &result.sums)
      parts[first] = result
    }
    var sum = added(parts, \.gradient)
    let sums = added(parts, \.sums)
    sum.withUnsafeMutableBufferPointer { gradient in
      sums.withUnsafeBufferPointer { sums in
        if let gradient = gradient.baseAddress, let sums = sums.baseAddress { runner.finish(gradient, from: sums) }
      }
    }
    #expect(sum.map(\.bitPattern) == whole.map(\.bitPattern), "\(nodes)")
    #expect(sumTree((0..<batch.lengths.shards).map { parts[$0]?.loss ?? 0 }) == loss.sum)
    #expect(totals.counted == loss.count)
    #expect(whole.contains { $0 != 0 })
  }

  private func added(_ parts: [Int: Result], _ numbers: (Result) -> [Float]) -> [Float] {
    let count = parts.values.map { numbers($0).count }.max() ?? 0
    let buffers = parts.mapValues { part in
      let buffer = FloatBuffer(count: count)
      for (place, number) in numbers(part).enumerated() { buffer.base[place] = number }
      return buffer
    }
    let sum = sumTree((0..<8).map { buffers[$0]?.base }, count: count)
    return withExtendedLifetime(buffers) { Array(UnsafeBufferPointer(start: sum, count: count)) }
  }

  private static let cases: [NetworkCase] =
    [
      GradientTests.cases, GradientTests.shortcuts, GradientTests.distributions, GradientTests.regularized,
      GradientTests.reversed,
      GradientTests.readouts, NetworkCase.structures, NetworkCase.words, NetworkCase.named, NetworkCase.contexts,
      NetworkCase.memories,
    ].flatMap { $0 }

  @Test(arguments: cases)
  func theGradientIsTheSumOfThoseOfItsParts(_ each: NetworkCase) throws {
    for nodes in [[0..<4, 4..<8], [0..<2, 2..<3, 3..<4, 4..<8], (0..<8).map { $0..<$0 + 1 }] {
      try expectSums(each, of: nodes)
    }
  }

  private static let forward: [NetworkCase] = {
    let own = GradientTests.readouts + GradientTests.regularized + GradientTests.shortcuts + NetworkCase.contexts
    let (words, named) = (Array(NetworkCase.words.dropFirst()), Array(NetworkCase.named.dropLast()))
    let forward: [NetworkCase] = own.filter { $0.direction == .forward }
    return GradientTests.cases + forward + words + named + Array(NetworkCase.memories.prefix(2))
  }()

  /// The parts of a batch are cut into segments where the whole batch is.
  @Test(arguments: forward)
  func soItIsInSegments(_ each: NetworkCase) throws {
    try expectSums(each, of: [0..<2, 2..<4, 4..<8], rows: 1)
  }

  /// Twenty sequences, of which shards have two or three, and a matrix that is the embedding's and the output's.
  @Test func soItIsInLargerBatches() throws {
    var each = NetworkCase(testDescription: "", input: .tokens(.bytes, embedding: 9), cells: [.lstm, .gru], output: .categorical)
    each.layers = [.init(.lstm, units: 20), .init(.gru, units: 9)]
    each.tiesEmbedding = true
    each.lengths = (0..<20).map { 30 - $0 }
    each.regularization = Regularization(
      dropout: 0.2, inputDropout: 0.1, recurrentDropout: 0.25, weightDrop: 0.2, embeddingDropout: 0.1, activationPenalty: 1,
      temporalPenalty: 1, labelSmoothing: 0.1)
    for nodes in [[0..<4, 4..<8], [0..<2, 2..<3, 3..<4, 4..<6, 6..<8], (0..<8).map { $0..<$0 + 1 }] {
      try expectSums(each, of: nodes)
    }
  }
}
