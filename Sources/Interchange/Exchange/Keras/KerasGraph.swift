import Models
import Storage
import Support

/// A layer as a Keras model's description says it.
struct KerasLayer {
  let className: String
  let config: JSONValue
  /// What it reads: what is run through, then states, a mask or whatever else its call takes.
  let inputs: [Source]
  /// In how many places it is called.
  let calls: Int

  var name: String { config["name"]?.text ?? className }

  /// What another layer gives.
  struct Source: Hashable {
    let layer: String
    /// Which one of its tensors: 0 is what it gives at its steps, and states after the last step follow.
    let tensor: Int

    /// - Parameter json: `["dense", 0, 0]`, the layer, its call and the tensor.
    init?(_ json: JSONValue) {
      guard let layer = json[0]?.text else { return nil }
      (self.layer, tensor) = (layer, json[2]?.integer ?? 0)
    }
  }

  init(_ json: JSONValue) {
    className = json["class_name"]?.text ?? "?"
    config = json["config"] ?? .null
    let nodes = json["inbound_nodes"]?.array ?? []
    calls = nodes.count
    var inputs: [Source] = []
    for node in nodes.prefix(1) {
      if let arguments = node["args"] {
        // Keras 3: tensors anywhere among the arguments, those without a name first.
        Self.gather(arguments, into: &inputs)
        Self.gather(node["kwargs"] ?? .null, into: &inputs)
      } else {
        // Keras 2: [[layer, call, tensor, {arguments by name}], …]
        inputs = (node.array ?? []).compactMap(Source.init)
      }
    }
    self.inputs = inputs
  }

  private static func gather(_ value: JSONValue, into sources: inout [Source]) {
    switch value {
    case .object(let members):
      if let source = members["config"]?["keras_history"].flatMap(Source.init) {
        sources.append(source)
      } else {
        for key in members.keys.sorted() { gather(members[key] ?? .null, into: &sources) }
      }
    case .array(let elements): for element in elements { gather(element, into: &sources) }
    case .null, .bool, .number, .text: break
    }
  }
}

/// A Keras model's layers and how they follow one another.
struct KerasGraph {
  /// All layers, in the order of the description.
  let layers: [KerasLayer]
  /// The layers from the input to the output, with which tensor of each is read.
  let chain: [(layer: KerasLayer, tensor: Int)]
  /// What keeps the layers from being a chain; nil if nothing does.
  let obstacle: (name: String, what: String)?

  /// - Throws: ``RecurrentError`` if it is no description of a model.
  init(_ json: JSONValue, in path: String) throws(RecurrentError) {
    let config = json["config"] ?? .null
    guard let listed = config.array ?? config["layers"]?.array else {
      throw RecurrentError(.interchange, "\(path) describes no Keras model: there are no layers in its configuration")
    }
    let layers = listed.map(KerasLayer.init)
    self.layers = layers
    guard json["class_name"]?.text != "Sequential" else {
      (chain, obstacle) = (layers.map { ($0, 0) }, nil)
      return
    }
    let outputs = Self.outputs(config["output_layers"] ?? .null)
    guard let last = outputs.first else {
      throw RecurrentError(.interchange, "\(path) describes a Keras model that gives nothing")
    }
    (chain, obstacle) = Self.walk(from: last, outputs, layers)
  }

  /// What the model gives: `["dense", 0, 0]`, or a list of such.
  private static func outputs(_ json: JSONValue) -> [KerasLayer.Source] {
    if let source = KerasLayer.Source(json) { return [source] }
    return (json.array ?? []).flatMap(outputs)
  }

  private static func walk(
    from last: KerasLayer.Source, _ outputs: [KerasLayer.Source], _ layers: [KerasLayer]
  ) -> ([(layer: KerasLayer, tensor: Int)], (name: String, what: String)?) {
    var chain: [(layer: KerasLayer, tensor: Int)] = []
    var obstacle: (name: String, what: String)?
    var aside: Set<String> = []
    var next: KerasLayer.Source? = last
    while let source = next {
      let name = source.layer
      guard let layer = layers.first(where: { $0.name == name }), !chain.contains(where: { $0.layer.name == name }) else {
        return (chain.reversed(), (name, "a layer that the description lacks or that reads itself"))
      }
      chain.append((layer, source.tensor))
      if layer.calls > 1 { obstacle = (name, "a layer that is called in \(layer.calls) places") }
      aside.formUnion(layer.inputs.dropFirst().map(\.layer))
      next = layer.className == "InputLayer" ? nil : layer.inputs.first
    }
    for layer in layers where !chain.contains(where: { $0.layer.name == layer.name }) {
      // Inputs may be initial states, and Keras 3 keeps what computes a mask among the layers.
      if layer.className != "InputLayer" && layer.className != "NotEqual" { obstacle = (layer.name, "a layer beside the others") }
    }
    for name in aside {
      if let layer = layers.first(where: { $0.name == name }), layer.className != "InputLayer" && layer.className != "NotEqual" {
        obstacle = (name, "a layer that gives another its states or is joined with it")
      }
    }
    // The states of the layer whose output is the model's are what a network gives, too.
    if let other = outputs.first(where: { $0.layer != last.layer }) { obstacle = (other.layer, "a second output") }
    return (chain.reversed(), obstacle)
  }
}
