import CellLanguage
import Engine
import Exchange
import Models
import Networks
import Sequences
import Support
import TensorFiles
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

  /// Each dense layer reads what the one before it gives, in one order only; what stands between them is asked for.
  @Test func severalLinearLayersStandInTheOnlyOrderThatFits() throws {
    let file = try file([
      ("a.weight", [4, 4]), ("a.bias", [4]), ("fc.weight", [4, 2]), ("out.weight", [2, 4]), ("out.bias", [2]),
      ("in.weight", [3, 6]),
    ])
    let tensors = try TensorFile(contentsOf: file.path)
    let asked = #expect(throws: RecurrentError.self) { try Network(LayerChain(tensors)) }
    #expect(
      asked?.description
        == "\(file.path) does not say what function follows in, fc, a: say it with denseActivation, relu or what "
        + "it is, linear for none; several, with commas between, are for each from the lowest up")
    let network = try Network(LayerChain(tensors, .init(readout: .max, denseActivation: [.relu])))
    #expect(network.architecture.inputWidth == 6)
    #expect(network.architecture.layers.map(\.cell.name) == ["dense", "rnn-no_bias"])
    #expect(network.architecture.headLayers.map(\.units) == [4, 4] && network.architecture.output == .values(2))
    #expect(try network["layers.0.W"] == tensors.floats("in.weight") && network["above.0.W"] == tensors.floats("fc.weight"))
    #expect(try network["above.1.b"] == tensors.floats("a.bias") && network["output.weight"] == tensors.floats("out.weight"))
  }

  /// One function for all but the last layer, or one for each from the lowest up, with or without the last.
  @Test(arguments: [
    (["relu"], ["relu", "relu", "relu", "linear"]), (["relu", "tanh", "elu"], ["relu", "tanh", "elu", "linear"]),
    (["relu", "tanh", "elu", "sigmoid"], ["relu", "tanh", "elu", "sigmoid"]),
  ])
  func functionsOfDenseLayersAreNamedFromTheLowestUp(names: [String], expected: [String]) throws {
    let file = try file([
      ("a.weight", [4, 4]), ("a.bias", [4]), ("fc.weight", [4, 2]), ("out.weight", [2, 4]), ("out.bias", [2]),
      ("in.weight", [3, 6]),
    ])
    let tensors = try TensorFile(contentsOf: file.path)
    let chain = try LayerChain(tensors, .init(denseActivation: names.map { try Activation($0) }))
    let functions = chain.parts.compactMap { if case .dense(let layer) = $0 { layer.function.description } else { nil } }
    #expect(functions == expected)
    let error = #expect(throws: RecurrentError.self) {
      try LayerChain(tensors, .init(denseActivation: [.relu, .relu]))
    }
    #expect(
      error?.description
        == "denseActivation names 2 functions, and the dense layers of \(file.path) are in, fc, a, out, from the lowest up: name one for all but the last, or one for each"
    )
  }

  /// Where a matrix stands is asked for unless there is one way only in which all fit.
  @Test(arguments: [
    (
      [("input_proj.weight", [3, 2]), ("input_proj.bias", [3])],
      "input_proj may be a dense layer below or above the recurrent ones"
    ),
    ([("a.weight", [2, 2]), ("b.weight", [2, 2])], "a, b may follow one another in 2 orders"),
    ([("tokens.weight", [50, 2])], nil),
    ([("tokens.weight", [50, 3])], nil),
    (
      [("embed.weight", [7, 3]), ("fc.weight", [3, 3]), ("fc.bias", [3]), ("up.weight", [3, 2])],
      "fc may be a dense layer below or above the recurrent ones"
    ),
    (
      [("up.weight", [3, 2]), ("out.weight", [9, 3])],
      "out may be an embedding or a dense layer above the recurrent ones"
    ),
  ])
  func whatCanStandInSeveralPlacesIsAskedFor(others: [(String, [Int])], asked: String?) throws {
    let file = try file(others.map { (name: $0.0, shape: $0.1) })
    let chain = try LayerChain(TensorFile(contentsOf: file.path), .init(denseActivation: [.relu]))
    guard let asked else {
      _ = try Network(chain)
      return
    }
    let error = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(
      error?.description
        == "\(file.path) does not say where its layers stand: \(asked). Say it with denseBelow or denseAbove, their names from the input up, or "
        + "embedding; `none` is an answer, too")
    #expect(try Network(chain, layers: ["rnn"]).architecture.layers.count == 1)
  }

  /// Below a layer that reads as many numbers as it gives, a linear layer fits as well as above it.
  @Test func theAnswerSaysWhereALayerStands() throws {
    let file = try file([("fc.weight", [3, 2]), ("fc.bias", [3]), ("up.weight", [3, 3])])
    let tensors = try TensorFile(contentsOf: file.path)
    func network(_ options: ReadingOptions) throws -> Network {
      var options = options
      options.denseActivation = [.relu]
      return try Network(LayerChain(tensors, options))
    }
    let below = try network(.init(denseBelow: ["fc", "up"]))
    #expect(
      below.architecture.inputWidth == 2 && below.architecture.layers.map(\.cell.name) == ["dense", "dense", "rnn-no_bias"])
    let between = try network(.init(denseBelow: ["up"]))
    #expect(try between["layers.0.W"] == tensors.floats("up.weight") && between["output.weight"] == tensors.floats("fc.weight"))
    let above = try network(.init(embedding: [], denseBelow: []))
    #expect(above.architecture.layers.map(\.cell.name) == ["rnn-no_bias", "dense"])
    #expect(try network(.init(denseAbove: ["fc.weight", "up"])).parameters == above.parameters)
    let symbols = try network(.init(embedding: ["up"]))
    #expect(symbols.architecture.vocabulary?.count == 3)
    #expect(try symbols["embedding.weight"] == tensors.floats("up.weight"))
  }

  @Test(arguments: [
    (ReadingOptions(denseBelow: ["in"]), "$ has no matrix of a layer \"in\"; it has fc"),
    (
      ReadingOptions(denseBelow: ["fc"]),
      "the matrices of $ do not fit on one another in the way that is asked for: fc.weight [4, 2] round recurrent layers that read 3 numbers "
        + "and give 2"
    ),
    (ReadingOptions(stateDict: ["model"]), "$ has no state dict \"model\"; it has (no name)"),
  ])
  func anAnswerThatDoesNotFitIsNamed(options: ReadingOptions, message: String) throws {
    let file = try file([("fc.weight", [4, 2])])
    let error = #expect(throws: RecurrentError.self) { try LayerChain(TensorFile(contentsOf: file.path), options) }
    #expect(error?.description.replacing(file.path, with: "$") == message)
  }

  @Test func whatIsTakenForGrantedIsSaid() throws {
    let file = try file([("tokens.weight", [50, 3]), ("fc.weight", [4, 2]), ("fc.bias", [4])])
    let chain = try LayerChain(TensorFile(contentsOf: file.path))
    #expect(
      chain.notes.map(\.description) == [
        "tokens.weight is taken for an embedding of 50 symbols, since it fits nowhere else; embedding says another, or none",
        "the file does not say what is read of the recurrent layers: fc is taken to read each step; readout says another",
        "the file does not say the function of the plain network rnn.l0: tanh is taken; activation says another",
      ])
    #expect(try Network(chain).architecture.vocabulary?.count == 50)
  }

  @Test func linearLayersThatFitInNoOrderAreNotTaken() throws {
    let file = try file([("a.weight", [2, 2]), ("b.weight", [2, 5])])
    let error = #expect(throws: RecurrentError.self) {
      try Network(LayerChain(TensorFile(contentsOf: file.path), .init(denseActivation: [.relu])))
    }
    #expect(
      error?.description.contains("tensor a.weight is no part of its recurrent layers") == true, "\(error?.description ?? "")")
  }

  /// Out to each system and in again: the same layers with the same weights.
  @Test func denseLayersGoOutAndComeBack() throws {
    let file = try file([])
    let recurrent = try LayerChain(TensorFile(contentsOf: file.path)).parts
    let parts =
      [try Self.dense("a", .elementwise(.init("elu")), inputs: 3, outputs: 3)] + recurrent + [.readout(.last)]
      + [try Self.dense("b", .elementwise(.init("elu")), outputs: 4), try Self.dense("c", .elementwise(.linear), inputs: 4)]
    let network = try Network(LayerChain(path: "f", parts: parts))
    for tensors in [try PyTorchExport(network, file: "a").tensors, try network.mlxTensors()] {
      let again = TemporaryFile()
      try Safetensors.write(tensors, to: again.path)
      let options = ReadingOptions(readout: .last, denseActivation: [try Activation("elu")])
      let read = try Network(LayerChain(TensorFile(contentsOf: again.path), options))
      #expect(read.parameters == network.parameters && read.architecture.headLayers == network.architecture.headLayers)
      #expect(read.architecture.layers.map(\.cell) == network.architecture.layers.map(\.cell))
    }
    let program = try PyTorchExport(network, file: "a").program
    #expect(program.contains("x = torch.nn.functional.elu(self.dense[0](x))\n"))
    #expect(
      program.contains("x = state[-1]\n        x = torch.nn.functional.elu(self.dense[1](x))\n        x = self.output(x)\n"))
    let saved = TemporaryFile()
    try network.save(to: saved.path)
    let loaded = try Network(contentsOf: saved.path)
    #expect(loaded.architecture == network.architecture && loaded.parameters == network.parameters)
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
    let error = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(
      error?.description
        == "\(file.path) can't become a network as a whole: \(reason). A network has an embedding, recurrent and dense layers one on top "
        + "of the other, and softmax on top; take recurrent layers alone with layers (rnn.l0)")
    #expect(try Network(chain, layers: ["rnn"]).architecture.layers.count == 1)
  }

  private static func dense(
    _ name: String, _ function: DenseLayer.Function, inputs: Int = 2, outputs: Int = 2
  ) throws -> LayerChain.Part {
    .dense(
      try DenseLayer(
        name, inputs: inputs, outputs: outputs, weight: (0..<outputs * inputs).map { Float($0) / 8 - 0.25 },
        bias: (0..<outputs).map { Float($0) }, function: function))
  }

  @Test(arguments: [
    ([try dense("d", .softmax), try dense("e", .softmax)], "dense layer d has softmax and is not the last layer"),
    (
      [try dense("d", .elementwise(.tanh)), .readout(.mean)],
      "the mean of the steps is not made of what the last recurrent layer gives"
    ),
    ([try dense("d", .softmax), .other(name: "o", what: "a layer of the class Conv")], "o is a layer of the class Conv"),
    ([try dense("d", .softmax, inputs: 3)], "layer d reads 3 numbers, but rnn.l0 before it gives 2"),
  ])
  func whatANetworkCanNotHoldIsNamed(parts: [LayerChain.Part], reason: String) throws {
    let file = try file([])
    let chain = try LayerChain(TensorFile(contentsOf: file.path))
    let error = #expect(throws: RecurrentError.self) { try Network(LayerChain(path: "f", parts: chain.parts + parts)) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func softmaxMakesClasses() throws {
    let file = try file([])
    let chain = try LayerChain(TensorFile(contentsOf: file.path))
    let network = try Network(LayerChain(path: "f", parts: chain.parts + [Self.dense("d", .softmax)]))
    #expect(network.architecture.output == .classes(2))
    #expect(network["output.bias"] == [0, 1])
  }
}
