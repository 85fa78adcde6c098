import Engine
import Exchange
import Foundation
import Models
import Networks
import ONNXFiles
import Storage
import Support
import TensorFiles
import Testing

/// Models of guitar amplifiers as players run them: with the input added to the output, and with gains.
///
/// Numbers are at most a few units, sums have at most 10 summands and go through at most 6 steps of 2 layers: 1e-5 is some hundred
/// roundings of a Float.
struct GuitarTests {
  static func numbers(_ count: Int, seed: UInt64) -> [Double] {
    var random = Random(seed: seed)
    return (0..<count).map { _ in Double(random.uniformFloat() - 0.5) }
  }

  static func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> [[Double]] {
    let all = numbers(rows * columns, seed: seed)
    return (0..<rows).map { Array(all[$0 * columns..<($0 + 1) * columns]) }
  }

  static func file(_ value: Any) throws -> TemporaryFile {
    try TemporaryFile(bytes: [UInt8](try JSONSerialization.data(withJSONObject: value)), "json")
  }

  /// The members of an object of JSON.
  static func keys(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  static func network(_ file: TemporaryFile) throws -> Network {
    try Network(LayerChain(TensorFile(contentsOf: file.path)))
  }

  static func refusal(_ value: Any) throws -> String? {
    let file = try file(value)
    let error = #expect(throws: RecurrentError.self) { try network(file) }
    return error?.description.replacing(file.path, with: "$")
  }

  private static func sigmoid(_ number: Double) -> Double { 1 / (1 + Foundation.exp(-number)) }

  /// The steps of an LSTM whose gates stand in the order i f g o.
  static func lstm(
    _ x: [[Double]], input: [[Double]], recurrent: [[Double]], bias: [Double], h: [Double], c: [Double]
  ) -> [[Double]] {
    var (h, c) = (h, c)
    let units = h.count
    return x.map { step in
      let sums = bias.indices.map { row in
        bias[row] + zip(input[row], step).reduce(0) { $0 + $1.0 * $1.1 } + zip(recurrent[row], h).reduce(0) { $0 + $1.0 * $1.1 }
      }
      for unit in 0..<units {
        c[unit] =
          sigmoid(sums[units + unit]) * c[unit] + sigmoid(sums[unit]) * Foundation.tanh(sums[2 * units + unit])
        h[unit] = sigmoid(sums[3 * units + unit]) * Foundation.tanh(c[unit])
      }
      return h
    }
  }

  static func expectSame(_ network: Network, _ x: [[Double]], _ expected: [Double], _ comment: Comment? = nil) throws {
    let input = ChainEvaluation.Array(values: x.joined().map(Float.init), shape: [1, x.count, x[0].count])
    #expect(difference(try network.outputs(input), expected.map(Float.init), abs: 1e-5) == nil, comment)
  }

  // MARK: RTNeural

  static func rtneural(_ keys: [String: Any], inputs: Int = 1, outputs: Int = 1, activation: String = "") -> [String: Any] {
    let lstm: [String: Any] = [
      "type": "lstm", "activation": "", "shape": [NSNull(), NSNull(), 2],
      "weights": [matrix(inputs, 8, seed: 1), matrix(2, 8, seed: 2), numbers(8, seed: 3)],
    ]
    let dense: [String: Any] = [
      "type": "dense", "activation": activation, "shape": [NSNull(), NSNull(), outputs],
      "weights": [matrix(2, outputs, seed: 4), numbers(outputs, seed: 5)],
    ]
    return ["in_shape": [NSNull(), NSNull(), inputs], "layers": [lstm, dense]].merging(keys) { _, new in new }
  }

  /// y = ((x · g) + f(x · g)) · o, where only the sound is multiplied and added, and nothing that stands beside it.
  @Test(arguments: [
    (#"{"in_skip": 1}"#, 1, ""), (#"{"in_gain": -6.0}"#, 2, ""), (#"{"out_gain": 3.0}"#, 1, "tanh"),
    (#"{"in_gain": -100}"#, 1, ""),
    (#"{"in_skip": 1, "in_gain": -6.0, "out_gain": 3.0}"#, 1, ""),
    (#"{"in_skip": 1, "in_gain": 4.5, "out_gain": -20}"#, 2, "tanh"),
    (#"{"in_skip": 0, "metadata": {"samplerate": "48000"}, "samplerate": 48000, "input_batch": [1, 2]}"#, 1, ""),
  ])
  func playersKeysAreHonoured(keys text: String, inputs: Int, activation: String) throws {
    let keys = try Self.keys(text)
    let plain = try Self.network(Self.file(Self.rtneural([:], inputs: inputs, activation: activation)))
    let network = try Self.network(Self.file(Self.rtneural(keys, inputs: inputs, activation: activation)))
    func gain(_ key: String) -> Double {
      let decibels = (keys[key] as? NSNumber)?.doubleValue ?? 0
      return decibels <= -90 ? 0 : Foundation.pow(10, decibels / 20)
    }
    let skip = keys["in_skip"] as? Int ?? 0
    let x = Self.matrix(6, inputs, seed: 9)
    let scaled = x.map { [$0[0] * gain("in_gain")] + $0.dropFirst() }
    let given = try plain.outputs(.init(values: scaled.joined().map(Float.init), shape: [1, 6, inputs]))
    let expected = zip(scaled, given).map { (Double(skip) * $0[0] + Double($1)) * gain("out_gain") }
    try Self.expectSame(network, x, expected)
    // Streams and files have it, too, and layers alone are the file's own.
    let loaded = try Network(bytes: network.bytes())
    #expect(loaded.architecture == network.architecture && loaded.parameters == network.parameters)
    let stream = try network.stream()
    for (step, row) in x.enumerated() {
      #expect(abs(Double(stream.step(row.map(Float.init))[0]) - expected[step]) <= 1e-5)
    }
  }

  /// How often a second the sound is sampled stands with the model or with what its author says of it.
  @Test func theRateIsNotedWhereverItStands() throws {
    let expected = ["the model is for sound of 44100 samples a second, one sample a step"]
    func notes(_ value: [String: Any]) throws -> [String] {
      let file = try Self.file(value)
      return try withExtendedLifetime(file) { try LayerChain(TensorFile(contentsOf: file.path)).notes.map(\.description) }
    }
    let rate: [String: Any] = ["metadata": ["samplerate": 44_100]]
    #expect(try notes(Self.rtneural(rate)) == expected)
    #expect(try notes(Self.rtneural(["samplerate": 44_100, "metadata": ["samplerate": 48_000]])) == expected)
    #expect(try notes(Self.guitarml().merging(rate) { own, _ in own }) == expected)
    #expect(try notes(Self.guitarml().merging(["metadata": ["samplerate": "48 kHz"]]) { own, _ in own }).isEmpty)
  }

  @Test func layersAloneAreWithoutWhatAPlayerDoes() throws {
    let files = try [["in_gain": -6.0, "in_skip": 1], [:]].map { try Self.file(Self.rtneural($0)) }
    let networks = try files.map { try Network(LayerChain(TensorFile(contentsOf: $0.path)), layers: ["0.lstm"]) }
    #expect(networks[0].parameters == networks[1].parameters)
  }

  @Test(arguments: [
    (#"{"in_skip": 2}"#, "in_skip of $ is 2; known are 0, and 1, which adds the first number of the input to the output"),
    (#"{"in_skip": "yes"}"#, "in_skip of $ is \"yes\"; expected a number"),
    (#"{"in_skip": 0.5}"#, "in_skip of $ is 0.5; expected a whole number"),
    (#"{"out_gain": [1, 2]}"#, "out_gain of $ is [1, 2]; expected a number"),
    (#"{"in_gain": 1000}"#, "in_gain of $ is 1000; expected decibels"),
    (#"{"in_shape": [null, null, 2]}"#, "in_shape of $ is [null, null, 2]; its first layer reads 1"),
    (
      #"{"dc_blocker": true}"#,
      "$ can't become a network as a whole: the key dc_blocker is not known here, and may change what the model gives. A network has an "
        + "embedding, recurrent and dense layers one on top of the other, and softmax on top; take recurrent layers alone with layers (0.lstm)"
    ),
  ])
  func otherKeysAreNamed(keys: String, message: String) throws {
    #expect(try Self.refusal(Self.rtneural(Self.keys(keys))) == message)
  }

  @Test func keysOfALayerAreNamed() throws {
    var model = Self.rtneural([:])
    var layers = try #require(model["layers"] as? [[String: Any]])
    layers[0]["go_backwards"] = true
    model["layers"] = layers
    #expect(
      try Self.refusal(model)?.contains("the key layers.0.go_backwards is not known here, and may change what the model gives")
        == true)
    #expect(
      try Self.refusal(Self.rtneural(["in_skip": 1], outputs: 2))
        == "in_skip of $ is 1; the input is added to one number, and the model gives 2")
    #expect(
      try Self.refusal(Self.rtneural(["in_skip": 1], activation: "softmax"))?
        .contains("what softmax gives is multiplied, or has the input added to it") == true)
  }

  // MARK: GuitarML

  private static func guitarml(
    _ keys: [String: Any] = [:], unit: String = "LSTM", inputs: Int = 1, outputs: Int = 1, layers: Int = 1
  ) -> [String: Any] {
    let rows = (unit == "LSTM" ? 4 : unit == "GRU" ? 3 : 1) * 2
    var state: [String: Any] = [:]
    for layer in 0..<layers {
      state["rec.weight_ih_l\(layer)"] = matrix(rows, layer == 0 ? inputs : 2, seed: 1 + UInt64(layer))
      state["rec.weight_hh_l\(layer)"] = matrix(rows, 2, seed: 11)
      state["rec.bias_ih_l\(layer)"] = numbers(rows, seed: 12)
      state["rec.bias_hh_l\(layer)"] = numbers(rows, seed: 13)
    }
    (state["lin.weight"], state["lin.bias"]) = (matrix(outputs, 2, seed: 14), numbers(outputs, seed: 15))
    let stated: [String: Any] = [
      "model": "SimpleRNN", "input_size": inputs, "skip": 1, "output_size": outputs, "unit_type": unit, "num_layers": layers,
      "hidden_size": 2, "bias_fl": true,
    ]
    return ["model_data": stated.merging(keys) { _, new in new }, "state_dict": state]
  }

  @Test(arguments: [
    ("LSTM", 1, 1, 1, 1), ("LSTM", 3, 1, 1, 2), ("GRU", 2, 1, 1, 1), ("RNN", 1, 1, 1, 1), ("LSTM", 1, 1, 0, 1),
    ("GRU", 2, 2, 2, 1), ("LSTM", 2, 3, 1, 1),
  ])
  func theInputIsAddedToTheOutput(unit: String, inputs: Int, outputs: Int, skip: Int, layers: Int) throws {
    let model = Self.guitarml(["skip": skip], unit: unit, inputs: inputs, outputs: outputs, layers: layers)
    let network = try Self.network(Self.file(model))
    // The same state dict alone is a network without it.
    let tensors = try Self.file(try #require(model["state_dict"] as? [String: Any]))
    let options = ReadingOptions(denseBelow: [], denseAbove: ["lin"])
    let plain = try Network(LayerChain(TensorFile(contentsOf: tensors.path), options))
    let x = Self.matrix(6, inputs, seed: 9)
    let given = try plain.outputs(.init(values: x.joined().map(Float.init), shape: [1, 6, inputs]))
    let expected = given.enumerated().map { place, y -> Double in
      let (step, output) = (place / outputs, place % outputs)
      return Double(y) + (skip == 0 ? 0 : x[step][skip == 1 ? 0 : output])
    }
    try Self.expectSame(network, x, expected)
  }

  @Test(arguments: [
    (#"{"model": "RecNet"}"#, "model_data.model of $ is \"RecNet\"; SimpleRNN is read"),
    (#"{"unit_type": "GRU"}"#, "model_data.unit_type of $ is \"GRU\"; its tensors are those of LSTM"),
    (#"{"hidden_size": 3}"#, "model_data.hidden_size of $ is 3; by its tensors it is 2"),
    (#"{"num_layers": 2}"#, "model_data.num_layers of $ is 2; by its tensors it is 1"),
    (#"{"input_size": 2}"#, "model_data.input_size of $ is 2; by its tensors it is 1"),
    (#"{"output_size": 2}"#, "model_data.output_size of $ is 2; by its tensors it is 1"),
    (#"{"bias_fl": false}"#, "model_data.bias_fl of $ is false; its state_dict has lin.bias"),
    (
      #"{"skip": 2}"#, "model_data.skip of $ is 2; expected 0, 1 or output_size, and no more than input_size"
    ),
    (
      #"{"skip": null}"#,
      "model_data.skip of $ is missing; expected 0, or how many numbers of the input are added to the output: add it to model_data"
    ),
    (
      #"{"pre_emphasis": 0.9}"#,
      "$ can't become a network as a whole: the key model_data.pre_emphasis is not known here, and may change what the model gives. A network "
        + "has an embedding, recurrent and dense layers one on top of the other, and softmax on top; take recurrent layers alone with layers "
        + "(rec.l0)"
    ),
  ])
  func whatAGuitarModelCanNotBeIsNamed(keys: String, message: String) throws {
    #expect(try Self.refusal(Self.guitarml(Self.keys(keys))) == message)
  }

  @Test func aGuitarModelWithoutAllOfItsTensorsIsNamed() throws {
    var model = Self.guitarml()
    var state = try #require(model["state_dict"] as? [String: Any])
    state["lin.weight"] = nil
    model["state_dict"] = state
    #expect(
      try Self.refusal(model) == "$ has no lin.weight, the dense layer on top that each model of GuitarML's has in its state_dict"
    )
    model["state_dict"] = nil
    #expect(
      try Self.refusal(model)
        == "$ says what a model of GuitarML's is, but has no state_dict: it was saved before it was trained")
  }

  // MARK: Neural Amp Modeler

  private static func nam(_ config: [String: Any] = [:], _ keys: [String: Any] = [:], weights: Int? = nil) -> [String: Any] {
    let sizes = ["input_size": 1, "hidden_size": 2, "num_layers": 2].merging(config) { _, new in new }
    return [
      "version": "0.5.4", "architecture": "LSTM", "config": sizes, "weights": numbers(weights ?? 83, seed: 20),
      "sample_rate": 48_000,
      "metadata": ["loudness": -20.5, "gain": 0.1],
    ].merging(keys) { _, new in new }
  }

  /// Of each layer the matrix of input and hidden state side by side, the bias and the states before the first step.
  @Test func theListOfWeightsIsTakenApart() throws {
    let model = Self.nam()
    let file = try Self.file(model)
    let chain = try LayerChain(TensorFile(contentsOf: file.path))
    #expect(
      chain.notes.map(\.description) == ["the model is for sound of 48000 samples a second, one sample a step"])
    let network = try Network(chain)
    #expect(network.architecture.layers.allSatisfy { $0.learnsInitialStates })
    var rest = try #require(model["weights"] as? [Double])[...]
    func take(_ count: Int) -> [Double] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    let x = Self.matrix(6, 1, seed: 9)
    var rows = x
    for inputs in [1, 2] {
      let matrix = (0..<8).map { _ in take(inputs + 2) }
      let (bias, h, c) = (take(8), take(2), take(2))
      rows = Self.lstm(
        rows, input: matrix.map { Array($0.prefix(inputs)) }, recurrent: matrix.map { Array($0.suffix(2)) }, bias: bias, h: h,
        c: c)
    }
    let (weight, bias) = (take(2), take(1)[0])
    #expect(rest.isEmpty)
    try Self.expectSame(network, x, rows.map { $0[0] * weight[0] + $0[1] * weight[1] + bias })
  }

  @Test func twoChannelsOutAndNoStatesAreRead() throws {
    let model = Self.nam(
      ["num_layers": 1, "out_channels": 2, "in_channels": 1], ["weights": Self.twoChannels, "sample_rate": NSNull()])
    let file = try Self.file(model)
    let chain = try LayerChain(TensorFile(contentsOf: file.path))
    let network = try Network(chain)
    #expect(chain.notes.isEmpty && network.architecture.output == .values(2))
    #expect(!network.architecture.layers[0].learnsInitialStates)
  }

  /// 8 × 3 + 8 numbers of a layer, 4 zeros before the first step, and 2 × 2 + 2 on top.
  private static let twoChannels = numbers(32, seed: 21) + [0, 0, 0, 0] + numbers(6, seed: 22)

  @Test(arguments: [
    (
      "{}", #"{"architecture": "WaveNet"}"#,
      "$ is a model of Neural Amp Modeler whose architecture is WaveNet, which has no recurrent layers; LSTM is read"
    ),
    (
      "{}", #"{"version": "0.9.0"}"#,
      "version of $ is \"0.9.0\"; known are 0.5 to 0.7, whose weights are read as these versions have them"
    ),
    (#"{"hidden_size": 0}"#, "{}", "config.hidden_size of $ is 0; expected a whole number from 1 to 16777216"),
    (#"{"num_layers": null}"#, "{}", "config.num_layers of $ is missing; expected a whole number from 1 to 16777216"),
    (#"{"num_layers": 1000}"#, "{}", "config.num_layers of $ is 1000; expected at most 64"),
    (#"{"in_channels": 2}"#, "{}", "config.in_channels of $ is 2; its layers read 1"),
    (
      #"{"hidden_size": 3}"#, "{}",
      "$ has 83 weights; expected 160 for num_layers 2, hidden_size 3, input_size 1 and out_channels 1"
    ),
    (
      "{}", #"{"weights": null}"#, "$ has 0 weights; expected 83 for num_layers 2, hidden_size 2, input_size 1 and out_channels 1"
    ),
    (
      #"{"head_scale": 0.5}"#, "{}",
      "$ can't become a network as a whole: the key config.head_scale is not known here, and may change what the model gives. A network has an "
        + "embedding, recurrent and dense layers one on top of the other, and softmax on top; take recurrent layers alone with layers (lstm.0, "
        + "lstm.1)"
    ),
  ])
  func whatANAMFileCanNotBeIsNamed(config: String, keys: String, message: String) throws {
    #expect(try Self.refusal(Self.nam(Self.keys(config), Self.keys(keys))) == message)
  }

  // MARK: Out again

  @Test func aShortcutGoesToONNXAndPyTorchAndIsRefusedElsewhere() throws {
    let network = try Self.network(Self.file(Self.guitarml()))
    let file = TemporaryFile("onnx")
    try ONNXExport(network).write(to: file.path)
    let again = try #require(try Network(onnx: file.path))
    #expect(again.architecture == network.architecture && again.parameters == network.parameters)
    let program = try PyTorchExport(network, file: "a").program
    #expect(program.contains("        read = x\n") && program.contains("        x = self.output(torch.cat([x, read], -1))\n"))
    let keras = #expect(throws: RecurrentError.self) { try KerasExport(network, file: "a") }
    #expect(
      keras?.description
        == "the network's output reads the input beside the last layer, which Keras can't hold as it is written here: convert it to ONNX or "
        + "PyTorch")
    #expect(throws: RecurrentError.self) { try network.mlxTensors() }
  }

  @Test(arguments: ["rtneural", "guitarml", "nam"]) func damagedModelsAreReadOrRefused(name: String) throws {
    let model =
      switch name {
      case "rtneural": Self.rtneural(["in_skip": 1, "in_gain": -6.0])
      case "guitarml": Self.guitarml()
      default: Self.nam()
      }
    let good = [UInt8](try JSONSerialization.data(withJSONObject: model))
    let refused = try Damage.refusals(of: good, copies: 2000) { path, _ in
      _ = try Network(LayerChain(TensorFile(contentsOf: path)))
    }
    #expect(refused > 300)
  }
}
