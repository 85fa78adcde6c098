import Models
import Storage

/// The JSON in which RTNeural keeps a model: a list of layers, each with its type, shape, function and arrays.
enum RTNeuralFile {
  typealias Problem = StrictJSON.Problem

  /// Whether an object of JSON is such a model: it has a member `layers`, which a name of a tensor alone is not.
  static func isOne(_ file: MappedFile) -> Bool {
    let key = Array(#""layers""#.utf8)
    return file.withBytes(in: 0..<file.count) { bytes in
      bytes.indices.dropLast(key.count - 1).contains { bytes[$0] == key[0] && bytes[$0..<$0 + key.count].elementsEqual(key) }
    }
  }

  /// The arrays, such as `layers/0/1` for the second one of the first layer, and what is said of each layer as `layers/0@type`.
  static func contents(_ file: MappedFile) throws(Problem) -> ([TensorFile.Tensor], [String: [String]]) {
    var json = StrictJSON(file.withBytes(in: 0..<file.count) { [UInt8]($0) }[...])
    var tensors: [TensorFile.Tensor] = []
    var texts: [String: [String]] = [:]
    try json.object { json, name throws(Problem) in
      guard name == "layers" else {
        _ = try json.value(depth: 0)
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
        switch try json.value(depth: 0) {
        case .text(let text): texts["\(path)@\(key)"] = [text]
        // The last length of a shape is what the layer gives.
        case .array(let lengths): texts["\(path)@\(key)"] = lengths.map { $0.integer.map(String.init) ?? "" }
        case .null, .bool, .number, .object: break
        }
        return
      }
      var number = 0
      try json.array { json throws(Problem) in
        let array = try NestedArray(&json, name: "\(path)/\(number)")
        tensors.append(
          TensorFile.Tensor(name: "\(path)/\(number)", dataType: .float64, shape: array.shape, storage: .numbers(array.numbers)))
        number += 1
      }
    }
  }
}
