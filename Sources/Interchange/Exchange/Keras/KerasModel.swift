import Models
import Networks
import Storage
import Support
import TensorFiles

extension LayerChain {
  /// The chain of a Keras model, or of the layers whose weights alone a file has. Where its layers are no chain, or have models among
  /// them, their recurrent layers are there all the same, to be taken by name.
  ///
  /// - Throws: ``RecurrentError`` if Keras didn't write the file, or it has weights only, which don't say what layers they belong to.
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
    self.init(
      path: file.path, parts: try reader.parts(), groups: graph.models.map(reader.group), isOrdered: true, notes: reader.notes)
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

  func isInert(_ layer: KerasLayer) -> Bool { Self.inert.contains(layer.className) && layer.foreignModule == nil }

  /// A layer as a recurrent one; nil if it is of another kind.
  func recurrent(_ layer: KerasLayer) throws(RecurrentError) -> KerasRecurrent? {
    guard layer.foreignModule == nil else { return nil }
    return try KerasRecurrent(layer.className, layer.config, name: layer.name, version: version)
  }

  /// The layers from the input to the output. Where they are no chain, what keeps them from being one stands first, and then all
  /// layers of the description.
  func parts() throws -> [LayerChain.Part] {
    var parts = graph.obstacle.map { [LayerChain.Part.other(name: $0.name, what: $0.what)] } ?? []
    for (layer, tensor) in graph.obstacle == nil ? graph.chain : graph.layers.map({ ($0, 0) }) {
      do {
        try add(layer, tensor, to: &parts)
      } catch let error as RecurrentError {
        parts.append(.unreadable(name: layer.name, error))
      }
    }
    return parts
  }

  private func add(_ layer: KerasLayer, _ tensor: Int, to parts: inout [LayerChain.Part]) throws {
    let count = parts.count
    if isInert(layer) {
      if layer.className == "Masking", !parts.isEmpty {
        parts.append(.other(name: layer.name, what: "a Masking of what other layers give, and not of the model's input"))
      }
    } else if let function = try function(of: layer) {
      if case .dense(let dense)? = parts.last, dense.function == .elementwise(.linear) {
        parts[parts.count - 1] = .dense(try dense.with(function))
      } else if function != .elementwise(.linear) {
        parts.append(.other(name: layer.name, what: "the function \(function) alone"))
      }
    } else if let recurrent = try recurrent(layer) {
      parts += try self.parts(of: recurrent, layer, tensor)
    } else {
      parts.append(try part(of: layer))
    }
    if case .other? = parts.last, parts.count > count { return }
    if let (name, value) = layer.call.others.first {
      let shown = value == .bool(true) ? "\(name) = true" : name
      parts.append(.other(name: layer.name, what: "a layer that is called with an argument of its own, \(shown)"))
    }
  }

  /// - Parameter tensor: of the layer's, which is read.
  private func parts(of recurrent: KerasRecurrent, _ layer: KerasLayer, _ tensor: Int) throws -> [LayerChain.Part] {
    var parts = try recurrent.layers(file, place(of: layer)).map(LayerChain.Part.recurrent)
    if let what = givenStates(layer, recurrent) { parts.append(.other(name: layer.name, what: what)) }
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

  /// What is to be said of a layer that begins with constants in place of no state; nil if they are zeros of its states' shapes.
  private func givenStates(_ layer: KerasLayer, _ recurrent: KerasRecurrent) -> String? {
    let states = layer.call.states
    if states.isEmpty { return nil }
    let widths = recurrent.stateWidths
    guard states.count == widths.count else {
      return "a layer that is given \(states.count) states to begin with; it has \(widths.count)"
    }
    for (state, width) in zip(states, widths) {
      guard case .constant(let value) = state else { continue }
      let rows = (value.array ?? []).map { $0.array ?? [] }
      guard !rows.isEmpty, rows.allSatisfy({ $0.count == width }) else {
        return "a layer that begins with constant states of a shape other than [sequences, \(width.map { "\($0)" } ?? "units")]"
      }
      guard rows.allSatisfy({ $0.allSatisfy { $0.double == 0 } }) else {
        return "a layer that begins with constant states other than 0"
      }
    }
    return nil
  }
}
