import Models
public import Networks
import Storage
import Support
public import TensorFiles

/// A recurrent layer that a file has.
public struct FoundLayer: Sendable {
  /// What the layer is, with its weights and its name in the file.
  public let layer: RecurrentLayer
  /// What the file calls the stack of layers that this one is a part of: its tensors' common prefix.
  package let stack: String
  package let system: System
  /// The gates in the order of the file's stacked matrices.
  package let gateOrder: [LayerDescription.Gate]
  /// The file's tensors of which it is made.
  package let tensors: [String]

  package init(
    layer: RecurrentLayer, stack: String, system: System, gateOrder: [LayerDescription.Gate], tensors: [String]
  ) {
    self.layer = layer
    self.stack = stack
    self.system = system
    self.gateOrder = gateOrder
    self.tensors = tensors
  }

  /// Whose names a file's tensors have.
  package enum System: String, Sendable, Hashable {
    case pytorch = "PyTorch"
    case mlx = "MLX"
    case keras = "Keras"
    case rtneural = "RTNeural"
    case onnx = "ONNX"
  }
}

extension LayerChain {
  /// What files leave open that hold weights only.
  public struct ReadingOptions: Sendable {
    /// The function of plain networks, and that of Keras's candidates and outputs; tanh unless the layer was made with another.
    package var activation: Activation
    /// The function of the gates of Keras's layers, as Keras calls it; nil if unknown.
    package var recurrentActivation: String?
    /// Where the reset gate of a GRU without biases acts; nil if unknown.
    package var reset: LayerDescription.Reset?
    /// What is made of the directions of Keras's bidirectional layers; they are concatenated unless the layer was made with another
    /// way.
    package var merge: Architecture.Merge
    /// What of the last layer's outputs a model reads of which a file has tensors alone.
    package var readout: Architecture.Readout
    /// The function of all dense layers but the last one in a file of tensors alone; nil if unknown.
    package var denseActivation: Activation?
    /// The path of a Keras model's description in JSON, as `model.to_json()` gives it; nil for none.
    package var config: String?

    /// - Parameters:
    ///   - activation: the function of plain networks, and that of Keras's candidates and outputs; nil for tanh.
    ///   - recurrentActivation: the function of the gates of Keras's layers, as Keras calls it; nil if unknown.
    ///   - reset: where the reset gate of a GRU without biases acts; nil if unknown.
    ///   - merge: what is made of the directions of Keras's bidirectional layers.
    ///   - readout: what of the last layer's outputs the model reads.
    ///   - denseActivation: the function of all dense layers but the last one; nil if unknown.
    ///   - config: the path of a Keras model's description in JSON, as `model.to_json()` gives it; nil for none.
    public init(
      activation: LayerDescription.Activation? = nil, recurrentActivation: String? = nil, reset: LayerDescription.Reset? = nil,
      merge: Architecture.Merge = .concatenate, readout: Architecture.Readout = .everyStep,
      denseActivation: LayerDescription.Activation? = nil,
      config: String? = nil
    ) {
      self.activation = activation ?? .tanh
      self.recurrentActivation = recurrentActivation
      self.reset = reset
      self.merge = merge
      self.readout = readout
      self.denseActivation = denseActivation
      self.config = config
    }
  }
}

package typealias ReadingOptions = LayerChain.ReadingOptions

extension LayerChain {
  /// What a file of tensors has: its recurrent layers, and round them the embedding and dense layers where names and shapes leave
  /// no doubt.
  ///
  ///     let network = try Network(LayerChain(TensorFile(contentsOf: "lstm.pt")))
  ///
  /// - Parameter options: what the file leaves open if it holds weights only.
  /// - Throws: ``RecurrentError`` if there is no recurrent layer, or a tensor that has a recurrent layer's name does not fit the others.
  public init(_ file: TensorFile, _ options: ReadingOptions = .init()) throws {
    switch file.format {
    case .hdf5, .keras: try self.init(keras: file, options)
    case .rtneural: try self.init(rtneural: file)
    case .safetensors, .pytorch, .npy, .npz, .json: try self.init(named: file, options)
    }
  }

  private init(named file: TensorFile, _ options: ReadingOptions) throws {
    let found = try PyTorchNames.layers(of: file, options) + MLXNames.layers(of: file, options)
    guard !found.isEmpty else {
      throw RecurrentError(
        .interchange,
        "\(file.path) has no recurrent layer that is known by its tensors' names: weight_ih_l0, weight_hh_l0 (PyTorch) or Wx, Wh (MLX)"
      )
    }
    let places = Dictionary(file.tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let layers = found.sorted { Self.comes($0, before: $1, places) }
    let own = Set(layers.flatMap(\.tensors))
    var others = NamedTensors(file: file, tensors: file.tensors.filter { !own.contains($0.name) })
    var parts = layers.map(Part.recurrent)
    if let first = layers.first?.layer, let last = layers.last?.layer {
      let embedding = try others.embedding(width: first.description.inputs)
      let dense = try others.denseLayers(
        below: first.description.inputs, above: last.description.width, hasEmbedding: embedding != nil)
      let below = try dense.below.flatMap { try Self.parts($0, isLast: false, options) }
      let above = try dense.above.enumerated().flatMap {
        try Self.parts($1, isLast: $0 == dense.above.count - 1, options)
      }
      parts = (embedding.map { [.embedding($0)] } ?? []) + below + parts
      if options.readout != .everyStep { parts.append(.readout(options.readout)) }
      parts += above
    }
    parts += others.rest.map { .other(name: "tensor \($0)", what: "no part of its recurrent layers") }
    let notes = layers.compactMap { found -> Sentence? in
      guard case .rnn(let activation) = found.layer.description.kind else { return nil }
      return
        "the file does not say the function of the plain network \(found.layer.name): \("\(activation)") is taken; \(Setting("activation")) says another"
    }
    self.init(path: file.path, parts: parts, isOrdered: false, notes: notes)
  }

  /// A dense layer with the function that the options name for it; without one if it is the last layer.
  private static func parts(_ layer: DenseLayer, isLast: Bool, _ options: ReadingOptions) throws -> [Part] {
    if isLast { return [.dense(layer)] }
    if let activation = options.denseActivation { return [.dense(try layer.with(.elementwise(activation)))] }
    return [
      .dense(layer),
      .other(
        name: "the function after the dense layer \(layer.name)",
        what: "no part of the file: name it as the dense activation: relu, or what it is (linear for none)"),
    ]
  }

  /// In the order of the file's tensors, but numbered stacks in the order of their numbers.
  private static func comes(_ one: FoundLayer, before other: FoundLayer, _ places: [String: Int]) -> Bool {
    let (a, b) = (one.numberedStack, other.numberedStack)
    if a.prefix == b.prefix, let first = a.number, let second = b.number, first != second { return first < second }
    return (places[one.tensors[0]] ?? 0) < (places[other.tensors[0]] ?? 0)
  }
}

extension FoundLayer {
  /// `rnn.1` as `rnn` and 1.
  var numberedStack: (prefix: String, number: Int?) {
    let parts = stack.split(separator: ".")
    guard let last = parts.last, let number = Int(last) else { return (stack, nil) }
    return (parts.dropLast().joined(separator: "."), number)
  }
}
