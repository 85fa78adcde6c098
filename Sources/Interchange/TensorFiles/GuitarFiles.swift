import Models
import Storage

/// The JSON in which Neural Amp Modeler keeps a model: an architecture, its configuration, and all weights as one list.
enum NAMFile {
  typealias Problem = StrictJSON.Problem

  /// The list as the tensor `weights`, and what else the file says: `@architecture`, `config@hidden_size`.
  static func contents(_ file: MappedFile) throws(Problem) -> ([TensorFile.Tensor], [String: [String]]) {
    var json = StrictJSON(file.withBytes(in: 0..<file.count) { [UInt8]($0) }[...])
    var tensors: [TensorFile.Tensor] = []
    var texts: [String: [String]] = [:]
    try json.object { json, name throws(Problem) in
      switch name {
      case "weights" where json.beginsArray: tensors.append(try TensorFile.Tensor(json: &json, name: name))
      case "config": try texts.take(&json, "config")
      default: texts.take(try json.value(), name)
      }
    }
    try json.end()
    return (tensors, texts)
  }
}

/// The JSON in which Automated-GuitarAmpModelling keeps a model: a PyTorch state dict as nested lists, and what the model is.
enum GuitarMLFile {
  typealias Problem = StrictJSON.Problem

  /// The state dict, and what else the file says: `model_data@skip`.
  static func contents(_ file: MappedFile) throws(Problem) -> ([TensorFile.Tensor], [String: [String]]) {
    var json = StrictJSON(file.withBytes(in: 0..<file.count) { [UInt8]($0) }[...])
    var tensors: [TensorFile.Tensor] = []
    var texts: [String: [String]] = [:]
    try json.object { json, name throws(Problem) in
      switch name {
      case "state_dict":
        try json.object { json, name throws(Problem) in tensors.append(try TensorFile.Tensor(json: &json, name: name)) }
      case "model_data": try texts.take(&json, name)
      default: texts.take(try json.value(), name)
      }
    }
    try json.end()
    return (tensors, texts)
  }
}

extension [String: [String]] {
  /// Takes in what a file says under a key, and of what its author says of the model how often a second its sound is sampled.
  mutating func take(_ value: JSONValue, _ name: String) {
    self["@\(name)"] = value.words
    guard name == "metadata" else { return }
    for key in ["samplerate", "sample_rate"] { if let rate = value[key] { self["metadata@\(key)"] = rate.words } }
  }

  /// Takes in an object's members, as `owner@member`.
  fileprivate mutating func take(_ json: inout StrictJSON, _ owner: String) throws(StrictJSON.Problem) {
    var own: [String: [String]] = [:]
    try json.object { json, name throws(StrictJSON.Problem) in own["\(owner)@\(name)"] = try json.value().words }
    merge(own) { _, new in new }
  }
}

extension TensorFile.Tensor {
  /// Nested lists of numbers.
  init(json: inout StrictJSON, name: String) throws(StrictJSON.Problem) {
    let array = try NestedArray(&json, name: name)
    self.init(name: name, shape: array.shape, numbers: array.numbers)
  }
}
