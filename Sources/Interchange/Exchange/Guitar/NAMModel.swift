import CellLanguage
import Models
import Support
import TensorFiles

extension LayerChain {
  /// The chain of a model of Neural Amp Modeler whose architecture is LSTM: layers, and a dense one on top of each step.
  ///
  /// Of each layer the list of weights has the matrix `[4 · units, inputs + units]` of the input and the hidden state side by side,
  /// gates in the order i f g o, the bias, and the two states before the first step; then come the matrix and the bias on top.
  /// Source: NeuralAmpModelerCore, `NAM/lstm.cpp` and `docs/nam_file_version.rst`.
  /// - Throws: ``RecurrentError`` if it is of another architecture, of a version that is not known, or has another number of weights
  ///   than its sizes say.
  init(nam file: TensorFile) throws {
    let (own, config) = (StatedKeys(file), StatedKeys(file, of: "config"))
    guard own["architecture"] == ["LSTM"] else {
      throw RecurrentError(
        .interchange,
        "\(file.path) is a model of Neural Amp Modeler whose architecture is \(own["architecture"]?.first ?? "missing"), which has no "
          + "recurrent layers; LSTM is read")
    }
    let version = (own["version"]?.first ?? "").split(separator: ".").compactMap { Int($0) }
    guard version.count == 3, version[0] == 0, (5...7).contains(version[1]) else {
      throw own.refusal("version", "known are 0.5 to 0.7, whose weights are read as these versions have them")
    }
    func size(_ key: String) throws(RecurrentError) -> Int {
      guard let size = try config.integer(key), (1...Size.largest).contains(size) else {
        throw config.refusal(key, "expected a whole number from 1 to \(Size.largest)")
      }
      return size
    }
    let (inputs, units, layers) = (try size("input_size"), try size("hidden_size"), try size("num_layers"))
    let outputs = try config["out_channels"] == nil ? 1 : size("out_channels")
    if try config.integer("in_channels") ?? inputs != inputs {
      throw config.refusal("in_channels", "its layers read \(inputs)")
    }
    guard layers <= 64 else { throw config.refusal("num_layers", "expected at most 64") }
    let weights = try file["weights"].map { try file.floats("weights", shape: [$0.count]) } ?? []
    // No sum can overflow: sizes are below 2²⁵.
    let counts = (0..<layers).map { 4 * units * (($0 == 0 ? inputs : units) + units + 1) + 2 * units }
    let expected = counts.reduce(0, +) + (units + 1) * outputs
    guard weights.count == expected else {
      throw RecurrentError(
        .interchange,
        "\(file.path) has \(weights.count) weights; expected \(expected) for num_layers \(layers), hidden_size \(units), input_size \(inputs) and "
          + "out_channels \(outputs)")
    }
    var rest = weights[...]
    func take(_ count: Int) -> [Float] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    var parts: [Part] = []
    for layer in 0..<layers {
      let own = layer == 0 ? inputs : units
      parts.append(.recurrent(try Self.layer(layer, inputs: own, units: units, take)))
    }
    let matrix = take(units * outputs)
    parts.append(.dense(try DenseLayer("head", inputs: units, outputs: outputs, weight: matrix, bias: take(outputs))))
    parts += config.unknown(besides: ["input_size", "hidden_size", "num_layers", "in_channels", "out_channels"])
    // Levels and loudness are for those who play the model.
    parts += own.unknown(besides: ["version", "architecture", "metadata", "sample_rate"])
    self.init(path: file.path, parts: parts, notes: try own.sampleRate("sample_rate"))
  }

  /// - Parameter take: gives the next weights, as many as it is asked for.
  private static func layer(
    _ number: Int, inputs: Int, units: Int, _ take: (Int) -> [Float]
  ) throws(RecurrentError) -> FoundLayer {
    let matrix = take(4 * units * (inputs + units))
    let bias = unstacked(take(4 * units), gates: 4, columns: 1)
    let states = [take(units), take(units)]
    let description = LayerDescription(.lstm(.init()), inputs: inputs, units: units)
    let gates = unstacked(matrix, gates: 4, columns: inputs + units).enumerated().map { gate, rows in
      let columns = inputs + units
      return GateWeights(
        input: rows.indices.filter { $0 % columns < inputs }.map { rows[$0] },
        recurrent: rows.indices.filter { $0 % columns >= inputs }.map { rows[$0] }, bias: bias[gate])
    }
    let hasStates = states.joined().contains { $0 != 0 }
    let weights = LayerWeights(gates: gates, initialStates: hasStates ? states : [])
    return FoundLayer(
      layer: try RecurrentLayer("lstm.\(number)", description, weights: [weights]), stack: "lstm", system: .nam,
      gateOrder: description.gates, tensors: ["weights"])
  }
}

extension StatedKeys {
  /// What whoever runs a model of sound must know: under a key of the model, or among what its author says of it.
  func sampleRate(_ key: String) throws(RecurrentError) -> [Sentence] {
    let remark = StatedKeys(file, of: "metadata")[key].flatMap { $0.count == 1 ? Double($0[0]) : nil }
    guard let rate = try number(key) ?? remark, rate.isFinite else { return [] }
    return ["the model is for sound of \(short(rate)) samples a second, one sample a step"]
  }
}
