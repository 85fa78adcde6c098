import CellLanguage
import Engine
import Inspector
import Networks
import Sequences
import Testing

/// Quantities that have a number for each step of a source are shown with the names of these.
struct AttentionPictureTests {
  @Test func theRowsOfAttentionAreTheSource() throws {
    let letters = try Vocabulary(kind: .characters, symbols: ["a", "b", "c"])
    let network = try Network(
      Architecture(
        input: .tokens(letters, embedding: 2), layers: [.init(try .named("gru-attention"), units: 3)],
        context: .encoder(input: .tokens(letters, embedding: 2), layers: [.init(.gru, units: 4)]), output: .categorical), seed: 2)
    let tokens: [Int32] = [0, 2, 1]
    let source = Batch.Source(tokens: [[2, 2, 0, 1, 1]], of: PackedLengths(steps: tokens.count, batch: 1))
    var input = InspectedInput(.tokens(tokens, letters), read: .tokens(tokens).with(source))
    input.source = ["c", "c", "a", "b", "b"]
    func rows() throws -> [String: [String]?] {
      let inspection = try Inspection(network, name: "m", on: input, machine: Machine(threads: 1))
      let layer = try InspectionReport([inspection], title: "m").models[0].layers[0]
      return Dictionary(uniqueKeysWithValues: layer.quantities.map { ($0.name, $0.rows) })
    }
    let named = try rows()
    #expect(named["a"] == ["c", "c", "a", "b", "b"])
    #expect(named["c"] == .some(nil) && named["h'"] == .some(nil))
    // Names of another number of steps would be those of something else.
    input.source = ["c", "c"]
    #expect(try rows()["a"] == .some(nil))
  }
}
