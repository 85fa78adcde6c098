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

/// Models of Keras give what Keras gives.
///
/// As in PyTorchTests, 1e-5 is some hundred roundings of a Float.
struct KerasTests {
  private static func file(_ name: String) throws -> TensorFile { try Vectors.file("keras/\(name)") }
  private static func io() throws -> TensorFile { try file("keras.safetensors") }

  static let models = [
    "rnn.keras", "rnn_nobias.h5", "lstm_functions.keras", "lstm_elu.h5", "tokens.keras", "gru_after.keras", "gru_before.h5",
    "gru_nobias.keras", "both_concat.h5", "both_sum.keras", "both_mul.h5", "both_ave.keras", "stacked.keras", "masked.keras",
    "last.keras", "backward.keras", "both_last.keras", "dense_first.keras", "cudnn.h5", "gate_by_gate.h5", "rtneural.json",
    "hidden.keras",
    "nested.keras", "nested.h5", "within.h5",
  ]

  private func inputs(_ name: String) throws -> (x: ChainEvaluation.Array, mask: [Int]?) {
    let io = try Self.io()
    let x = ChainEvaluation.Array(values: try io.floats("\(name).x"), shape: io["\(name).x"]?.shape ?? [])
    return (x, io["\(name).mask"] == nil ? nil : try io.integers("\(name).mask"))
  }

  @Test(arguments: models) func aModelsLayersGiveItsNumbers(file: String) throws {
    let name = String(file.prefix { $0 != "." })
    let (x, mask) = try inputs(name)
    let chain = try LayerChain(Self.file(file))
    let y = try ChainEvaluation(chain: chain, mask: mask)(x).y
    #expect(y.shape == (try Self.io()["\(name).y"]?.shape))
    #expect(difference(y.values, try Self.io().floats("\(name).y"), abs: 1e-5) == nil)
  }

  @Test(arguments: [
    "rnn.keras", "tokens.keras", "gru_after.keras", "gru_before.h5", "both_concat.h5", "both_mul.h5", "stacked.keras",
    "last.keras", "backward.keras", "both_last.keras", "average.keras", "largest.h5", "dense_first.keras", "between.h5",
    "deep.keras", "rtneural.json", "hidden.keras", "nested.keras", "nested.h5", "within.h5",
  ])
  func aWholeModelBecomesANetwork(file: String) throws {
    let name = String(file.prefix { $0 != "." })
    let y = try Network(LayerChain(Self.file(file))).outputs(inputs(name).x)
    #expect(difference(y, try Self.io().floats("\(name).y"), abs: 1e-5) == nil)
  }

  @Test(arguments: [
    ("reversed.keras", "lstm", "a layer whose outputs stand in reverse order (go_backwards)"),
    ("convolved.keras", "conv1d", "a layer of the class Conv1D"),
    ("cell.keras", "lstm", "a layer whose state 2 is read in place of its outputs"),
    ("given.keras", "lstm", "a layer that gives another its states or is joined with it"),
    ("softmax.keras", "softmax", "a layer of the class Softmax"),
  ])
  func whatNoNetworkCanDoIsNamed(file: String, name: String, reason: String) throws {
    let chain = try LayerChain(Self.file(file))
    let error = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(error?.description.contains(": \(name)") == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    #expect(try Network(chain, layers: chain.layers.map(\.layer.name)).architecture.layers.count == chain.layers.count)
  }

  /// The program that is written with the weights has the layers of the model that they came from.
  @Test func theProgramHasAllLayers() throws {
    let program = try KerasExport(Network(LayerChain(Self.file("deep.keras"))), file: "a.weights.h5").program
    #expect(
      program.contains(
        """
            layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
            layers.GlobalMaxPooling1D(),
            layers.Dense(5, activation="relu"),
            layers.Dense(4, activation="elu", use_bias=False),
            layers.Dense(1, activation="sigmoid"),
        """))
  }

