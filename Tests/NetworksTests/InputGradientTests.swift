import CellLanguage
import Engine
import Networks
import Sequences
import Support
import Testing

struct InputGradientTests {
  /// What each step's vector contributes to the embedding's gradient is its input gradient: those of a symbol's rows add up to
  /// that of its row in the embedding, which finite differences hold elsewhere.
  @Test func theyAddUpToTheEmbeddingsGradient() throws {
    let vocabulary = try Vocabulary(kind: .characters, symbols: ["a", "b", "c"])
    let network = try Network(
      input: .tokens(vocabulary, embedding: 5), layers: [.init(.lstm, units: 4), .init(.gru, units: 3)], output: .categorical,
      seed: 7)
    let lengths = try PackedLengths([6, 4, 4])
    var random = Random(seed: 8)
    let tokens = (0..<lengths.rows).map { _ in Int32(random.integer(in: 0..<3)) }
    let targets = Batch.Targets.classes((0..<lengths.rows).map { $0 % 4 == 3 ? -1 : Int32($0 % 3) })
    let machine = try Machine(threads: 1)
    let found = try NetworkRunner(network, machine: machine, trains: true)
      .inputGradients(.tokens(tokens), lengths: lengths, targets: targets).inputs
    let gradients = FloatBuffer(count: network.layout.count)
    let loss = try NetworkRunner(network, machine: machine, trains: true)
      .run(.tokens(tokens), lengths: lengths, targets: targets, gradients: gradients.base)
    let entry = try #require(network.layout["embedding.weight"])
    for symbol in 0..<3 {
      for column in 0..<5 {
        let sum = tokens.indices.filter { tokens[$0] == symbol }.reduce(Float(0)) { $0 + found[$1 * 5 + column] }
        let whole = gradients.base[entry.range.lowerBound + symbol * 5 + column] * Float(loss.count)
        // At most 14 numbers below 1 are added up, in another order.
        #expect(abs(sum - whole) <= 14 * 0x1p-24 * 2)
      }
    }
    #expect(found.contains { $0 != 0 })
  }

  /// Where each symbol stands once in a source, the gradient of what the encoder reads at a step is that of the symbol's row in its embedding,
  /// which central differences in Double give.
  @Test(arguments: [true, false])
  func thoseOfASourceAgreeWithDifferencesInDouble(attends: Bool) throws {
    let letters = GradientTests.letters
    let network = try Network(
      Architecture(
        input: .tokens(letters, embedding: 3),
        layers: [.init(attends ? .additive : .lstm, units: 4), .init(.gru, units: 3)],
        context: .encoder(
          input: .tokens(letters, embedding: 2), layers: [.init(.gru, units: 3, direction: .bidirectional(.concatenate))]),
        output: .categorical), seed: 5)
    let lengths = try PackedLengths([4])
    let source = Batch.Source(tokens: [[3, 0, 4, 1]], of: lengths)
    let inputs = Batch.Inputs.tokens([1, 2, 2, 0]).with(source)
    let targets = Batch.Targets.classes([-1, 3, -1, 4])
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: true)
    let found = try runner.inputGradients(inputs, lengths: lengths, targets: targets).source
    let reference = ReferenceNetwork(network: network, batch: Batch(lengths: lengths, inputs: inputs, targets: targets))
    let expected = try reference.gradient(network.parameters.map(Double.init))
    let start = try #require(network.layout["encoder.embedding.weight"]).range.lowerBound
    for (step, symbol) in [3, 0, 4, 1].enumerated() {
      for column in 0..<2 {
        let (own, right) = (Double(found[step * 2 + column]), 2 * expected[start + symbol * 2 + column])
        #expect(abs(own - right) <= 2 * reference.roundings * 0x1p-24, "step \(step): \(own) instead of \(right)")
        #expect(abs(right) > 1e-4)
      }
    }
    // The gradient of weights is that of a run without it afterwards.
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    _ = try runner.run(inputs, lengths: lengths, targets: targets, gradients: &gradient)
    #expect(abs(Double(gradient[start + 6]) - expected[start + 6]) <= reference.roundings * 0x1p-24)
  }

  /// Of a vector with which a sequence begins, each number's gradient is that of differences.
  @Test func thatOfAVectorAgreesWithDifferencesInDouble() throws {
    let network = try Network(
      Architecture(input: .features(1), layers: [.init(.lstm, units: 3)], context: .vector(3), output: .values(1)), seed: 1)
    let lengths = try PackedLengths([3, 1])
    func batch(_ vectors: [[Float]]) -> Batch {
      Batch(
        lengths: lengths, inputs: .features([0.5, -1, 2, 1]).with(Batch.Source(vectors: vectors, of: lengths)),
        targets: .values([1, 0, -1, 2]))
    }
    let vectors: [[Float]] = [[0.5, -0.25, 1], [2, 0, -0.5]]
    let whole = batch(vectors)
    let source = try #require(whole.inputs.source)
    let found = try NetworkRunner(network, machine: try Machine(threads: 1), trains: true)
      .inputGradients(whole.inputs, lengths: lengths, targets: whole.targets).source
    for (sequence, number) in lengths.numbers.enumerated() {
      for column in 0..<3 {
        func loss(_ change: Float) throws -> Double {
          var moved = vectors
          moved[sequence][column] += change
          return try ReferenceNetwork(network: network, batch: batch(moved)).loss(network.parameters.map(Double.init))
        }
        // The steps are powers of two, so that they are what is added.
        let right = try 4 * (loss(0x1p-12) - loss(-0x1p-12)) / 0x1p-11
        let place = try #require(source.lengths.numbers.firstIndex(of: number))
        #expect(abs(Double(found[place * 3 + column]) - right) < 1e-6, "number \(column) of sequence \(sequence)")
        #expect(abs(right) > 1e-4)
      }
    }
  }
}
