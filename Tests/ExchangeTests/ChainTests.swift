import CellLanguage
import Engine
import Exchange
import ModelFiles
import Networks
import Testing

/// What a file of tensors has besides recurrent layers.
struct ChainTests {
  /// A file of the recurrent layer of two units that reads three numbers, and of other tensors.
  private func file(_ others: [(name: String, shape: [Int])], stack: String = "rnn.") throws -> TemporaryFile {
    var random = Random(seed: 3)
    let own = [("weight_ih_l0", [2, 3]), ("weight_hh_l0", [2, 2])].map { (name: stack + $0.0, shape: $0.1) }
    let file = TemporaryFile()
    let entries = (own + others).map { name, shape in
      Safetensors.Entry(name, (0..<shape.reduce(1, *)).map { _ in random.uniformFloat() - 0.5 }, shape: shape)
    }
    try Safetensors.write(entries, to: file.path)
    return file
  }

  @Test func anEmbeddingAndALinearLayerBelongToTheNetwork() throws {
    let file = try file([("embedding.weight", [5, 3]), ("fc.weight", [4, 2]), ("fc.bias", [4])])
    let tensors = try TensorFile(contentsOf: file.path)
    let network = try Network(LayerChain(tensors))
    #expect(network.architecture.output == .values(4))
    #expect(network.architecture.inputWidth == 3)
    #expect(try network["embedding.weight"] == tensors.floats("embedding.weight"))
    #expect(try network["output.weight"] == tensors.floats("fc.weight"))
    #expect(try network["output.bias"] == tensors.floats("fc.bias"))
    let again = TemporaryFile()
    try Safetensors.write(PyTorchExport(network, file: "a").tensors, to: again.path)
    #expect(try Network(LayerChain(TensorFile(contentsOf: again.path))).parameters == network.parameters)
  }

  @Test func numberedStacksFollowOneAnother() throws {
    let file = try file([("rnns.1.weight_ih_l0", [8, 2]), ("rnns.1.weight_hh_l0", [8, 2])], stack: "rnns.0.")
    let network = try Network(LayerChain(TensorFile(contentsOf: file.path)))
    #expect(network.architecture.layers.map(\.cell.name) == ["rnn-no_bias", "lstm-no_bias"])
  }

  @Test(arguments: [
    ([("conv.weight", [7, 7])], "tensor conv.weight is no part of its recurrent layers"),
    ([("a.weight", [4, 2]), ("b.weight", [5, 2])], "tensor a.weight is no part of its recurrent layers"),
    ([("running_mean", [2])], "tensor running_mean is no part of its recurrent layers"),
  ])
  func whatIsNotUnderstoodIsNamed(others: [(String, [Int])], reason: String) throws {
    let file = try file(others.map { (name: $0.0, shape: $0.1) })
    let chain = try LayerChain(TensorFile(contentsOf: file.path))
    let error = #expect(throws: ExchangeError.self) { try Network(chain) }
    #expect(
      error?.description
        == "\(file.path) can't become a network as a whole: \(reason), and a network has an embedding, recurrent layers and one dense "
        + "layer without a function or with softmax; take recurrent layers alone with --layers (rnn.l0)")
    #expect(try Network(chain, layers: ["rnn"]).architecture.layers.count == 1)
  }

  private static func dense(_ name: String, _ function: DenseLayer.Function, inputs: Int = 2) throws -> LayerChain.Part {
    .dense(
      try DenseLayer(
        name, inputs: inputs, outputs: 2, weight: [Float](repeating: 1, count: 2 * inputs), bias: nil, function: function))
  }

  @Test(arguments: [
    ([try dense("d", .elementwise(.relu))], "dense layer d has the function relu"),
    ([try dense("d", .softmax), try dense("e", .softmax)], "e stands behind the dense layer d"),
    ([try dense("d", .softmax), .other(name: "o", what: "a layer of the class Conv")], "o is a layer of the class Conv"),
    ([try dense("d", .softmax, inputs: 3)], "dense layer d reads 3 numbers, but rnn.l0 before it gives 2"),
  ])
  func whatANetworkCanNotHoldIsNamed(parts: [LayerChain.Part], reason: String) throws {
    let file = try file([])
    let chain = try LayerChain(TensorFile(contentsOf: file.path))
    let error = #expect(throws: ExchangeError.self) { try Network(LayerChain(path: "f", parts: chain.parts + parts)) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func softmaxMakesClasses() throws {
    let file = try file([])
    let chain = try LayerChain(TensorFile(contentsOf: file.path))
    let network = try Network(LayerChain(path: "f", parts: chain.parts + [Self.dense("d", .softmax)]))
    #expect(network.architecture.output == .classes(2))
    #expect(network["output.bias"] == [0, 0])
  }
}
