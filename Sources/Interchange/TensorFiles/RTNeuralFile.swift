import Models
import Storage

/// The JSON in which RTNeural keeps a model: a list of layers, each with its type, shape, function and arrays.
enum RTNeuralFile {
  typealias Problem = StrictJSON.Problem

  /// The arrays, such as `layers/0/1` for the second one of the first layer, and what is said of each layer as `layers/0@type`, of
  /// all as `@in_shape`.
  static func contents(_ file: MappedFile) throws(Problem) -> ([TensorFile.Tensor], [String: [String]]) {
    var json = StrictJSON(file.withBytes(in: 0..<file.count) { [UInt8]($0) }[...])
    var tensors: [TensorFile.Tensor] = []
    var texts: [String: [String]] = [:]
    try json.object { json, name throws(Problem) in
      guard name == "layers" else {
        texts.take(try json.value(), name)
        return
      }
      var number = 0
      try json.array { json throws(Problem) in
        try layer(&json, "layers/\(number)", &tensors, &texts)
        number += 1
      }
    }
    try json.end()
    return (tensors, texts)
  }

  private static func layer(
    _ json: inout StrictJSON, _ path: String, _ tensors: inout [TensorFile.Tensor], _ texts: inout [String: [String]]
  ) throws(Problem) {
    try json.object { json, key throws(Problem) in
      guard key == "weights" else {
        texts["\(path)@\(key)"] = try json.value().words
        return
      }
      var number = 0
      try json.array { json throws(Problem) in
        tensors.append(try TensorFile.Tensor(json: &json, name: "\(path)/\(number)"))
        number += 1
      }
    }
  }
}
