import CellLanguage
import Engine
import Exchange
import Foundation
import Models
import Networks
import Storage
import Support
import TensorFiles
import Testing

/// Layers of PyTorch give what PyTorch gives.
///
/// Numbers are at most a few units, sums have at most 20 summands and go through at most 5 steps of 3 layers, whose functions have slopes
/// of at most 1: 1e-5 is some hundred roundings of a Float.
struct PyTorchTests {
  static var cases: [String] {
    get throws {
      let names = try Vectors.file("pytorch.safetensors").tensors.map { $0.name.prefix { $0 != "." } }
      return Array(Set(names.map(String.init))).sorted()
    }
  }

  @Test func thereAreVectors() throws { #expect(try Self.cases.count == 17) }

  /// The network of a case, and the file of what it reads and gives.
  private func network(_ name: String) throws -> (Network, TensorFile, TemporaryFile) {
    let file = try Vectors.file("pytorch.safetensors")
    let options = ReadingOptions(activation: name.contains("relu") ? .relu : .tanh)
    let chain = try LayerChain(file, options)
    let (part, temporary) = try file.part("\(name).")
    return (try Network(chain, layers: [name]), part, temporary)
  }

  private func check(_ network: Network, against expected: TensorFile) throws {
    let inputs = try expected.only(["x", "lengths", "h0", "c0"])
    let outputs = try ArrayRun(network, inputs.0)(on: Machine(threads: 1))
    let file = TemporaryFile()
    try Safetensors.write(outputs, to: file.path)
    let actual = try TensorFile(contentsOf: file.path)
    for name in ["y", "h_n", "c_n"] where expected[name] != nil {
      #expect(actual[name]?.shape == expected[name]?.shape)
      #expect(difference(try actual.floats(name), try expected.floats(name), abs: 1e-5) == nil, "\(name)")
    }
  }

  @Test(arguments: try cases) func whatIsReadGivesTheSameNumbers(name: String) throws {
    let (network, expected, file) = try network(name)
    try withExtendedLifetime(file) { try check(network, against: expected) }
  }

  @Test(arguments: try cases) func whatIsSavedAndLoadedGivesTheSameNumbers(name: String) throws {
    let (network, expected, file) = try network(name)
    let model = TemporaryFile()
    try network.save(to: model.path)
    try withExtendedLifetime(file) { try check(try Network(contentsOf: model.path), against: expected) }
  }

  /// What a classifier of PyTorch reads of `h_n`: the last layer's state in each of its directions.
  @Test(arguments: ["lstm_stack", "lstm_both", "gru_packed", "lstm_projected_both"])
  func theLastStepOfAWholeFileIsReadOutIfAskedFor(name: String) throws {
    let (part, kept) = try Vectors.file("pytorch.safetensors").part("\(name).")
    let (weights, own) = try part.only(Set(part.tensors.map(\.name).filter { $0.contains("_l") }))
    let chain = try LayerChain(weights, .init(readout: .last))
    let network = try Network(chain)
    #expect(network.architecture.readout == .last)
    let (inputs, given) = try part.only(["x", "lengths", "h0", "c0"])
    let output = TemporaryFile()
    try withExtendedLifetime((kept, own, given)) {
      try Safetensors.write(ArrayRun(network, inputs)(on: Machine(threads: 1)), to: output.path)
    }
    let (h, shape) = (try part.floats("h_n"), try #require(part["h_n"]?.shape))
    let (directions, batch, width) = (chain.layers.last?.layer.description.directions ?? 0, shape[1], shape[2])
    var expected: [Float] = []
    for sequence in 0..<batch {
      for pass in shape[0] - directions..<shape[0] {
        let row = pass * batch + sequence
        expected += h[row * width..<(row + 1) * width]
      }
    }
    let y = try TensorFile(contentsOf: output.path).floats("y", shape: [batch, directions * width])
    #expect(difference(y, expected, abs: 1e-5) == nil)
  }

  /// Export and import again: the same parameters, since a bias and zero sum up to the bias.
  @Test(arguments: try cases) func exportAndImportIsTheIdentity(name: String) throws {
    let (network, _, _) = try network(name)
    let export = try PyTorchExport(network, file: "a.safetensors")
    let file = TemporaryFile()
    try Safetensors.write(export.tensors, to: file.path)
    let options = ReadingOptions(activation: name.contains("relu") ? .relu : .tanh)
    let again = try Network(LayerChain(TensorFile(contentsOf: file.path), options))
    #expect(again.architecture == network.architecture)
    #expect(again.parameters == network.parameters)
    #expect(export.program.contains("torch.nn."))
  }

  @Test(arguments: ["lstm_stack.pt", "lstm_stack.npz", "lstm_stack.json"])
  func otherFormatsHoldTheSameLayers(name: String) throws {
    let (network, _, _) = try network("lstm_stack")
    let file = try Vectors.file(name)
    let chain = try LayerChain(file)
    #expect(chain.layers.map(\.layer.name) == ["l0", "l1", "l2"])
    #expect(try Network(chain).parameters == network.parameters)
  }

  /// Files sort names, by which `l10` stands before `l2`, or have them in any order.
  @Test(arguments: [true, false]) func layersOfAStackAreInTheOrderOfTheirNumbers(isSorted: Bool) throws {
    let names = (0..<12).flatMap { ["rnn.weight_ih_l\($0)", "rnn.weight_hh_l\($0)"] }
    let file = TemporaryFile()
    try Safetensors.write(
      (isSorted ? names.sorted() : names.reversed()).map { .init($0, [0.25, -0.5, 0.75, 1], shape: [2, 2]) }, to: file.path)
    let chain = try LayerChain(TensorFile(contentsOf: file.path), .init(activation: .tanh))
    #expect(chain.layers.map(\.layer.name) == (0..<12).map { "rnn.l\($0)" })
  }

  /// Layers of different kinds are modules of their own, and an inverted update gate becomes PyTorch's.
  @Test func anInvertedUpdateGateIsTurnedRound() throws {
    var random = Random(seed: 7)
    let description = LayerDescription(.gru(.init(updatesInverted: true)), inputs: 3, units: 2, biases: .two)
    func values(_ count: Int) -> [Float] { (0..<count).map { _ in random.uniformFloat() - 0.5 } }
    let gates = (0..<3).map { gate in
      GateWeights(
        input: values(6), recurrent: values(4), bias: values(2), recurrentBias: gate == 2 ? values(2) : nil)
    }
    let network = try Network([RecurrentLayer("a", description, weights: [LayerWeights(gates: gates)])])
    let file = TemporaryFile()
    try Safetensors.write(PyTorchExport(network, file: "a").tensors, to: file.path)
    let other = try Network(LayerChain(TensorFile(contentsOf: file.path)))
    #expect(other.architecture.layers[0].cell == .gru)
    let input = TemporaryFile()
    try Safetensors.write([.init("x", values(24), shape: [2, 4, 3])], to: input.path)
    let outputs = try [network, other].map { network in
      let result = TemporaryFile()
      try Safetensors.write(
        ArrayRun(network, TensorFile(contentsOf: input.path))(on: Machine(threads: 1)), to: result.path)
      return try TensorFile(contentsOf: result.path).floats("y")
    }
    #expect(difference(outputs[0], outputs[1], abs: 1e-6) == nil)
  }

  @Test(arguments: [
    (LayerDescription(.lstm(.init(peepholes: true)), inputs: 1, units: 1), "peepholes = true"),
    (LayerDescription(.lstm(.init(coupled: .input)), inputs: 1, units: 1), "coupled gate = input"),
    (LayerDescription(.lstm(.init(output: .linear)), inputs: 1, units: 1), "output activation = linear"),
    (LayerDescription(.gru(.init(reset: .before)), inputs: 1, units: 1), "reset = before"),
    (LayerDescription(.rnn(.sigmoid), inputs: 1, units: 1), "nonlinearity = sigmoid"),
    (LayerDescription(.rnn(.tanh), inputs: 1, units: 1, direction: .reverse), "direction = reverse"),
    (LayerDescription(.rnn(.tanh), inputs: 1, units: 1, clip: 2), "clip = 2.0"),
  ])
  func whatPyTorchLacksIsNamed(description: LayerDescription, attribute: String) throws {
    let network = try Network([RecurrentLayer("a", description, weights: [description.numbered])])
    let error = #expect(throws: RecurrentError.self) { try PyTorchExport(network, file: "a") }
    #expect(error?.description == "PyTorch has no layer with \(attribute), which layer l0 has")
  }
}

extension TensorFile {
  /// A file of these tensors alone, as far as they are there.
  func only(_ names: Set<String>) throws -> (TensorFile, TemporaryFile) {
    let entries = try tensors.filter { names.contains($0.name) }.map { tensor -> Safetensors.Entry in
      if tensor.dataType == .int64 { return .init(tensor.name, try integers(tensor.name).map(Int64.init), shape: tensor.shape) }
      return .init(tensor.name, try floats(tensor.name), shape: tensor.shape)
    }
    let file = TemporaryFile()
    try Safetensors.write(entries, to: file.path)
    return (try TensorFile(contentsOf: file.path), file)
  }
}
