import CellCompiler
import CellLanguage
import Engine
import Exchange
import Models
import Networks
import Support
import TensorFiles
import Testing

/// Cells with heads against another package, over arrays of files, and where other systems don't have them.
struct HeadsTests {
  /// The xlstm package's cell has the same states but for a factor, which its output does not show: it begins the stabiliser with the first
  /// input gate, where it is the larger of that and 0 here.
  @Test func anSLSTMOfTwoHeadsIsThatOfItsAuthors() throws {
    let vectors = try Vectors.file("xlstm.safetensors")
    let (weights, kept) = try vectors.part("weights.")
    let (arrays, alsoKept) = try vectors.part("arrays.")
    let output = TemporaryFile()
    try withExtendedLifetime((kept, alsoKept)) {
      let network = try Network(Cell.named("slstm"), parameters: weights)
      #expect(network.plans[0].dimensions.values == ["inputs": 3, "units": 8, "heads": 2])
      let run = try ArrayRun(network, arrays, takesGradients: true)
      try Safetensors.write(run(on: Machine(threads: 1)), to: output.path)
    }
    let given = try TensorFile(contentsOf: output.path)
    let names = weights.tensors.map(\.name)
    #expect(names.count == 12)
    let pairs = [("y", "y"), ("gradient.x", "gradients.x")] + names.map { ("gradient.layers.0.\($0)", "gradients.\($0)") }
    for (own, theirs) in pairs {
      let (values, expected) = (try given.floats(own), try vectors.floats(theirs))
      #expect(values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(own)")
    }
  }

  @Test func blocksSayHowManyHeadsThereAre() throws {
    let cell = try Cell(parsing: "cell split\ninput x\nheads units / 8\nstate h\nblock R\nh' = tanh(W x + R h)\n")
    func network(_ columns: Int) throws -> Network {
      let file = TemporaryFile()
      try Safetensors.write(
        [
          .init("W", [Float](repeating: 0, count: 24), shape: [8, 3]),
          .init("R", [Float](repeating: 0, count: 8 * columns), shape: [8, columns]),
        ], to: file.path)
      return try Network(cell, parameters: TensorFile(contentsOf: file.path))
    }
    #expect(try network(2).plans[0].heads == 4)
    #expect(try network(8).plans[0].heads == 1)
    #expect(throws: RecurrentError.self) { try network(3) }
  }

  @Test func otherSystemsHaveNoHeads() throws {
    let cell = try Cell(parsing: "cell split\ninput x\nheads 2\nstate h\nblock U\nh' = tanh(W x + U h + b)\n")
    let error = #expect(throws: RecurrentError.self) {
      try LayerDescription(cell, dimensions: try cell.dimensions(inputs: 2, units: 4))
    }
    #expect(
      error?.description
        == "cell split is no plain network, LSTM or GRU of the kinds that other systems have: it has heads")
  }
}
