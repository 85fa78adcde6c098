import CellLanguage
import Exchange
import Models
import Networks
import Support
import TensorFiles
import Testing

/// Files of PyTorch as trainings leave them: more than a state dict, several of these, or weights that are computed from others.
struct CheckpointTests {
  @Test func theOnlyStateDictIsTheModelAndTheRestIsPassedOver() throws {
    let file = try Vectors.file("training.pt")
    let chain = try LayerChain(file)
    #expect(
      chain.notes.map(\.description) == [
        "the model is the state dict model of \(file.path); passed over are optimizer (18 tensors), rng (1 tensor)",
        "the file does not say what is read of the recurrent layers: model.fc is taken to read each step; readout says another",
      ])
    let network = try Network(chain)
    #expect(network.architecture.output == .values(4) && chain.layers.map(\.layer.name) == ["model.rnn.l0"])
    #expect(try network["output.weight"] == file.floats("model.fc.weight"))
  }

  @Test func lightningsCheckpointsAreRead() throws {
    let file = try Vectors.file("lightning.ckpt")
    let chain = try LayerChain(file)
    #expect(
      chain.notes.first?.description
        == "the model is the state dict state_dict of \(file.path); passed over are callbacks (1 tensor), optimizer_states (18 tensors)"
    )
    #expect(try Network(chain).parameters == Network(LayerChain(Vectors.file("training.pt"))).parameters)
  }

  @Test func severalStateDictsAreAskedFor() throws {
    let file = try Vectors.file("two_state_dicts.pt")
    let error = #expect(throws: RecurrentError.self) { try Network(LayerChain(file)) }
    #expect(
      error?.description
        == "\(file.path) has several state dicts, model, best.weights, and does not say which of them is the model: name it with stateDict, "
        + "or all that belong to it")
    // Layers alone can be taken all the same.
    #expect(try Network(LayerChain(file), layers: ["best.weights.rnn"]).architecture.layers.count == 1)
    let network = try Network(LayerChain(file, .init(stateDict: ["model"])))
    #expect(try network.parameters == Network(LayerChain(Vectors.file("training.pt"))).parameters)
    let best = try LayerChain(file, .init(stateDict: ["best.weights"]))
    #expect(try Network(best)["output.bias"] == file.floats("best.weights.fc.bias"))
    #expect(
      best.notes.first?.description
        == "the model is the state dict best.weights of \(file.path); passed over are model (6 tensors)")
    let missing = #expect(throws: RecurrentError.self) { try LayerChain(file, .init(stateDict: ["ema"])) }
    #expect(missing?.description == "\(file.path) has no state dict \"ema\"; it has model, best.weights")
  }

  /// A model that is kept twice is asked for only where the two differ, in one number if it must be.
  @Test func twoStateDictsThatAreTheSameAreOne() throws {
    let file = try Vectors.file("training.pt")
    let model = file.tensors.filter { $0.container == "model" }
    func doubled(changing changed: String?) throws -> TensorFile {
      let copies = try model.map { tensor in
        let name = "best.\(tensor.name.dropFirst(6))"
        var numbers = try file.floats(tensor.name).map(Double.init)
        if name == changed { numbers[0] += 1 }
        var copy = TensorFile.Tensor(name: name, shape: tensor.shape, numbers: numbers)
        copy.container = "best"
        return copy
      }
      let originals = try model.map { tensor in
        var own = TensorFile.Tensor(
          name: tensor.name, shape: tensor.shape, numbers: try file.floats(tensor.name).map(Double.init))
        own.container = "model"
        return own
      }
      return file.with(originals + copies)
    }
    let chain = try LayerChain(doubled(changing: nil))
    #expect(try Network(chain).parameters == Network(LayerChain(file)).parameters)
    #expect(
      chain.notes.prefix(2).map(\.description) == [
        "the state dicts model, best of \(file.path) are the same: model is taken",
        "the model is the state dict model of \(file.path); passed over are best (6 tensors)",
      ])
    let error = #expect(throws: RecurrentError.self) { try Network(LayerChain(doubled(changing: "best.fc.bias"))) }
    #expect(error?.description.contains("has several state dicts, model, best, and does not say which") == true)
  }

  @Test(arguments: [
    "weight_norm", "old_weight_norm", "columns", "whole", "spectral_norm", "old_spectral_norm", "pruned",
  ])
  func aWeightThatIsComputedFromOthersIsWhatItComesTo(name: String) throws {
    let (file, kept) = try Vectors.file("computed_weights.pt").part("\(name).")
    let expected = try file.floats("expected", shape: [9, 3])
    let (weights, own) = try file.only(Set(file.tensors.map(\.name)).subtracting(["expected"]))
    try withExtendedLifetime((kept, own)) {
      let chain = try LayerChain(weights)
      let gates = try #require(chain.layers.first).layer.weights[0].gates
      // PyTorch computes in Float what is computed in Double here.
      #expect(difference(gates.flatMap(\.recurrent), expected, abs: 0, rel: 1e-6) == nil)
      let note =
        switch name {
        case "pruned": "what has been pruned of weight_hh_l0 is 0"
        case "spectral_norm", "old_spectral_norm": "the spectral norm of weight_hh_l0 is worked into the matrix"
        default: "the weight norm of weight_hh_l0 is worked into the matrix"
        }
      #expect(chain.notes.map(\.description) == [note])
      #expect(try Network(chain).architecture.layers.map(\.cell.name) == ["gru"])
    }
  }

  private static func file(_ tensors: [(name: String, shape: [Int])]) throws -> TemporaryFile {
    let file = TemporaryFile()
    let entries = tensors.enumerated().map { number, tensor in
      let count = tensor.shape.reduce(1, *)
      return Safetensors.Entry(tensor.name, (0..<count).map { Float(10 * number + $0) }, shape: tensor.shape)
    }
    try Safetensors.write(entries, to: file.path)
    return file
  }

  /// The matrix as it is kept by the layer itself or by what stands round it, with and without the one that weights were dropped of.
  @Test(arguments: [
    ("rnn.weight_hh_l0_raw", []), ("weight_hh_l0_raw", ["module."]), ("weight_hh_l0_raw", ["module.", "module.weight_hh_l0"]),
    ("rnn.weight_hh_l0_raw", ["rnn.module.", "rnn.module.weight_hh_l0"]),
  ])
  func theRawMatrixOfAWeightDropIsTheMatrix(raw: String, others: [String]) throws {
    let prefix = others.first ?? "rnn."
    let dropped = others.dropFirst().map { (name: $0, shape: [2, 2]) }
    let file = try Self.file([(raw, [2, 2]), (prefix + "weight_ih_l0", [2, 1])] + dropped)
    let tensors = try TensorFile(contentsOf: file.path)
    let chain = try LayerChain(tensors)
    #expect(chain.layers.first?.layer.weights[0].gates[0].recurrent == [0, 1, 2, 3])
    #expect(
      chain.notes.first?.description == "\(raw) is taken for \(prefix)weight_hh_l0, which weight drop makes of it")
    _ = try Network(chain)
  }

  @Test(arguments: [
    (
      [("a.weight_ih_l0", [2, 1]), ("a.parametrizations.weight_hh_l0.original", [2, 2])],
      "$ has a.parametrizations.weight_hh_l0.original, from which a weight is computed in a way that is not known here; known are weight_norm "
        + "and spectral_norm: call torch.nn.utils.parametrize.remove_parametrizations before you save the state dict"
    ),
    (
      [("weight_ih_l0", [2, 1]), ("weight_hh_l0_g", [3, 1]), ("weight_hh_l0_v", [2, 2])],
      "weight_hh_l0_g of $ has the shape [3, 1]; expected [2, 1], [1, 2] or [] for weight_hh_l0_v"
    ),
    (
      [("weight_ih_l0", [2, 1]), ("weight_hh_l0_g", [2, 1]), ("weight_hh_l0_v", [4])],
      "weight_hh_l0_v of $ has the shape [4]; expected a matrix, to compute a weight from"
    ),
    (
      [("weight_hh_l0_orig", [2, 2]), ("weight_hh_l0_u", [2]), ("weight_hh_l0_v", [3])],
      "weight_hh_l0_u and weight_hh_l0_v of $ have 2 and 3 numbers; expected 2 and 2, as many as weight_hh_l0_orig has rows and columns"
    ),
    (
      [("weight_hh_l0_orig", [2, 2]), ("weight_hh_l0_mask", [2])],
      "weight_hh_l0_mask of $ has the shape [2]; expected [2, 2], that of weight_hh_l0_orig"
    ),
  ])
  func whatAWeightCanNotBeComputedFromIsNamed(tensors: [(String, [Int])], message: String) throws {
    let file = try Self.file(tensors.map { (name: $0.0, shape: $0.1) })
    let error = #expect(throws: RecurrentError.self) { try LayerChain(TensorFile(contentsOf: file.path)) }
    #expect(error?.description.replacing(file.path, with: "$") == message)
  }
}
