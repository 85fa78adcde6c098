import Models
import Support
import TensorFiles

extension LayerChain {
  /// The chain of a model of Automated-GuitarAmpModelling, which GuitarML's plugins play: recurrent layers of PyTorch called `rec`, a
  /// dense one called `lin`, and with `skip` the input added to what that gives.
  ///
  /// Source: CoreAudioML, `networks.py`, the class SimpleRNN.
  /// - Throws: ``RecurrentError`` if it is another class of model, or its tensors are not those that its sizes say.
  init(guitarml file: TensorFile) throws {
    let stated = StatedKeys(file, of: "model_data")
    if let model = stated["model"], model != ["SimpleRNN"] { throw stated.refusal("model", "SimpleRNN is read") }
    guard !file.tensors.isEmpty else {
      throw RecurrentError(
        .interchange, "\(file.path) says what a model of GuitarML's is, but has no state_dict: it was saved before it was trained"
      )
    }
    // A plain network is PyTorch's as it is without more arguments.
    let layers = try PyTorchNames.layers(of: file, .init(activation: .tanh))
    guard let first = layers.first?.layer.description, let last = layers.last?.layer.description, Self.follow(layers) else {
      throw RecurrentError(.interchange, "\(file.path) has no recurrent layers rec.weight_ih_l0 and so on in its state_dict")
    }
    let kind =
      switch first.kind {
      case .rnn: "RNN"
      case .lstm: "LSTM"
      case .gru: "GRU"
      }
    guard stated["unit_type"] ?? [kind] == [kind] else { throw stated.refusal("unit_type", "its tensors are those of \(kind)") }
    guard let outputs = file["lin.weight"]?.shape.first else {
      throw RecurrentError(
        .interchange, "\(file.path) has no lin.weight, the dense layer on top that each model of GuitarML's has in its state_dict"
      )
    }
    try stated.check("input_size", is: first.inputs)
    try stated.check("hidden_size", is: first.units)
    try stated.check("num_layers", is: layers.count)
    try stated.check("output_size", is: outputs)
    let bias = try file["lin.bias"].map { _ in try file.floats("lin.bias", shape: [outputs]) }
    if let hasBias = try stated.flag("bias_fl"), hasBias != (bias != nil) {
      throw stated.refusal("bias_fl", "its state_dict has \(bias == nil ? "no " : "")lin.bias")
    }
    let dense = try DenseLayer(
      "lin", inputs: last.width, outputs: outputs, weight: file.floats("lin.weight", shape: [outputs, last.width]), bias: bias)
    var parts = layers.map(Part.recurrent) + [.dense(dense)]
    if let shortcut = try Self.shortcut(stated, inputs: first.inputs, outputs: outputs) { parts.append(.shortcut(shortcut)) }
    let own = Set(layers.flatMap(\.tensors) + ["lin.weight", "lin.bias"])
    for tensor in file.tensors where !own.contains(tensor.name) {
      parts.append(.other(name: "tensor \(tensor.name)", what: "no part of such a model"))
    }
    parts += stated.unknown(besides: [
      "model", "input_size", "hidden_size", "num_layers", "output_size", "unit_type", "bias_fl", "skip",
    ])
    self.init(path: file.path, parts: parts, notes: try StatedKeys(file).sampleRate("samplerate"))
  }

  /// The matrix by which the first `skip` numbers of the input are added to the output, `[outputs, inputs]`: one number to each
  /// output, or as many as there are outputs; nil for none.
  private static func shortcut(_ stated: StatedKeys, inputs: Int, outputs: Int) throws(RecurrentError) -> [Float]? {
    guard let skip = try stated.integer("skip") else {
      throw stated.refusal("skip", "expected 0, or how many numbers of the input are added to the output: add it to model_data")
    }
    if skip == 0 { return nil }
    guard skip == 1 || skip == outputs, skip <= inputs, skip > 0 else {
      throw stated.refusal("skip", "expected 0, 1 or output_size, and no more than input_size")
    }
    return (0..<outputs * inputs).map { $0 % inputs == (skip == 1 ? 0 : $0 / inputs) ? 1 : 0 }
  }
}
