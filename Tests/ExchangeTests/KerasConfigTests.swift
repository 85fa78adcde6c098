import CellLanguage
import Exchange
import Models
import Networks
import Support
import TensorFiles
import Testing

/// What a Keras layer's configuration says is heeded or refused, and never passed over.
struct KerasConfigTests {
  /// The chain of a model whose description is made here, with weights of 0.1.
  private func chain(
    _ layers: [(className: String, config: String, call: String)], isSequential: Bool = true,
    arrays: [(path: String, shape: [Int])]
  ) throws -> LayerChain {
    var tree = HDF5Tree()
    for (path, shape) in arrays {
      tree.arrays.append(("layers/\(path)", [Float](repeating: 0.1, count: shape.reduce(1, *)), shape))
    }
    let listed = layers.map { className, config, call in
      #"{"class_name": "\#(className)", "config": {\#(config)}, "inbound_nodes": [\#(call)]}"#
    }
    let last = layers.last.map { $0.config.split(separator: "\"")[2] } ?? ""
    let text = """
      {"class_name": "\(isSequential ? "Sequential" : "Functional")", "config": {"layers": [\(listed.joined(separator: ", "))],
       "input_layers": [["x", 0, 0]], "output_layers": [["\(last)", 0, 0]]}}
      """
    let file = try TemporaryFile(bytes: tree.bytes(), "weights.h5")
    let description = try TemporaryFile(bytes: Array(text.utf8), "json")
    return try LayerChain(TensorFile(contentsOf: file.path), .init(config: description.path))
  }

  private static let arrays: [(path: String, shape: [Int])] = [
    ("lstm/cell/vars/0", [3, 8]), ("lstm/cell/vars/1", [2, 8]), ("lstm/cell/vars/2", [8]),
  ]