  @Test func theFunctionsThatWeightsAloneLeaveOpenAreAskedFor() throws {
    let file = try Self.file("weights.h5")
    let error = #expect(throws: RecurrentError.self) { try LayerChain(file) }
    #expect(error?.description.contains("give recurrentActivation sigmoid") == true)
    // The file is from before Keras 3.
    let layer = try LayerChain(file, .init(recurrentActivation: "hard_sigmoid")).layers[0].layer
    #expect(layer.description.kind == .lstm(.init(gates: .hardSigmoid(slope: 0.2, offset: 0.5))))
  }

  @Test func weightsAndADescriptionAreAModel() throws {
    let file = try Self.file("lstm.weights.h5")
    let path = "\(Vectors.folder)/keras/lstm.json"
    let whole = try Network(LayerChain(Self.file("lstm_functions.keras")))
    let parts = try Network(LayerChain(file, .init(config: path)))
    #expect(parts.parameters == whole.parameters && parts.architecture == whole.architecture)
    let asked = try LayerChain(file, .init(activation: Activation("softsign"), recurrentActivation: "hard_sigmoid"))
    #expect(try Network(asked).parameters == whole.parameters)
  }

  /// Keras 2's way to say which of a layer's tensors another one reads.
  @Test func aStateThatALayerReadsIsItsLastStep() throws {
    for file in ["hidden.keras", "hidden.h5"] {
      let network = try Network(LayerChain(Self.file(file)))
      #expect(network.architecture.readout == .last && network.architecture.output == .values(2))
    }
  }

