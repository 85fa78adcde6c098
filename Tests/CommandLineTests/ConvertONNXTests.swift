import Foundation
import Testing

struct ConvertONNXTests {
  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    for name in ["tagger.onnx", "words.npz", "lstm.pt"] {
      try FileManager.default.copyItem(
        atPath: root.appending(path: "Documentation/examples/\(name)").path, toPath: workshop(name))
    }
  }

  @Test func theLayersOfAModelAreListed() {
    let list = workshop.run("convert --list $/tagger.onnx")
    #expect(
      list.output == """
        layer        kind  inputs  units  direction          gates    functions          reset  peepholes  biases
        first.GRU    GRU        3      4  both, concatenate  z r n    sigmoid tanh       after  -          two
        second.LSTM  LSTM       8      4  forward            i o f g  sigmoid tanh tanh  -      -          two

        """)
    #expect(list.code == 0 && list.messages == "")
  }

  @Test func aWholeModelRuns() {
    let convert = workshop.run("convert $/tagger.onnx $/tagger.safetensors")
    #expect(convert.code == 0 && convert.messages.hasSuffix("wrote the model $/tagger.safetensors\n"))
    #expect(
      workshop.run("run $/tagger.safetensors $/words.npz $/output.safetensors").messages.hasPrefix("y [3, 5, 2]\n"))
  }

  @Test func aModelIsWrittenAndReadAgain() throws {
    #expect(workshop.run("convert $/lstm.pt $/model.safetensors").code == 0)
    let forth = workshop.run("convert $/model.safetensors $/model.onnx")
    #expect(
      forth.code == 0 && forth.messages.hasSuffix("wrote $/model.onnx, an ONNX model of opset 17 (LSTM, LSTM)\n"))
    #expect(workshop.run("convert $/model.onnx $/again.safetensors").code == 0)
    #expect(try workshop.read("again.safetensors") == workshop.read("model.safetensors"))
  }

  /// A cell that PyTorch has not, in a trained model.
  @Test func anyCellIsWritten() {
    #expect(workshop.train("--cell mgu --iterations 2", into: "run").code == 0)
    let refused = workshop.run("convert $/run $/out.safetensors")
    #expect(refused.code == 1 && refused.messages.hasSuffix("; ONNX can hold any cell: write OUT.onnx\n"))
    let written = workshop.run("convert $/run $/out.onnx")
    #expect(written.messages.hasSuffix("wrote $/out.onnx, an ONNX model of opset 17 (Scan)\n"))
    #expect(workshop.run("convert --list $/out.onnx").output.contains("l0     mgu"))
  }

  @Test func whatIsNotThereIsNamed() {
    #expect(
      workshop.run("convert $/tagger.onnx $/a --layers third").messages
        == "error: $/tagger.onnx has no recurrent layer \"third\"; it has first.GRU, second.LSTM\n")
  }
}