  private func lstm(_ config: String) throws -> LayerChain {
    try chain([("LSTM", #""name": "a", "units": 2, "return_sequences": true\#(config)"#, "")], arrays: Self.arrays)
  }

  @Test(arguments: [
    (#""mystery": 3"#, "layer a has mystery = 3, which is not known here and may change what the layer gives"),
    (#""mystery": {"class_name": "Thing"}"#, "layer a has mystery = Thing, which is not known"),
    (#""reset_after": true"#, "layer a has reset_after = true, which is not known"),
    (#""time_major": true"#, "layer a has time_major = true; save the model with time_major = false"),
    (#""use_bias": "no""#, #"layer a has use_bias = "no"; expected true or false"#),
    (#""go_backwards": 1"#, "layer a has go_backwards = 1; expected true or false"),
    (#""activation": "sparse_plus""#, #"layer a has activation = "sparse_plus", a function that no layer here has"#),
    (#""recurrent_activation": "softmax""#, "layer a has recurrent_activation = softmax, a function that no cell here has"),
    (#""activation": 3"#, "layer a has activation = 3; expected the name of a function"),
    (
      #""activation": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.1, "turn": 1}}"#,
      "layer a, its activation, has turn = 1, which is not known"
    ),
    (
      #""dtype": {"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8", "source_name": "float32"}}"#,
      "layer a has dtype = int8, and only layers that compute in floating point are read: save the model before it is quantized"
    ),
    (#""quantization_config": {"class_name": "Int8"}"#, "layer a has quantization_config = Int8, which is not known"),
  ])
  func whatMayChangeANumberIsRefusedByName(config: String, reason: String) throws {
    let chain = try lstm(", " + config)
    #expect(chain.layers.isEmpty && chain.unreadable.map(\.name) == ["a"])
    let error = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    #""mystery": null"#, #""dropout": 0.5, "recurrent_dropout": 0.1, "seed": 4, "unroll": true, "implementation": 1"#,
    #""kernel_initializer": {"class_name": "Zeros"}, "bias_constraint": "MaxNorm", "unit_forget_bias": false"#,
    #""dtype": "float32", "trainable": false, "return_state": true"#,
  ])
  func whatChangesNoNumberIsPassedOver(config: String) throws {
    let plain = try Network(lstm(""))
    let network = try Network(lstm(", " + config))
    #expect(network.architecture == plain.architecture && network.parameters == plain.parameters)
  }

  @Test func functionsAreHeededUnderEachOfTheirNames() throws {
    func kind(_ config: String) throws -> LayerDescription.Kind { try lstm(", " + config).layers[0].layer.description.kind }
    #expect(try kind(#""activation": null"#) == .lstm(.init(candidate: .linear, output: .linear)))
    let leaky = try Activation("leaky_relu", [0.1])
    #expect(
      try kind(#""activation": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.1, "name": "l"}}"#)
        == .lstm(.init(candidate: leaky, output: leaky)))
    // Keras 1
    #expect(try kind(#""inner_activation": "tanh""#) == .lstm(.init(gates: .tanh)))
  }

  @Test func halfPrecisionIsSaid() throws {
    let notes = try lstm(#", "dtype": {"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}"#).notes
    #expect(notes.map(\.description) == ["what is computed in mixed_float16 in Keras is computed in float32 here: a"])
  }

  /// One layer that can't be read leaves the others as they are.
  @Test func anUnreadableLayerStandsBesideReadableOnes() throws {
    let gru = #""name": "b", "units": 2, "return_sequences": true, "reset_after": false"#
    let chain = try chain(
      [("LSTM", #""name": "a", "units": 2, "return_sequences": true, "mystery": 3"#, ""), ("GRU", gru, "")],
      arrays: Self.arrays + [("gru/cell/vars/0", [2, 6]), ("gru/cell/vars/1", [2, 6]), ("gru/cell/vars/2", [6])])
    #expect(chain.layers.map(\.layer.name) == ["b"])
    #expect(try Network(chain, layers: ["b"]).architecture.layers.count == 1)
    let asked = #expect(throws: RecurrentError.self) { try Network(chain, layers: ["a"]) }
    #expect(asked?.description == "layer a has mystery = 3, which is not known here and may change what the layer gives")
    let whole = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(
      whole?.description.contains(
        "as a whole: layer a has mystery = 3, which is not known here and may change what the layer gives. A network")
        == true)
  }

  @Test func aClassThatIsNotKerassOwnIsNotTakenForOne() throws {
    let text =
      #"{"class_name": "Sequential", "config": {"layers": [{"class_name": "LSTM", "module": "mine.cells", "config": {"name": "a"}}]}}"#
    var tree = HDF5Tree()
    tree.arrays = [("layers/lstm/cell/vars/0", [1], [1])]
    let file = try TemporaryFile(bytes: tree.bytes(), "weights.h5")
    let description = try TemporaryFile(bytes: Array(text.utf8), "json")
    let chain = try LayerChain(TensorFile(contentsOf: file.path), .init(config: description.path))
    let error = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(
      error?.description.hasSuffix("but a, a layer of the class LSTM of mine.cells, which is not Keras's own") == true,
      "\(error?.description ?? "")")
  }

  // MARK: Arguments of a call

  private static func source(_ layer: String) -> String {
    #"{"class_name": "__keras_tensor__", "config": {"keras_history": ["\#(layer)", 0, 0]}}"#
  }

  private static func constant(_ rows: String) -> String { #"{"class_name": "__numpy__", "config": {"value": \#(rows)}}"# }

  /// A model of inputs x and s and an LSTM that is called with other arguments, too.
  private func called(with arguments: String) throws -> LayerChain {
    let call = #"{"args": [\#(Self.source("x"))], "kwargs": {\#(arguments)}}"#
    return try chain(
      [
        ("InputLayer", #""name": "x""#, ""), ("InputLayer", #""name": "s""#, ""),
        ("LSTM", #""name": "a", "units": 2, "return_sequences": true"#, call),
      ], isSequential: false, arrays: Self.arrays)
  }

  @Test(arguments: [
    ("[[0, 0]]", "[[0, 0, 0]]", "a is a layer that begins with constant states of a shape other than [sequences, 2]"),
    ("[0, 0]", "[0, 0]", "a is a layer that begins with constant states of a shape other than [sequences, 2]"),
    ("[[0, 0]]", "[]", "a is a layer that begins with constant states of a shape other than [sequences, 2]"),
    ("[[0, 0], [0, 1e-9]]", "[[0, 0]]", "a is a layer that begins with constant states other than 0"),
    ("[[0, NaN]]", "[[0, 0]]", "a is a layer that begins with constant states other than 0"),
  ])
  func constantStatesAreBelievedIfTheyAreZerosOfTheRightShape(hidden: String, cell: String, reason: String) throws {
    func chain(_ states: [String]) throws -> LayerChain {
      try called(with: #""initial_state": [\#(states.map(Self.constant).joined(separator: ", "))]"#)
    }
    #expect(try Network(chain(["[[0, 0]]", "[[0.0, -0.0], [0, 0]]"])).architecture.layers.count == 1)
    let error = #expect(throws: RecurrentError.self) { try Network(chain([hidden, cell])) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    let few = #expect(throws: RecurrentError.self) { try Network(chain(["[[0, 0]]"])) }
    #expect(few?.description.contains("a is a layer that is given 1 states to begin with; it has 2") == true)
  }

  @Test(arguments: [
    (#""training": true"#, "a is a layer that is called with an argument of its own, training = true"),
    (#""constants": [1]"#, "a is a layer that is called with an argument of its own, constants"),
    (#""mask": \#(constant("[[true, false]]"))"#, "a is a layer with a mask that the model computes"),
  ])
  func argumentsThatNoNetworkTakesAreNamed(arguments: String, reason: String) throws {
    let chain = try called(with: arguments)
    #expect(chain.layers.count == 1)
    let error = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func statesAndMasksThatAreInputsAreNoted() throws {
    let states = try called(with: #""training": false, "initial_state": [\#(Self.source("s")), \#(Self.source("s"))]"#)
    #expect(
      states.notes.map(\.description) == [
        "layer a begins with states that are inputs of the model, s, s: give them as the first states"
      ])
    #expect(try Network(states).architecture.layers.count == 1)
    let masked = try called(with: #""mask": \#(Self.source("s"))"#)
    #expect(masked.notes.first?.description == "layer a reads a mask, the model's input s: give it as the mask")
    #expect(try Network(masked).architecture.layers.count == 1)
  }

  @Test func aMaskOfWhatLayersGiveIsRefused() throws {
    let config = #""name": "a", "units": 2, "return_sequences": true"#
    let chain = try chain([("LSTM", config, ""), ("Masking", #""name": "m""#, "")], arrays: Self.arrays)
    let error = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(error?.description.contains("m is a Masking of what other layers give, and not of the model's input") == true)
  }

  /// Two layers of a model in a file of weights alone have as many arrays as two directions of one.
  @Test func layersOfAModelAreNotTakenForDirections() throws {
    let chain = try LayerChain(Vectors.file("keras/parts.h5"), .init(recurrentActivation: "sigmoid"))
    let error = #expect(throws: RecurrentError.self) { try Network(chain) }
    #expect(
      error?.description.hasSuffix("but encoder, a layer of several parts, of which a file of weights alone says too little")
        == true)
  }
}
