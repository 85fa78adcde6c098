import Models
public import Networks
import Storage
package import Support
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
    case nam = "Neural Amp Modeler"
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
    /// The functions of dense layers in a file of tensors alone: one for all but the last one, or one for each from the lowest up, with or
    /// without the last one; nil if unknown.
    package var denseActivation: [Activation]?
    /// The path of a Keras model's description in JSON, as `model.to_json()` gives it; nil for none.
    package var config: String?
    /// Which state dicts of a PyTorch checkpoint are the model; nil if not said.
    package var stateDicts: [String]?
    /// Where the matrices stand that a file of tensors alone has beside recurrent layers; nothing if not said.
    var places = LayerPlaces.Answers()

    /// - Parameters:
    ///   - activation: the function of plain networks, and that of Keras's candidates and outputs; nil for tanh.
    ///   - recurrentActivation: the function of the gates of Keras's layers, as Keras calls it; nil if unknown.
    ///   - reset: where the reset gate of a GRU without biases acts; nil if unknown.
    ///   - merge: what is made of the directions of Keras's bidirectional layers.
    ///   - readout: what of the last layer's outputs the model reads.
    ///   - denseActivation: the functions of dense layers: one for all but the last one, or one for each from the lowest up, with or without
    ///     the last one; nil if unknown.
    ///   - config: the path of a Keras model's description in JSON, as `model.to_json()` gives it; nil for none.
    ///   - stateDict: the paths of the state dicts that are the model in a PyTorch checkpoint with several, such as `model`; nil if it
    ///     has one only.
    ///   - embedding: the name of the matrix that is an embedding in a file of tensors alone, none if it is empty; nil for what names
    ///     and shapes say.
    ///   - denseBelow: the names of the dense layers below the recurrent ones there, the lowest first; nil for what shapes say.
    ///   - denseAbove: the names of those above, the lowest first; nil for what shapes say.
    public init(
      activation: LayerDescription.Activation? = nil, recurrentActivation: String? = nil, reset: LayerDescription.Reset? = nil,
      merge: Architecture.Merge = .concatenate, readout: Architecture.Readout = .everyStep,
      denseActivation: [LayerDescription.Activation]? = nil,
      config: String? = nil, stateDict: [String]? = nil, embedding: [String]? = nil, denseBelow: [String]? = nil,
      denseAbove: [String]? = nil
    ) {
      self.activation = activation ?? .tanh
      self.recurrentActivation = recurrentActivation
      self.reset = reset
      self.merge = merge
      self.readout = readout
      self.denseActivation = denseActivation
      self.config = config
      stateDicts = stateDict
      places = LayerPlaces.Answers(embedding: embedding, below: denseBelow, above: denseAbove)
    }

    /// - Throws: ``RecurrentError`` if there are settings that say something only of a file of tensors alone, and `path` is no such file.
    package func checkLayersAreStated(in path: String) throws(RecurrentError) {
      let given = [
        (stateDicts != nil, "state-dict"), (places.embedding != nil, "embedding"), (places.below != nil, "dense-below"),
        (places.above != nil, "dense-above"),
      ]
      guard let name = given.first(where: \.0)?.1 else { return }
      throw RecurrentError(
        .usage, naming: "\(path) says where its layers stand, and \(Setting(name)) is for files of tensors alone: leave it out")
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
    case .safetensors, .pytorch, .npy, .npz, .json:
      try self.init(named: file, options)
      return
    case .hdf5, .keras, .rtneural, .nam, .guitarml: break
    }
    try options.checkLayersAreStated(in: file.path)
    switch file.format {
    case .rtneural: try self.init(rtneural: file)
    case .nam: try self.init(nam: file)
    case .guitarml: try self.init(guitarml: file)
    default: try self.init(keras: file, options)
    }
  }

  private init(named whole: TensorFile, _ options: ReadingOptions) throws {
    let dicts = try StateDicts(whole, options.stateDicts)
    let computed = try Reparametrizations(dicts.file)
    let file = computed.file
    let found = try PyTorchNames.layers(of: file, options) + MLXNames.layers(of: file, options)
    guard !found.isEmpty else {
      throw RecurrentError(
        .interchange,
        "\(file.path) has no recurrent layer that is known by its tensors' names: weight_ih_l0, weight_hh_l0 (PyTorch) or Wx, Wh (MLX)"
      )
    }
    let layers = Self.inOrder(found, of: file)
    let own = Set(layers.flatMap(\.tensors))
    var others = NamedTensors(file: file, tensors: file.tensors.filter { !own.contains($0.name) })
    var parts = layers.map(Part.recurrent)
    var notes = dicts.notes + computed.notes
    var question = dicts.question
    if let first = layers.first?.layer, let last = layers.last?.layer, question == nil, Self.follow(layers) {
      let around = try others.layers(below: first.description.inputs, above: last.description.width, options.places)
      question = around.question ?? Self.question(around, whole.path, options)
      notes += around.notes
      let dense = try Self.dense(around.below + around.above, hasLast: !around.above.isEmpty, whole.path, options).map(Part.dense)
      let (below, above) = (dense.prefix(around.below.count), dense.dropFirst(around.below.count))
      parts = (around.embedding.map { [.embedding($0)] } ?? []) + below + parts
      if options.readout != .everyStep { parts.append(.readout(options.readout)) }
      parts += above
      if let lowest = around.above.first, options.readout == .everyStep {
        notes.append(
          "the file does not say what is read of the recurrent layers: \(lowest.name) is taken to read each step; \(Setting("readout")) says another"
        )
      }
    }
    parts += others.rest.map { .other(name: "tensor \($0)", what: "no part of its recurrent layers") }
    notes += layers.compactMap { found -> Sentence? in
      guard case .rnn(let activation) = found.layer.description.kind else { return nil }
      return
        "the file does not say the function of the plain network \(found.layer.name): \("\(activation)") is taken; \(Setting("activation")) says another"
    }
    self.init(path: file.path, parts: parts, isOrdered: false, notes: notes, question: question)
  }

  /// Dense layers with the functions that the options name for them.
  ///
  /// - Parameters:
  ///   - layers: from the lowest up.
  ///   - hasLast: whether the last of them stands above the recurrent layers and gives what the model gives.
  /// - Throws: ``RecurrentError`` if there are more functions than layers, or fewer.
  private static func dense(
    _ layers: [DenseLayer], hasLast: Bool, _ path: String, _ options: ReadingOptions
  ) throws(RecurrentError) -> [DenseLayer] {
    guard let functions = options.denseActivation else { return layers }
    let others = hasLast ? layers.count - 1 : layers.count
    let isOneForAll = functions.count == 1
    guard isOneForAll || functions.count == others || functions.count == layers.count else {
      let names = layers.map(\.name).joined(separator: ", ")
      throw RecurrentError(
        .interchange,
        naming:
          "\(Setting("dense-activation")) names \(functions.count) functions, and the dense layers of \(path) are \(names.isEmpty ? "none" : names), from the lowest up: name one for all but the last, or one for each"
      )
    }
    var result: [DenseLayer] = []
    for (place, layer) in layers.enumerated() {
      let function = isOneForAll ? (place < others ? functions[0] : nil) : place < functions.count ? functions[place] : nil
      result.append(try function.map { function throws(RecurrentError) in try layer.with(.elementwise(function)) } ?? layer)
    }
    return result
  }

  /// Asks for the function of dense layers that are not the last ones, if there are any and nothing says it.
  private static func question(_ layers: NamedTensors.Layers, _ path: String, _ options: ReadingOptions) -> Sentence? {
    let others = (layers.below + layers.above.dropLast()).map(\.name)
    guard !others.isEmpty, options.denseActivation == nil else { return nil }
    return
      "\(path) does not say what function follows \(others.joined(separator: ", ")): say it with \(Setting("dense-activation")), relu or what it is, linear for none; several, with commas between, are for each from the lowest up"
  }

  /// Stacks in the order of the file's tensors, but those with numbers in the order of their numbers, and the layers of each from the
  /// lowest up, as they come here: files sort `l10` before `l2`, or don't sort at all.
  private static func inOrder(_ layers: [FoundLayer], of file: TensorFile) -> [FoundLayer] {
    let places = Dictionary(file.tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var first: [String: Int] = [:]
    for layer in layers {
      for tensor in layer.tensors {
        let place = found(places[tensor], orFail: "\(file.path) has no \(tensor), of which \(layer.layer.name) is made")
        first[layer.family] = min(place, first[layer.family] ?? place)
      }
    }
    let ranks = layers.enumerated().map { index, layer in
      (found(first[layer.family], orFail: "\(layer.layer.name) is made of nothing"), layer.numberedStack.number ?? -1, index)
    }
    return ranks.sorted(by: <).map { layers[$0.2] }
  }
}

extension FoundLayer {
  /// What it shares with the other layers of its stack, and of the stacks that are numbered with it.
  var family: String { numberedStack.number == nil ? stack : numberedStack.prefix + "." }

  /// `rnn.1` as `rnn` and 1.
  var numberedStack: (prefix: String, number: Int?) {
    let parts = stack.split(separator: ".")
    guard let last = parts.last, let number = Int(last) else { return (stack, nil) }
    return (parts.dropLast().joined(separator: "."), number)
  }
}
