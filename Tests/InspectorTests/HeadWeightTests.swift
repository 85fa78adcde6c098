import CellLanguage
import Engine
import Inspector
import Networks
import Sequences
import Testing

struct HeadWeightTests {
  /// The eigenvalues of a block-diagonal matrix are those of its blocks: 1 for each, as they start, and 3 for one of them.
  @Test func theLargestEigenvalueIsThatOfABlock() throws {
    let cell = try Cell(parsing: "cell split\ninput x\nheads 2\nstate h\nblock R\nh' = tanh(W x + R h)\n")
    let vocabulary = try Vocabulary(kind: .characters, symbols: ["a", "b", "c"])
    var network = try Network(input: .tokens(vocabulary), layers: [.init(cell, units: 6)], output: .categorical, seed: 5)
    func weights() throws -> InspectionReport.Weights {
      try #require(try network.inspected([0, 1, 2, 1]).layer().weights.first { $0.name == "R" })
    }
    let before = try weights()
    #expect((before.rows, before.columns, before.part) == (6, 3, "recurrent"))
    #expect(abs(try #require(before.spectralRadius) - 1) < 1e-5)
    let range = try #require(network.layout["layers.0.R"]).range
    for place in range.suffix(9) { network.parameters[place] *= 3 }
    #expect(abs(try #require(try weights().spectralRadius) - 3) < 1e-5)
  }
}
