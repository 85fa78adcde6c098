import ModelFiles

/// A layer as a Keras model's description says it.
struct KerasLayer {
  let className: String
  let config: JSONValue
  /// The layers that it reads: what is run through, then states or whatever else its call takes.
  let inputs: [String]
  /// In how many places it is called.
  let calls: Int
  /// What its call is given by name, such as a mask or states.
  let named: Set<String>

  var name: String { config["name"]?.text ?? className }

  init(_ json: JSONValue) {
    className = json["class_name"]?.text ?? "?"
    config = json["config"] ?? .null
    let nodes = json["inbound_nodes"]?.array ?? []
    calls = nodes.count
    var (inputs, named): ([String], Set<String>) = ([], [])
    for node in nodes.prefix(1) {
      if let arguments = node["args"] {
        // Keras 3: tensors anywhere among the arguments.
        Self.gather(arguments, into: &inputs)
        named = Set((node["kwargs"]?.object ?? [:]).filter { $0.value != .null && $0.value != .bool(false) }.keys)
      } else {
        // Keras 2: [[layer, node, tensor, {arguments by name}], …]
        inputs = (node.array ?? []).compactMap { $0[0]?.text }
        named = Set((node.array ?? []).flatMap { ($0[3]?.object ?? [:]).keys })
      }
    }
    (self.inputs, self.named) = (inputs, named)
  }

  private static func gather(_ value: JSONValue, into names: inout [String]) {
    switch value {
    case .object(let members):
      if let name = members["config"]?["keras_history"]?[0]?.text {
        names.append(name)
      } else {
        for key in members.keys.sorted() { gather(members[key] ?? .null, into: &names) }
      }
    case .array(let elements): for element in elements { gather(element, into: &names) }
    case .null, .bool, .number, .text: break
    }
  }
}

/// A Keras model's layers and how they follow one another.
struct KerasGraph {
  /// All layers, in the order of the description.
  let layers: [KerasLayer]
  /// From the input to the output.
  let chain: [KerasLayer]
  /// What keeps the layers from being a chain; nil if nothing does.
  let obstacle: (name: String, what: String)?

  /// - Throws: ``ExchangeError`` if it is no description of a model.
  init(_ json: JSONValue, in path: String) throws(ExchangeError) {
    let config = json["config"] ?? .null
    guard let listed = config.array ?? config["layers"]?.array else {
      throw ExchangeError("\(path) describes no Keras model: there are no layers in its configuration")
    }
    let layers = listed.map(KerasLayer.init)
    self.layers = layers
    guard json["class_name"]?.text != "Sequential" else {
      (chain, obstacle) = (layers, nil)
      return
    }
    let outputs = Self.outputs(config["output_layers"] ?? .null)
    guard let last = outputs.first else { throw ExchangeError("\(path) describes a Keras model that gives nothing") }
    (chain, obstacle) = Self.walk(from: last, outputs, layers)
  }

  /// The layers whose tensors the model gives: `["dense", 0, 0]`, or a list of such.
  private static func outputs(_ json: JSONValue) -> [String] {
    if let name = json[0]?.text { return [name] }
    return (json.array ?? []).flatMap(outputs)
  }

  private static func walk(
    from last: String, _ outputs: [String], _ layers: [KerasLayer]
  ) -> ([KerasLayer], (name: String, what: String)?) {
    var chain: [KerasLayer] = []
    var obstacle: (name: String, what: String)?
    var aside: Set<String> = []
    var next: String? = last
    while let name = next {
      guard let layer = layers.first(where: { $0.name == name }), !chain.contains(where: { $0.name == name }) else {
        return (chain.reversed(), (name, "a layer that the description lacks or that reads itself"))
      }
      chain.append(layer)
      if layer.calls > 1 { obstacle = (name, "a layer that is called in \(layer.calls) places") }
      aside.formUnion(layer.inputs.dropFirst())
      next = layer.className == "InputLayer" ? nil : layer.inputs.first
    }
    for layer in layers where !chain.contains(where: { $0.name == layer.name }) {
      // Inputs may be initial states, and Keras 3 keeps what computes a mask among the layers.
      if layer.className != "InputLayer" && layer.className != "NotEqual" { obstacle = (layer.name, "a layer beside the others") }
    }
    for name in aside {
      if let layer = layers.first(where: { $0.name == name }), layer.className != "InputLayer" && layer.className != "NotEqual" {
        obstacle = (name, "a layer that gives another its states or is joined with it")
      }
    }
    if let other = outputs.first(where: { $0 != last }) { obstacle = (other, "a second output") }
    return (chain.reversed(), obstacle)
  }
}
