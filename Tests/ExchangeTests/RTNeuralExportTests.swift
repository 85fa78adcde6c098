import CellLanguage
import Engine
import Exchange
import Networks
import Storage
import Support
import TensorFiles
import Testing

/// What is written for RTNeural is read again as the same network.
struct RTNeuralExportTests {
  private static func network(_ cell: String, layers: Int = 1, output: Architecture.Output = .values(1)) throws -> Network {
    let layer = Architecture.Layer(try Cell.named(cell), units: 3)
    return try Network(
      Architecture(input: .features(2), layers: Array(repeating: layer, count: layers), output: output), seed: 5)
  }

  @Test(arguments: ["lstm", "gru"], [1, 2])
  func theNetworkIsReadAgain(cell: String, layers: Int) throws {
    let network = try Self.network(cell, layers: layers)
    let file = try TemporaryFile(bytes: Array(RTNeuralExport(network).json.utf8), "json")
    let again = try Network(LayerChain(TensorFile(contentsOf: file.path)))
    let (left, right) = (try network.stream(), try again.stream())
    for step in 0..<6 {
      let numbers: [Float] = [Float(step) / 3 - 1, 0.5 - Float(step % 2)]
      // A few roundings of numbers below 1.
      #expect(abs(left.step(numbers)[0] - right.step(numbers)[0]) < 1e-5)
    }
  }

  @Test func theShapesAreThoseOfTheLayers() throws {
    let text = try RTNeuralExport(Self.network("lstm")).json
    #expect(text.contains(#""in_shape":[null,null,2]"#) && text.contains(#""shape":[null,null,3],"type":"lstm""#))
  }

  @Test(arguments: [
    ("rnn", "RTNeural has no layer with a plain recurrence, which layer l0 has: write it as ONNX"),
    (
      "gru-reset-before",
      "RTNeural has no layer with a GRU other than the usual one that resets after the product, which layer l0 has: write it as ONNX"
    ),
    (
      "lstm-peephole", "RTNeural has no layer with an LSTM other than the usual one, which layer l0 has: write it as ONNX"
    ),
  ])
  func otherLayersAreRefused(cell: String, message: String) throws {
    let error = #expect(throws: RecurrentError.self) { try RTNeuralExport(Self.network(cell)) }
    #expect(error?.description == message)
  }
}
