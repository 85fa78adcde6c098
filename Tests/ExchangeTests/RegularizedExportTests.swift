import CellLanguage
import Exchange
import Models
import Networks
import Sequences
import Support
import TensorFiles
import Testing

/// What training left in a network, in other systems' files.
struct RegularizedExportTests {
  /// A matrix of its own stands on top, with the embedding's numbers.
  @Test func aTiedEmbeddingIsWrittenTwice() throws {
    let network = try Network(
      input: .tokens(.bytes, embedding: 4), layers: [.init(.gru, units: 4)], output: .categorical, tiesEmbedding: true, seed: 2)
    let export = try PyTorchExport(network, file: "a.safetensors")
    #expect(export.tensors.map(\.name).prefix(3) == ["embedding.weight", "output.weight", "output.bias"])
    #expect(export.program.contains("self.output = torch.nn.Linear(4, 256)"))
    let file = TemporaryFile()
    try Safetensors.write(export.tensors, to: file.path)
    let again = try Network(LayerChain(TensorFile(contentsOf: file.path)))
    #expect(again["output.weight"] == network["embedding.weight"] && again["embedding.weight"] == network["embedding.weight"])
  }

  @Test func zoneoutIsRefused() throws {
    let network = try Network(
      input: .features(3), layers: [.init(Cell.lstm.zoningOut(["c": 0.5]), units: 4)], output: .lastLayer)
    let error = #expect(throws: RecurrentError.self) { try PyTorchExport(network, file: "a.safetensors") }
    #expect(
      error?.description
        == "cell lstm is no plain network, LSTM or GRU of the kinds that other systems have: c keeps a fraction of 0.5 of "
        + "itself (zoneout)")
  }
}
