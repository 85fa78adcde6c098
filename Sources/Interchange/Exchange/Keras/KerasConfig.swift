import Storage
import Support

/// The configuration of a Keras layer, read key by key. A key that its reader doesn't ask for is refused by name, since it may change
/// what the layer gives.
struct KerasConfig {
  /// The layer's path in the model, for messages: `encoder/lstm`.
  let layer: String
  /// The major version of Keras that wrote it.
  let version: Int
  private let members: [String: JSONValue]
  private var known: Set<String>

  /// Keys that say how a layer was made and trained, or how it is computed, and leave its numbers as they are.
  private static let inert: Set<String> = [
    "name", "trainable", "batch_input_shape", "batch_shape", "input_dim", "input_dtype", "input_length", "input_shape", "weights",
    "unit_forget_bias", "dropout", "recurrent_dropout", "seed", "unroll", "implementation", "return_state",
    // The kernel is saved with LoRA's matrices merged into it.
    "lora_rank", "lora_alpha",
    // Keras 1
    "init", "inner_init", "forget_bias_init", "dropout_W", "dropout_U", "consume_less",
  ]
  private static let inertEndings = ["_initializer", "_regularizer", "_constraint"]

  init(_ json: JSONValue, layer: String, version: Int) {
    (self.layer, self.version, members, known) = (layer, version, json.object ?? [:], ["dtype"])
  }

  /// Whether the key is there, if only with null.
  private func has(_ key: String) -> Bool { members[key] != nil }

  /// The value of the first of these names that has one other than null.
  mutating func value(_ names: String...) -> JSONValue? { value(names)?.value }

  private mutating func value(_ names: [String]) -> (name: String, value: JSONValue)? {
    known.formUnion(names)
    return names.lazy.compactMap { [members] name in members[name].flatMap { $0 == .null ? nil : (name, $0) } }.first
  }

  /// - Throws: ``RecurrentError`` if the value is neither true nor false.
  mutating func flag(_ names: String..., defaultValue: Bool = false) throws(RecurrentError) -> Bool {
    guard let (name, value) = value(names) else { return defaultValue }
    guard let flag = value.bool else { throw wrong(name, value, expected: "true or false") }
    return flag
  }

  /// - Throws: ``RecurrentError`` if the value is no whole number.
  mutating func integer(_ names: String...) throws(RecurrentError) -> Int? {
    guard let (name, value) = value(names) else { return nil }
    guard let integer = value.integer else { throw wrong(name, value, expected: "a whole number") }
    return integer
  }

  /// - Throws: ``RecurrentError`` if the value is no number, or not finite.
  mutating func number(_ names: String...) throws(RecurrentError) -> Double? {
    guard let (name, value) = value(names) else { return nil }
    guard let number = value.double, number.isFinite else { throw wrong(name, value, expected: "a number") }
    return number
  }

  /// The function of that key; `usual` where the key is missing, and the identity where it is null.
  ///
  /// - Throws: ``RecurrentError`` if no layer here has the function.
  mutating func function(_ names: String..., usual: String) throws(RecurrentError) -> DenseLayer.Function {
    try function(names, usual: usual)
  }

  private mutating func function(_ names: [String], usual: String) throws(RecurrentError) -> DenseLayer.Function {
    guard let (name, value) = value(names) else {
      return try function(named: names.contains(where: has) ? "linear" : usual, names[0])
    }
    // A function as an object: {"class_name": "function", "config": "relu"}, or a layer of its own:
    // {"class_name": "LeakyReLU", "config": {…}}.
    if let className = value["class_name"]?.text, let own = value["config"], own.object != nil {
      var config = KerasConfig(own, layer: "\(layer), its \(name),", version: version)
      guard let activation = try Activation(kerasLayer: className, &config) else {
        throw wrong(name, .text(className), expected: "a function that is known here")
      }
      try config.checkAllKnown()
      return .elementwise(activation)
    }
    guard let text = value.text ?? value["config"]?.text ?? value["class_name"]?.text else {
      throw wrong(name, value, expected: "the name of a function")
    }
    return try function(named: text, name)
  }

  private func function(named text: String, _ key: String) throws(RecurrentError) -> DenseLayer.Function {
    if text == "softmax" { return .softmax }
    do {
      return .elementwise(try Activation(keras: text, version: version))
    } catch {
      throw RecurrentError(
        .interchange, "layer \(layer) has \(key) = \(text.debugDescription), a function that no layer here has")
    }
  }

  /// As ``function(_:usual:)``, for keys whose function sees one number at a time.
  mutating func activation(_ names: String..., usual: String) throws(RecurrentError) -> Activation {
    guard case .elementwise(let activation) = try function(names, usual: usual) else {
      throw RecurrentError(.interchange, "layer \(layer) has \(names[0]) = softmax, a function that no cell here has")
    }
    return activation
  }

  /// - Throws: ``RecurrentError`` if there is a key that was not asked for and might change a number, or the layer computes with
  ///   anything but floating point.
  func checkAllKnown() throws(RecurrentError) {
    if let precision, !Self.precisions.contains(precision) {
      throw RecurrentError(
        .interchange,
        "layer \(layer) has dtype = \(precision), and only layers that compute in floating point are read: save the model before it is quantized"
      )
    }
    let unknown = members.filter { key, value in
      value != .null && !known.contains(key) && !Self.inert.contains(key) && !Self.inertEndings.contains { key.hasSuffix($0) }
    }
    guard let (key, value) = unknown.min(by: { $0.key < $1.key }) else { return }
    throw RecurrentError(
      .interchange, "layer \(layer) has \(key) = \(value.shown), which is not known here and may change what the layer gives")
  }

  func wrong(_ key: String, _ value: JSONValue, expected: String) -> RecurrentError {
    RecurrentError(.interchange, "layer \(layer) has \(key) = \(value.shown); expected \(expected)")
  }

  /// What the layer computes in, as Keras calls it; nil if it does not say.
  var precision: String? {
    guard let dtype = members["dtype"], dtype != .null else { return nil }
    let own = dtype["config"]
    return dtype.text ?? own?["name"]?.text ?? own?["mode"]?.text ?? dtype["class_name"]?.text ?? dtype.shown
  }

  private static let precisions: Set = ["float32", "float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16"]
}

extension JSONValue {
  /// The value as messages show it.
  fileprivate var shown: String {
    switch self {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .number(let number): number.description
    case .text(let text): text.debugDescription
    case .array: "[…]"
    case .object: self["class_name"]?.text ?? "{…}"
    }
  }
}
