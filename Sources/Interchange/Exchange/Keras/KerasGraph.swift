import Storage
import Support

/// A Keras model's layers and how they follow one another.
struct KerasGraph {
  /// All layers that are no models, also those of models within the model, in the order of the description.
  let layers: [KerasLayer]
  /// The models within the model.
  let models: [KerasNesting.Model]
  /// The layers from the input to the output, with which tensor of each is read.
  private(set) var chain: [(layer: KerasLayer, tensor: Int)] = []
  /// What keeps the layers from being a chain; nil if nothing does.
  private(set) var obstacle: (name: String, what: String)?
  private let byName: [String: KerasLayer]

  /// - Throws: ``RecurrentError`` if it is no description of a model.
  init(_ json: JSONValue, in path: String) throws(RecurrentError) {
    let nesting = try KerasNesting(json, in: path)
    (layers, models) = (nesting.layers, nesting.models)
    byName = Dictionary(layers.map { ($0.name, $0) }) { first, _ in first }
    guard let last = nesting.outputs.first else {
      throw RecurrentError(.interchange, "\(path) describes a Keras model that gives nothing")
    }
    let way = walk(from: last)
    chain = way.chain
    obstacle = way.obstacle ?? obstacle(nesting.outputs)
  }

  /// The layers from the one that gives `last` back to an input, in the order in which data flows; `isWithin` says where to stop.
  func walk(
    from last: KerasSource, while isWithin: (String) -> Bool = { _ in true }
  ) -> (chain: [(layer: KerasLayer, tensor: Int)], obstacle: (name: String, what: String)?) {
    var chain: [(layer: KerasLayer, tensor: Int)] = []
    var seen: Set<String> = []
    var next: KerasSource? = last
    while let source = next, isWithin(source.layer) {
      guard let layer = byName[source.layer], seen.insert(layer.name).inserted else {
        return (chain.reversed(), (source.layer, "a layer that the description lacks or that reads itself"))
      }
      chain.append((layer, source.tensor))
      next = layer.call.inputs.first
    }
    return (chain.reversed(), nil)
  }

  /// The first thing that keeps the layers from being a chain.
  private func obstacle(_ outputs: [KerasSource]) -> (name: String, what: String)? {
    let way = chain.map(\.layer)
    let called = models.map(\.layer) + way
    if let layer = called.first(where: { $0.calls > 1 }) {
      return (layer.name, "a \(layer.isModel ? "model" : "layer") that is called in \(layer.calls) places")
    }
    for layer in called {
      let joined = layer.isModel ? [] : layer.call.inputs.dropFirst() + layer.call.states.compactMap(\.source)
      if let other = joined.first(where: { !isInput($0) }) {
        return (other.layer, "a layer that gives another its states or is joined with it")
      }
      if let mask = layer.call.mask, mask.source.map({ !isInput($0) && !isOwnMask($0) }) ?? true {
        return (layer.name, "a \(layer.isModel ? "model" : "layer") with a mask that the model computes")
      }
      if layer.isModel, let (name, _) = layer.call.others.first {
        return (layer.name, "a model that is called with an argument of its own, \(name)")
      }
      if layer.className == "TimeDistributed", layer.config["layer"]?["class_name"]?.text != "Dense" {
        return (layer.name, "a TimeDistributed of more than a dense layer")
      }
    }
    let names = Set(way.map(\.name))
    // Keras 3 keeps what computes a mask among the layers.
    if let layer = layers.first(where: { !names.contains($0.name) && !["InputLayer", "NotEqual", "Any"].contains($0.className) })
    {
      return (layer.name, "a layer beside the others")
    }
    // The states of the layer whose output is the model's are what a network gives, too.
    return outputs.first { $0.layer != outputs[0].layer }.map { ($0.layer, "a second output") }
  }

  /// Whether an input of the model gives it.
  func isInput(_ source: KerasSource) -> Bool { byName[source.layer]?.className == "InputLayer" }

  /// Whether it is the mask that an embedding or a Masking layer makes, which Keras 3 writes as layers that compare numbers.
  private func isOwnMask(_ source: KerasSource) -> Bool {
    guard let layer = byName[source.layer] else { return false }
    if layer.className == "Any", let compared = layer.call.inputs.first.flatMap({ byName[$0.layer] }) {
      return isComparison(compared, within: "Masking") { $0["mask_value"]?.double ?? 0 }
    }
    return isComparison(layer, within: "Embedding") { $0["mask_zero"]?.bool == true ? 0 : nil }
  }

  /// Whether a layer compares what a layer of some class reads with the value that this one masks.
  private func isComparison(_ layer: KerasLayer, within className: String, _ masked: (JSONValue) -> Double?) -> Bool {
    guard layer.className == "NotEqual", let value = layer.call.others.first?.value.double else { return false }
    return layers.contains {
      $0.className == className && $0.call.inputs.first == layer.call.inputs.first && masked($0.config) == value
    }
  }
}
