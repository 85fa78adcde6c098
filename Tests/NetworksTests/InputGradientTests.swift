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
}
