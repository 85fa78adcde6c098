import CellLanguage
import Engine
import Exchange
import Models
import Networks
import Support
import TensorFiles
import Testing

/// Weights of cells as other programs name, stack and transpose them.
struct ParameterMapTests {
  private static let plain = Result { try Cell(parsing: "cell plain\ninput x\nstate h\nh' = tanh(W x + U h + b)\n") }

  private func file(_ entries: [Safetensors.Entry]) throws -> (TensorFile, TemporaryFile) {
    let file = TemporaryFile()
    try Safetensors.write(entries, to: file.path)
    return (try TensorFile(contentsOf: file.path), file)
  }

  private func numbers(_ count: Int, from first: Int = 0) -> [Float] { (first..<first + count).map { Float($0) / 16 } }

  @Test func rowsAndTransposesAreFound() throws {
    let (stacked, kept) = try file([
      .init("rnn.stack", numbers(20), shape: [5, 4]), .init("rnn.b", numbers(2), shape: [2]), .init("other", [1], shape: [1]),
    ])
    let map = try #require(ParameterMap("W=stack[0..2], U = square^T"))
    try withExtendedLifetime(kept) {
      let error = #expect(throws: RecurrentError.self) { try stacked.renamed(prefix: "rnn.", map: map) }
      #expect(
        error?.description.replacing(stacked.path, with: "FILE")
          == "FILE has no tensor \"rnn.square\", of which the map makes \"U\"")
      let both = try #require(ParameterMap("W=stack[1..3],V=stack^T"))
      let made = try stacked.renamed(prefix: "rnn.", map: both)
      #expect(Set(made.tensors.map(\.name)) == ["W", "V", "b"])
      #expect(try made.floats("W", shape: [2, 4]) == numbers(8, from: 4))
      #expect(try made.floats("V", shape: [4, 5])[1] == 4.0 / 16)
    }
  }

  @Test(arguments: ["W", "W=", "=a", "W=a[1..1]", "W=a[2..1]", "W=a[..]", "W=a,", "W=[0..1]"])
  func whatIsNoMapIsNone(text: String) { #expect(ParameterMap(text) == nil) }

  @Test func aStackOfBothDirectionsIsTheNetworkOfItsWeights() throws {
    let cell = try Self.plain.get()
    let network = try Network(
      Architecture(
        input: .features(3),
        layers: [
          .init(cell, units: 2, direction: .bidirectional(.concatenate)), .init(cell, units: 5, direction: .reverse),
        ], output: .lastLayer), seed: 7)
    let (weights, kept) = try file(
      network.layout.entries.map { .init($0.name, Array(network.parameters[$0.range]), shape: $0.shape) })
    try withExtendedLifetime(kept) {
      let read = try Network(cell, parameters: weights)
      #expect(read.parameters == network.parameters)
      #expect(read.architecture.layers.map(\.direction) == network.architecture.layers.map(\.direction))
    }
  }

  private func refusal(_ entries: [Safetensors.Entry]) throws -> String {
    let (weights, kept) = try file(entries)
    let error = #expect(throws: RecurrentError.self) { try Network(Self.plain.get(), parameters: weights) }
    return withExtendedLifetime(kept) { (error?.description ?? "").replacing(weights.path, with: "FILE") }
  }

  /// Of shapes that disagree the odd one is blamed, whichever it is.
  @Test func theOddShapeIsBlamed() throws {
    #expect(
      try refusal([
        .init("W", numbers(15), shape: [5, 3]), .init("U", numbers(16), shape: [4, 4]), .init("b", numbers(4), shape: [4]),
      ])
        == "tensor \"W\" of FILE has the shape [5, 3]; expected [4, 3], as it is units × inputs and the other tensors say inputs = 3, units = 4"
    )
    #expect(
      try refusal([
        .init("W", numbers(12), shape: [4, 3]), .init("U", numbers(16), shape: [4, 4]), .init("b", numbers(5), shape: [5]),
      ])
        == "tensor \"b\" of FILE has the shape [5]; expected [4], as it is units and the other tensors say inputs = 3, units = 4")
  }

  @Test func layersThatDoNotFitAreNamed() throws {
    func layer(_ place: String, _ units: Int, _ inputs: Int) -> [Safetensors.Entry] {
      [
        .init(place + "W", numbers(units * inputs), shape: [units, inputs]),
        .init(place + "U", numbers(units * units), shape: [units, units]), .init(place + "b", numbers(units), shape: [units]),
      ]
    }
    #expect(
      try refusal(layer("layers.0.", 4, 3) + layer("layers.1.", 2, 5))
        == "the tensors layers.1.… of FILE are of a layer that reads 5 numbers, and the one below it gives 4")
    #expect(
      try refusal(layer("layers.0.forward.", 4, 3))
        == "FILE has no tensor \"layers.0.reverse.W\", a parameter of cell plain")
  }
}
