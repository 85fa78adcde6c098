import Models
import Networks
import Storage
import Support
import TensorFiles

/// The layers that are not recurrent, and where a layer's arrays are.
extension KerasModel {
  /// The function of a layer that is nothing else.
  func function(of layer: KerasLayer) throws(RecurrentError) -> DenseLayer.Function? {
    guard layer.foreignModule == nil else { return nil }
    var config = KerasConfig(layer.config, layer: layer.name, version: version)
    let function: DenseLayer.Function?
    switch layer.className {
    case "Activation": function = try config.function("activation", usual: "linear")
    case "Softmax":
      let axis = config.value("axis")
      function = (axis?.array?.first ?? axis)?.integer ?? -1 == -1 ? .softmax : nil
    default: function = try Activation(kerasLayer: layer.className, &config).map(DenseLayer.Function.elementwise)
    }
    if function != nil { try config.checkAllKnown() }
    return function
  }

  func part(of layer: KerasLayer) throws -> LayerChain.Part {
    let name = layer.name
    if let module = layer.foreignModule {
      return .other(name: name, what: "a layer of the class \(layer.className) of \(module), which is not Keras's own")
    }
    var config = KerasConfig(layer.config, layer: name, version: version)
    switch layer.className {
    case "Embedding":
      let arrays = try place(of: layer).arrays(file)
      let sizes = (try config.integer("input_dim"), try config.integer("output_dim"))
      _ = try config.flag("mask_zero")
      try config.checkAllKnown()
      guard arrays.count == 1, let shape = file[arrays[0]]?.shape, shape.count == 2, shape[0] == sizes.0 ?? shape[0],
        shape[1] == sizes.1 ?? shape[1]
      else { throw wrongArrays(layer, "embeddings [input_dim, output_dim]") }
      return .embedding(try EmbeddingLayer(name, symbols: shape[0], width: shape[1], weight: file.floats(arrays[0])))
    case "Dense": return .dense(try dense(layer, &config, place(of: layer).arrays(file)))
    case "TimeDistributed":
      guard let inner = config.value("layer"), inner["class_name"]?.text == "Dense", KerasLayer.foreignModule(inner) == nil else {
        break
      }
      try config.checkAllKnown()
      var own = KerasConfig(inner["config"] ?? .null, layer: name, version: version)
      return .dense(try dense(layer, &own, place(of: layer).arrays(file, below: "layer")))
    case "GlobalAveragePooling1D", "GlobalMaxPooling1D":
      let keepsSteps = try config.flag("keepdims")
      guard config.value("data_format")?.text ?? "channels_last" == "channels_last", !keepsSteps else { break }
      try config.checkAllKnown()
      if layer.className == "GlobalAveragePooling1D" { return .readout(.mean) }
      guard masks.isEmpty else { return .other(name: name, what: "a GlobalMaxPooling1D, which heeds no mask as a network does") }
      return .readout(.max)
    default: break
    }
    return .other(name: name, what: "a layer of the class \(layer.className)")
  }

  /// Where a layer of the model keeps its arrays.
  ///
  /// - Throws: ``RecurrentError`` if its name does not tell them from another layer's.
  func place(of layer: KerasLayer) throws(RecurrentError) -> KerasPlace {
    let address = layer.address
    guard case .listed(let prefix) = weights else { return .folder(address.folder) }
    let names = KerasWeights.listedArrays(file, prefix: prefix, layer: address.group)
    guard let part = address.part else { return .arrays(names) }
    guard graph.layers.count(where: { $0.address.group == address.group && $0.address.part == part }) == 1 else {
      throw RecurrentError(
        .interchange,
        "\(address.group) of \(file.path) has several layers called \(part), and their arrays don't say whose they are: save the model as .keras"
      )
    }
    let start = prefix.count + address.group.count + 1
    return .arrays(names.filter { $0.dropFirst(start).split(separator: "/").dropLast().contains { $0 == part } })
  }

  private func wrongArrays(_ layer: KerasLayer, _ expected: String) -> RecurrentError {
    RecurrentError(
      .interchange, "layer \(layer.name) of \(file.path) does not have the arrays of its class: expected \(expected)")
  }

  private func dense(_ layer: KerasLayer, _ config: inout KerasConfig, _ arrays: [String]) throws -> DenseLayer {
    let usesBias = try config.flag("use_bias", "bias", defaultValue: true)
    let units = try config.integer("units", "output_dim")
    let function = try config.function("activation", usual: "linear")
    try config.checkAllKnown()
    guard arrays.count == (usesBias ? 2 : 1), let shape = file[arrays[0]]?.shape, shape.count == 2, shape[0] > 0,
      shape[1] == units ?? shape[1]
    else { throw wrongArrays(layer, "kernel [inputs, units]" + (usesBias ? " and bias" : "")) }
    let kernel = try file.floats(arrays[0])
    return try DenseLayer(
      layer.name, inputs: shape[0], outputs: shape[1],
      weight: unstacked(kernel, gates: 1, columns: shape[0], isTransposed: true)[0],
      bias: usesBias ? file.floats(arrays[1], shape: [shape[1]]) : nil, function: function)
  }
}