  @Test func whatWeightsAloneLeaveOpenOfTwoDirectionsIsSaid() throws {
    let network = try Network(LayerChain(Self.file("both_mul.h5")))
    let export = try TemporaryFile(bytes: KerasExport(network, file: "a.weights.h5").weights(), "weights.h5")
    let file = try TensorFile(contentsOf: export.path)
    let usual = try LayerChain(file)
    #expect(usual.layers.map(\.layer.description.direction) == [.bidirectional(.concatenate)])
    #expect(
      usual.notes.map(\.description) == [
        "the file does not say what is made of the directions of bidirectional: concatenate is taken; merge says another"
      ])
    let chain = try LayerChain(file, .init(merge: .multiply))
    #expect(try Network(chain).architecture == network.architecture && Network(chain).parameters == network.parameters)
  }

  /// Arrays without elements may claim any length.
  @Test func anArrayThatClaimsMoreUnitsThanThereAreNumbersIsRefused() throws {
    var tree = HDF5Tree()
    let shapes = [[3, 0], [1 << 62, 0], [0]]
    for (place, shape) in shapes.enumerated() { tree.arrays.append(("layers/lstm/cell/vars/\(place)", [], shape)) }
    let file = try TemporaryFile(bytes: tree.bytes(), "weights.h5")
    let path = "\(Vectors.folder)/keras/lstm.json"
    let error = #expect(throws: RecurrentError.self) {
      try Network(LayerChain(TensorFile(contentsOf: file.path), .init(config: path)))
    }
    #expect(error?.description.hasSuffix("[units, 4 · units] for 4 units") == true, "\(error?.description ?? "")")
  }

  @Test func arraysOfWhichWeightsAloneSayTooLittleAreNamed() throws {
    var tree = HDF5Tree()
    tree.arrays = [("layers/rnn/cell/cells/lstm_cell/vars/0", [1], [1, 1])]
    let file = try TemporaryFile(bytes: tree.bytes(), "weights.h5")
    let chain = try LayerChain(TensorFile(contentsOf: file.path))
    let error = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(
      error?.description
        == "\(file.path) has no recurrent layer, but rnn, a layer of several parts, of which a file of weights alone says too little"
    )
  }

  @Test func aStatefulLayerIsNoted() throws {
    let text = try String(contentsOfFile: "\(Vectors.folder)/keras/lstm.json", encoding: .utf8)
    func notes(_ text: String) throws -> [String] {
      let config = try TemporaryFile(bytes: Array(text.utf8), "json")
      return try LayerChain(Self.file("lstm.weights.h5"), .init(config: config.path)).notes.map(\.description)
    }
    #expect(try notes(text) == [])
    #expect(
      try notes(text.replacing(#""stateful": false"#, with: #""stateful": true"#)).first?.contains("is stateful, and goes on")
        == true)
  }

  @Test func packedArraysAreTheSame() throws {
    let packed = try LayerChain(Self.file("packed.weights.h5"))
    #expect(try Network(packed).parameters == Network(LayerChain(Self.file("rnn_nobias.h5"))).parameters)
  }

  @Test(arguments: [
    (
      "circle.h5",
      "\"a/b\": it stands where another object does, at byte 96: groups that hold themselves and objects with two names are not read here"
    ),
    ("elsewhere.h5", "is a link to another place or file, which is not followed"),
  ])
  func filesThatLeadAstrayAreRefused(file: String, reason: String) throws {
    let error = #expect(throws: RecurrentError.self) { try Self.file(file) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func aLayerWhoseArraysHaveOtherSizesThanItSaysIsRefused() throws {
    let text = try String(contentsOfFile: "\(Vectors.folder)/keras/rtneural.json", encoding: .utf8)
    let bad = try TemporaryFile(bytes: Array(text.replacing("[null, null, 4]", with: "[null, null, 3]").utf8), "json")
    let error = #expect(throws: RecurrentError.self) { try LayerChain(TensorFile(contentsOf: bad.path)) }
    #expect(error?.description.hasSuffix("expected [inputs, 3 · units] and [units, 3 · units] for 3 units") == true)
    let other = try TemporaryFile(bytes: Array(text.replacing(#""lstm""#, with: #""conv2d""#).utf8), "json")
    let chain = try LayerChain(TensorFile(contentsOf: other.path))
    let refusal = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(refusal?.description.contains("layer 1 is a layer of the type conv2d") == true)
  }

  /// A file that is cut short anywhere gives a sentence, or what it still holds.
  @Test func aFileThatIsCutShortDoesNoHarm() throws {
    let whole = try Data(contentsOf: URL(filePath: "\(Vectors.folder)/keras/rnn_nobias.h5"))
    for count in stride(from: 0, to: whole.count, by: whole.count / 40) {
      let file = try TemporaryFile(bytes: [UInt8](whole.prefix(count)), "h5")
      #expect(throws: (any Error).self) { try LayerChain(TensorFile(contentsOf: file.path)) }
    }
  }

  /// Out and in again: what Keras has not, such as two biases that are added up, is one there.
  @Test(arguments: [
    "rnn.keras", "tokens.keras", "gru_before.h5", "both_concat.h5", "both_mul.h5", "both_ave.keras", "stacked.keras",
    "last.keras", "backward.keras", "both_last.keras",
  ])
  func exportAndImportIsTheIdentity(file: String) throws {
    let network = try Network(LayerChain(Self.file(file)))
    let export = try KerasExport(network, file: "a.weights.h5")
    let written = try TemporaryFile(bytes: export.weights(), "weights.h5")
    #expect(try export.weights() == export.weights())
    let again = try LayerChain(TensorFile(contentsOf: written.path), .init(recurrentActivation: "sigmoid"))
    let parameters = try [again.layers.map(\.layer), network.recurrentLayers()].map {
      Set(try $0.map { try Network([$0]).parameters })
    }
    #expect(parameters[0] == parameters[1])
    #expect(export.program.contains("model.load_weights(\"a.weights.h5\")"))
  }

  @Test(arguments: [
    (LayerDescription(.lstm(.init(peepholes: true)), inputs: 1, units: 1), "peepholes = true"),
    (LayerDescription(.lstm(.init(output: .linear)), inputs: 1, units: 1), "output activation = linear"),
    (LayerDescription(.rnn(.hardSigmoid(slope: 0.2, offset: 0.5)), inputs: 1, units: 1), "activation = hard_sigmoid(0.2, 0.5)"),
    (LayerDescription(.rnn(.tanh), inputs: 1, units: 1, direction: .reverse), "direction = reverse"),
  ])
  func whatKerasLacksIsNamed(description: LayerDescription, attribute: String) throws {
    let network = try Network([RecurrentLayer("a", description, weights: [description.numbered])])
    let error = #expect(throws: RecurrentError.self) { try KerasExport(network, file: "a.weights.h5") }
    #expect(error?.description.hasPrefix("Keras has no layer with \(attribute)") == true, "\(error?.description ?? "")")
  }
}
