import Storage
import Support

/// The layers of a Keras model and of the models within it, as one list: what a layer reads is named by paths, and where it reads a
/// model's output, by the layer that gives it.
struct KerasNesting {
  /// All layers that are no models, in the order of the description.
  private(set) var layers: [KerasLayer] = []
  /// The models within the model, those within another one after it.
  private(set) var models: [Model] = []
  /// What the whole model gives.
  private(set) var outputs: [KerasSource] = []
  /// What stands for the outputs of models, and for the inputs of those within others.
  private var aliases: [String: [KerasSource]] = [:]

  /// A model within another one.
  struct Model {
    let layer: KerasLayer
    /// The places of its layers in ``KerasNesting/layers``.
    var range: Range<Int>
  }

  /// - Throws: ``RecurrentError`` if it is no description of a model.
  init(_ json: JSONValue, in path: String) throws(RecurrentError) {
    guard Self.layers(of: json) != nil else {
      throw RecurrentError(.interchange, "\(path) describes no Keras model: there are no layers in its configuration")
    }
    let outputs = add(json, path: "", folder: "", group: nil, inputs: [])
    layers = layers.map { layer in
      var layer = layer
      layer.call = layer.call.mapping(resolved)
      return layer
    }
    models = models.map { Model(layer: resolved($0.layer), range: $0.range) }
    self.outputs = outputs.map(resolved)
  }

  private func resolved(_ layer: KerasLayer) -> KerasLayer {
    var layer = layer
    layer.call = layer.call.mapping(resolved)
    return layer
  }

  private static func layers(of model: JSONValue) -> [JSONValue]? {
    let config = model["config"] ?? .null
    return config.array ?? config["layers"]?.array
  }

  /// Adds the layers of a model.
  ///
  /// - Parameters:
  ///   - path: of the model, with a slash after it; empty for the whole one.
  ///   - folder: that of its arrays in a file of Keras 3, with a slash after it.
  ///   - group: the layer of the whole model that it is or is part of; nil for the whole one.
  ///   - inputs: what it is called with.
  /// - Returns: what it gives.
  private mutating func add(
    _ model: JSONValue, path: String, folder: String, group: String?, inputs: [KerasSource]
  ) -> [KerasSource] {
    let listed = Self.layers(of: model) ?? []
    let isSequential = model["class_name"]?.text == "Sequential"
    let folders = KerasWeights.folders(listed.map { $0["class_name"]?.text ?? "?" })
    let entries = KerasSource.all(in: model["config"]?["input_layers"] ?? .null).map { path + $0.layer }
    var previous = inputs.first
    for (json, own) in zip(listed, folders) {
      let name = json["config"]?["name"]?.text ?? json["class_name"]?.text ?? "?"
      let address = KerasAddress(folder: "\(folder)layers/\(own)", group: group ?? name, part: group == nil ? nil : name)
      var layer = KerasLayer(json, path: path, at: address)
      if isSequential {
        layer.calls = 1
        layer.call.inputs = previous.map { [$0] } ?? []
      } else {
        layer.call = layer.call.mapping { KerasSource(path + $0.layer, tensor: $0.tensor) }
      }
      defer { previous = KerasSource(layer.name) }
      if layer.className == "InputLayer" {
        let given =
          isSequential ? inputs.first : entries.firstIndex(of: layer.name).flatMap { $0 < inputs.count ? inputs[$0] : nil }
        if let given {
          aliases[layer.name] = [given]
          continue
        }
        layer.call.inputs = []
      }
      guard layer.isModel else {
        layers.append(layer)
        addWrapped(by: layer)
        continue
      }
      let place = models.count
      models.append(Model(layer: layer, range: layers.count..<layers.count))
      aliases[layer.name] = add(
        json, path: layer.name + "/", folder: address.folder + "/", group: address.group, inputs: layer.call.inputs)
      models[place].range = models[place].range.lowerBound..<layers.count
    }
    if isSequential { return previous.map { [$0] } ?? [] }
    return KerasSource.all(in: model["config"]?["output_layers"] ?? .null).map { KerasSource(path + $0.layer, tensor: $0.tensor) }
  }

  /// Adds what a TimeDistributed runs at each step, unless it is a dense layer. It stands beside the others: no network runs
  /// sequences of sequences.
  private mutating func addWrapped(by layer: KerasLayer) {
    guard layer.className == "TimeDistributed", let inner = layer.config["layer"], inner["class_name"]?.text != "Dense" else {
      return
    }
    let (folder, group) = (layer.address.folder + "/layer", layer.address.group)
    let wrapped = KerasLayer(
      inner, path: layer.name + "/",
      at: KerasAddress(folder: folder, group: group, part: inner["config"]?["name"]?.text ?? inner["class_name"]?.text ?? "?"))
    if wrapped.isModel {
      _ = add(inner, path: wrapped.name + "/", folder: folder + "/", group: group, inputs: [])
    } else {
      layers.append(wrapped)
    }
  }

  /// The layer that gives what a source names, which may be a model's output or the input of one.
  private func resolved(_ source: KerasSource) -> KerasSource {
    var now = source
    // A damaged description may lead round in circles.
    for _ in 0...aliases.count {
      guard let given = aliases[now.layer] else { return now }
      guard given.indices.contains(now.tensor) else { return source }
      now = given[now.tensor]
    }
    return source
  }
}
