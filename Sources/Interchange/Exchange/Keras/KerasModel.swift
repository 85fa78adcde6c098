import Models
import Networks
import Storage
import Support
import TensorFiles

extension LayerChain {
  /// The chain of a Keras model, or of the layers whose weights alone a file has.
  ///
  /// - Throws: ``RecurrentError`` or ``RecurrentError`` if a recurrent layer has an attribute that can't be represented, or
  ///   arrays that don't fit.
  init(keras file: TensorFile, _ options: ReadingOptions) throws {
    guard let weights = KerasWeights(file) else {
      throw RecurrentError(
        .interchange, "\(file.path) has no weights as Keras names them: groups with weight_names, or folders with vars")
    }
    var text = (file.texts["@model_config"] ?? file.texts["config.json"])?.first
    if text == nil, let path = options.config { text = try textOfFile(path, atMost: 1 << 26, of: "any model's description") }
    guard let text else {
      self = try KerasWeightsOnly(file: file, options: options, version: Self.version(of: file, nil)).chain(weights)
      return
    }
    let json = try JSONValue(parsing: text.utf8, in: options.config ?? file.path, "the model's configuration")
    let graph = try KerasGraph(json, in: file.path)
    let reader = KerasModel(file: file, weights: weights, version: Self.version(of: file, json), graph: graph)
    self.init(path: file.path, parts: try reader.parts(), notes: reader.notes)
  }

  /// The major version of Keras that wrote the file: the last one if nothing says it.
  private static func version(of file: TensorFile, _ json: JSONValue?) -> Int {
    var text = file.texts["@keras_version"]?.first ?? file.texts["model_weights@keras_version"]?.first
    if let metadata = file.texts["metadata.json"]?.first,
      let json = try? JSONValue(parsing: metadata.utf8, in: file.path, "metadata.json")
    {
      text = json["keras_version"]?.text
    }
    text = text ?? json?["keras_version"]?.text
    return text.flatMap { Int($0.prefix { $0 != "." }) } ?? 3
  }
}

/// Reads the layers of a model whose description is known.
struct KerasModel {
  let file: TensorFile
  let weights: KerasWeights
  let version: Int
  let graph: KerasGraph

  /// Layers that do nothing when a model runs.
  private static let inert: Set<String> = [
    "InputLayer", "Masking", "Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
    "ActivityRegularization",
  ]

  /// What whoever runs the network must know.
  var notes: [Sentence] {
    let stateful = graph.chain.map(\.layer).filter(\.isStateful).map {
      "layer \($0.name) is stateful, and goes on where it ended: give the states after a call's last steps to the next one"
    }
    return (masks + stateful).map { Sentence($0) }
  }

  /// Which steps its layers mask.
  private var masks: [String] {
    graph.chain.map(\.layer).compactMap { layer in
      if layer.className == "Masking" {
        return
          "layer \(layer.name) masks steps all of whose numbers are \(layer.config["mask_value"]?.double ?? 0): give a mask or lengths"
      }
      guard layer.className == "Embedding", layer.config["mask_zero"]?.bool == true else { return nil }
      return "embedding \(layer.name) masks symbol 0: give a mask or lengths"
    }
  }

  func parts() throws -> [LayerChain.Part] {
    var parts: [LayerChain.Part] = []
    for (layer, tensor) in graph.chain {
      if let function = try function(of: layer) {
        if case .dense(let dense)? = parts.last, dense.function == .elementwise(.linear) {
          parts[parts.count - 1] = .dense(try dense.with(function))
        } else if function != .elementwise(.linear) {
          parts.append(.other(name: layer.name, what: "the function \(function) alone"))
        }
      } else if let recurrent = try KerasRecurrent(layer.className, layer.config, version: version) {
        parts += try self.parts(of: recurrent, layer, tensor)
      } else if !Self.inert.contains(layer.className) {
        parts.append(try part(of: layer))
      }
    }
    if let (name, what) = graph.obstacle { parts.append(.other(name: name, what: what)) }
    return parts
  }

