import Storage
package import Support

extension ONNXModel {
  /// The file's bytes.
  package var bytes: [UInt8] {
    var writer = ProtobufWriter()
    writer.append(1, integer: irVersion)
    writer.append(2, text: producer)
    writer.append(7) { graph.write(to: &$0) }
    for (domain, version) in opsets.sorted(by: { $0.key < $1.key }) {
      writer.append(8) {
        $0.append(1, text: domain)
        $0.append(2, integer: version)
      }
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      writer.append(14) {
        $0.append(1, text: key)
        $0.append(2, text: value)
      }
    }
    return writer.bytes
  }

  /// Writes the file at `path`, which is replaced whole or not at all.
  ///
  /// - Throws: ``RecurrentError`` if it can't be written or is larger than the format allows.
  package func write(to path: String) throws(RecurrentError) {
    let bytes = bytes
    guard bytes.count <= Int32.max else {
      throw RecurrentError(cannotWrite: path, "the model takes \(bytes.count) bytes; an ONNX file can have 2147483647")
    }
    try AtomicFile.write(bytes, to: path)
  }
}

extension ONNXGraph {
  fileprivate func write(to writer: inout ProtobufWriter) {
    for node in nodes { writer.append(1) { node.write(to: &$0) } }
    writer.append(2, text: name)
    for tensor in initializers { writer.append(5) { tensor.write(to: &$0) } }
    for value in inputs { writer.append(11) { value.write(to: &$0) } }
    for value in outputs { writer.append(12) { value.write(to: &$0) } }
  }
}

extension ONNXNode {
  fileprivate func write(to writer: inout ProtobufWriter) {
    // An empty name is a value that is left out, and keeps its place.
    for input in inputs { writer.append(1, bytes: input.utf8) }
    for output in outputs { writer.append(2, bytes: output.utf8) }
    writer.append(3, text: name)
    writer.append(4, text: operation)
    for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
      writer.append(5) {
        $0.append(1, text: name)
        attribute.write(to: &$0)
      }
    }
    writer.append(7, text: domain)
  }
}

extension ONNXAttribute {
  /// The value in the field of its kind, and the kind's number.
  fileprivate func write(to writer: inout ProtobufWriter) {
    let kind: Int
    switch self {
    case .float(let value):
      writer.append(2, float: value)
      kind = 1
    case .integer(let value):
      writer.append(3, integer: value)
      kind = 2
    case .text(let text):
      writer.append(4, bytes: text.utf8)
      kind = 3
    case .tensor(let tensor):
      writer.append(5) { tensor.write(to: &$0) }
      kind = 4
    case .graph(let graph):
      writer.append(6) { graph.write(to: &$0) }
      kind = 5
    case .floats(let values):
      for value in values { writer.append(7, float: value) }
      kind = 6
    case .integers(let values):
      for value in values { writer.append(8, integer: value) }
      kind = 7
    case .texts(let texts):
      for text in texts { writer.append(9, bytes: text.utf8) }
      kind = 8
    case .other: preconditionFailure("an attribute that was not understood can't be written")
    }
    writer.append(20, integer: kind)
  }
}

extension ONNXTensor {
  fileprivate func write(to writer: inout ProtobufWriter) {
    guard case .array(let array) = storage else { preconditionFailure("tensor \(name) is not in memory") }
    writer.append(1, integers: shape)
    writer.append(2, integer: type.rawValue)
    writer.append(8, text: name)
    switch array.elements {
    case .floats(let values): values.withUnsafeBytes { writer.append(9, bytes: $0) }
    case .integers(let values): values.map(Int64.init).withUnsafeBytes { writer.append(9, bytes: $0) }
    }
  }
}

extension ONNXValue {
  fileprivate func write(to writer: inout ProtobufWriter) {
    writer.append(1, text: name)
    writer.append(2) {
      $0.append(1) {
        if let type { $0.append(1, integer: type.rawValue) }
        guard let shape else { return }
        $0.append(2) {
          for dimension in shape {
            $0.append(1) {
              switch dimension {
              case .fixed(let length): $0.append(1, integer: length)
              case .named(let name): $0.append(2, text: name)
              case .unknown: break
              }
            }
          }
        }
      }
    }
  }
}
