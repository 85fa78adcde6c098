import Storage

/// A layer as a Keras model's description says it.
struct KerasLayer {
  /// The layer's path in the model: the names of the models that it is part of, and its own, with slashes between them.
  let name: String
  let className: String
  let config: JSONValue
  /// The module of a class that is not Keras's own, whatever it is called; nil of Keras's classes.
  let foreignModule: String?
  /// What it is given where it is first called.
  var call: KerasCall
  /// In how many places it is called.
  var calls: Int
  let address: KerasAddress

  /// - Parameter path: that of the model that it is part of, with a slash after it; empty for the whole model.
  init(_ json: JSONValue, path: String, at address: KerasAddress) {
    className = json["class_name"]?.text ?? "?"
    config = json["config"] ?? .null
    name = path + (config["name"]?.text ?? className)
    foreignModule = Self.foreignModule(json)
    let nodes = json["inbound_nodes"]?.array ?? []
    calls = nodes.count
    call = nodes.first.map { KerasCall($0, takesStates: Self.takesStates(json)) } ?? KerasCall()
    self.address = address
  }

  /// Whether a second argument of its call is its initial state.
  private static func takesStates(_ json: JSONValue) -> Bool {
    let className = json["class_name"]?.text ?? "?"
    return KerasCell.classes.contains(className) || ["RNN", "Bidirectional"].contains(className)
  }

  /// The module of a layer's class, if it is not Keras's own.
  static func foreignModule(_ json: JSONValue) -> String? {
    if let registered = json["registered_name"]?.text, registered.contains(">"), !registered.hasPrefix("keras") {
      return registered
    }
    guard let module = json["module"]?.text else { return nil }
    return ["keras", "tf_keras", "tensorflow", "builtins"].contains { module == $0 || module.hasPrefix($0 + ".") } ? nil : module
  }

  /// Whether it is a model itself.
  var isModel: Bool {
    ["Functional", "Model", "Sequential"].contains(className) && (config.array ?? config["layers"]?.array) != nil
  }
}

/// Where a layer's arrays are to be looked for, in either format.
struct KerasAddress {
  /// Keras 3: the folder.
  let folder: String
  /// Keras 1 and 2: the layer of the whole model that it is or is part of.
  let group: String
  /// Its own name, if it is part of a layer of the whole model.
  let part: String?
}

/// What a layer gives.
struct KerasSource: Hashable {
  var layer: String
  /// Which one of its tensors: 0 is what it gives at its steps, and states after the last step follow.
  let tensor: Int

  init(_ layer: String, tensor: Int = 0) { (self.layer, self.tensor) = (layer, tensor) }

  /// - Parameter json: `["dense", 0, 0]`, the layer, its call and the tensor.
  init?(_ json: JSONValue) {
    guard let layer = json[0]?.text, json[1]?.integer != nil else { return nil }
    (self.layer, tensor) = (layer, json[2]?.integer ?? 0)
  }

  /// All sources in a value: `["dense", 0, 0]`, or lists of such, or objects with them as members, in the order of their names.
  static func all(in json: JSONValue) -> [KerasSource] {
    if let source = KerasSource(json) { return [source] }
    return switch json {
    case .array(let elements): elements.flatMap(all)
    case .object(let members): members.sorted { $0.key < $1.key }.flatMap { all(in: $0.value) }
    case .null, .bool, .number, .text: []
    }
  }
}

/// What a layer is given where a model calls it.
struct KerasCall {
  /// What is run through, and then others that are joined with it.
  var inputs: [KerasSource] = []
  /// The states to begin with.
  var states: [Operand] = []
  var mask: Operand?
  /// The names and values of all other arguments that are not null.
  private(set) var others: [(name: String, value: JSONValue)] = []

  enum Operand {
    case tensor(KerasSource)
    case constant(JSONValue)
  }

  init() {}

  /// - Parameters:
  ///   - node: a call as the description has it.
  ///   - takesStates: whether a second argument is the initial state.
  init(_ node: JSONValue, takesStates: Bool) {
    let operands: [Operand]
    if let arguments = node["args"]?.array {
      // Keras 3: what is run through is the first argument.
      operands = arguments.first.map(Self.operands) ?? []
      let names = takesStates ? ["initial_state", "mask", "training"] : []
      for (place, argument) in arguments.dropFirst().enumerated() {
        take(place < names.count ? names[place] : "argument \(place + 2)", argument)
      }
      for (name, argument) in (node["kwargs"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) { take(name, argument) }
      inputs = operands.compactMap(\.source)
    } else {
      // Keras 2: [[layer, call, tensor, {arguments by name}], …]
      let listed = node.array ?? []
      operands = listed.flatMap(Self.operands)
      for (name, argument) in (listed.first?[3]?.object ?? [:]).sorted(by: { $0.key < $1.key }) { take(name, argument) }
      inputs = operands.compactMap(\.source)
      if takesStates {
        states = Array(operands.dropFirst()) + states
        inputs = Array(inputs.prefix(1))
      }
    }
    if operands.contains(where: { $0.source == nil }) { others.append(("input", .text("constant"))) }
  }

  private mutating func take(_ name: String, _ value: JSONValue) {
    switch (name, value) {
    case (_, .null), ("training", .bool(false)): break
    case ("initial_state", _): states += Self.operands(value)
    case ("mask", _): mask = Self.operands(value).first
    default: others.append((name, value))
    }
  }

  /// The tensors and constants that an argument holds.
  private static func operands(_ value: JSONValue) -> [Operand] {
    switch value {
    case .null: return []
    case .object(let members):
      let config = members["config"] ?? .null
      if let source = config["keras_history"].flatMap(KerasSource.init) { return [.tensor(source)] }
      if let constant = config["value"], members["class_name"] != nil { return [.constant(constant)] }
      let some = members.sorted { $0.key < $1.key }.flatMap { operands($0.value) }
      return some.isEmpty ? [.constant(value)] : some
    case .array(let elements):
      // Keras 2 writes a constant as ["_CONSTANT_VALUE", -1, value], or as its rows of numbers.
      if elements.first?.text == "_CONSTANT_VALUE" { return [.constant(value[2] ?? .null)] }
      if let source = KerasSource(value) { return [.tensor(source)] }
      if elements.first?.number != nil || elements.first?[0]?.number != nil { return [.constant(value)] }
      return elements.flatMap(operands)
    case .bool, .number, .text: return [.constant(value)]
    }
  }

  /// The call with each source put in another's place.
  func mapping(_ transform: (KerasSource) -> KerasSource) -> KerasCall {
    var call = self
    call.inputs = inputs.map(transform)
    call.states = states.map { $0.mapping(transform) }
    call.mask = mask?.mapping(transform)
    return call
  }
}

extension KerasCall.Operand {
  var source: KerasSource? { if case .tensor(let source) = self { source } else { nil } }

  fileprivate func mapping(_ transform: (KerasSource) -> KerasSource) -> Self {
    if case .tensor(let source) = self { .tensor(transform(source)) } else { self }
  }
}