  /// - Parameter tensor: of the layer's, which is read.
  private func parts(of recurrent: KerasRecurrent, _ layer: KerasLayer, _ tensor: Int) throws -> [LayerChain.Part] {
    var parts = try recurrent.layers(file, place(of: layer)).map(LayerChain.Part.recurrent)
    // The first state of a layer with one cell and one direction is its hidden state, the output of the last step.
    let isHiddenState = tensor == 1 && recurrent.cells.count == 1 && recurrent.merge == nil
    if tensor > 0 && !isHiddenState {
      parts.append(.other(name: layer.name, what: "a layer whose state \(tensor) is read in place of its outputs"))
    }
    let givesSteps = recurrent.returnsSequences && tensor == 0
    if !givesSteps { parts.append(.readout(.last)) }
    if recurrent.isBackward && givesSteps {
      parts.append(.other(name: layer.name, what: "a layer whose outputs stand in reverse order (go_backwards)"))
    }
    if recurrent.staysApart {
      parts.append(.other(name: layer.name, what: "a layer whose directions' outputs stay apart (merge_mode = None)"))
    }
    return parts
  }

  /// The function of a layer that is nothing else.
  private func function(of layer: KerasLayer) throws(RecurrentError) -> DenseLayer.Function? {
    switch layer.className {
    case "Activation": try function(Activation.name(inKeras: layer.config["activation"]))
    case "Softmax" where (layer.config["axis"]?.array?.first ?? layer.config["axis"])?.integer ?? -1 == -1: .softmax
    default: try Activation(kerasLayer: layer.className, layer.config).map(DenseLayer.Function.elementwise)
    }
  }

  private func part(of layer: KerasLayer) throws -> LayerChain.Part {
    let name = layer.name
    switch layer.className {
    case "Embedding":
      let arrays = place(of: layer).arrays(file)
      guard arrays.count == 1, let shape = file[arrays[0]]?.shape, shape.count == 2 else {
        throw wrongArrays(layer, "embeddings")
      }
      return .embedding(try EmbeddingLayer(name, symbols: shape[0], width: shape[1], weight: file.floats(arrays[0])))
    case "Dense": return .dense(try dense(layer, layer.config, place(of: layer).arrays(file)))
    case "TimeDistributed" where layer.config["layer"]?["class_name"]?.text == "Dense":
      return .dense(try dense(layer, layer.config["layer"]?["config"] ?? .null, place(of: layer).arrays(file, below: "layer")))
    case "GlobalAveragePooling1D" where layer.poolsSteps: return .readout(.mean)
    case "GlobalMaxPooling1D" where layer.poolsSteps:
      guard masks.isEmpty else { return .other(name: name, what: "a GlobalMaxPooling1D, which heeds no mask as a network does") }
      return .readout(.max)
    default: return .other(name: name, what: "a layer of the class \(layer.className)")
    }
  }

  /// Where a layer of the model keeps its arrays.
  private func place(of layer: KerasLayer) -> KerasPlace {
    switch weights {
    case .listed(let prefix): return .arrays(KerasWeights.listedArrays(file, prefix: prefix, layer: layer.name))
    case .numbered:
      let folders = KerasWeights.folders(graph.layers.map(\.className))
      let own = zip(graph.layers, folders).first { $0.0.name == layer.name }?.1 ?? layer.name
      return .folder("layers/\(own)")
    }
  }

  private func wrongArrays(_ layer: KerasLayer, _ expected: String) -> RecurrentError {
    RecurrentError(
      .interchange, "layer \(layer.name) of \(file.path) does not have the arrays of its class: expected \(expected)")
  }

  private func dense(_ layer: KerasLayer, _ config: JSONValue, _ arrays: [String]) throws -> DenseLayer {
    let usesBias = config["use_bias"]?.bool ?? true
    guard arrays.count == (usesBias ? 2 : 1), let shape = file[arrays[0]]?.shape, shape.count == 2, shape[0] > 0 else {
      throw wrongArrays(layer, "kernel [inputs, units]" + (usesBias ? " and bias" : ""))
    }
    let kernel = try file.floats(arrays[0])
    return try DenseLayer(
      layer.name, inputs: shape[0], outputs: shape[1],
      weight: unstacked(kernel, gates: 1, columns: shape[0], isTransposed: true)[0],
      bias: usesBias ? file.floats(arrays[1], shape: [shape[1]]) : nil,
      function: function(Activation.name(inKeras: config["activation"])))
  }

  private func function(_ name: String) throws(RecurrentError) -> DenseLayer.Function {
    name == "softmax" ? .softmax : .elementwise(try Activation(keras: name, version: version))
  }
}

extension KerasLayer {
  /// Whether its states outlast a call, be it itself or the layer of both of its directions.
  fileprivate var isStateful: Bool { (config["stateful"] ?? config["layer"]?["config"]?["stateful"])?.bool == true }

  /// Whether a pooling layer pools over the steps and leaves no axis of them.
  fileprivate var poolsSteps: Bool {
    config["data_format"]?.text ?? "channels_last" == "channels_last" && config["keepdims"]?.bool != true
  }
}
