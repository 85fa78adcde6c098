import Storage
package import Support
import TensorFiles

extension ONNXModel {
  /// Opens the ONNX file at `path`.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, is no ONNX model, or contradicts itself.
  package init(contentsOf path: String) throws(RecurrentError) {
    let file = try MappedFile(path)
    do throws(TensorFile.Problem) {
      let external = ONNXExternalData(besides: path)
      try self.init(ProtobufMessage(file: file, range: 0..<file.count), external)
    } catch {
      throw RecurrentError(cannotRead: path, error.text)
    }
  }

  /// Bytes of the model's file and of the tensors beside it.
  package var size: Int {
    graph.initializers.reduce(fileSize) { size, tensor in
      if case .raw(let bytes) = tensor.storage { size + bytes.range.count } else { size }
    }
  }

  /// Whether a file may be an ONNX model: the first field of one is the version of its structure.
  package static func isPlausible(_ path: String) throws(RecurrentError) -> Bool {
    let file = try MappedFile(path)
    let start = file.withBytes(in: 0..<min(file.count, 9)) { [UInt8]($0) }
    return start.count > 2 && start[0] == 0x08 && (1...127).contains(start[1]) && !TensorFile.beginsSafetensors(start)
  }

  private init(_ message: ProtobufMessage, _ external: ONNXExternalData) throws(TensorFile.Problem) {
    self.init(irVersion: 0, producer: "", opsets: [:], metadata: [:], graph: ONNXGraph(name: ""))
    fileSize = message.range.count
    var hasGraph = false
    try message.forEachField { field throws(TensorFile.Problem) in
      switch field.number {
      case 1: irVersion = try field.integer()
      case 2: producer = try field.text()
      case 7:
        graph = try ONNXGraph(field.message(), external, depth: 0)
        hasGraph = true
      case 8:
        let (domain, version) = try Self.operatorSet(field.message())
        opsets[domain == "ai.onnx" ? "" : domain] = version
      case 14:
        let (key, value) = try field.message().pair()
        metadata[key] = value
      default: break
      }
    }
    guard hasGraph else { throw TensorFile.Problem("it is no ONNX model: it has no graph") }
    guard opsets[""] != nil else { throw TensorFile.Problem("it doesn't say of which version its operators are") }
  }

  private static func operatorSet(_ message: ProtobufMessage) throws(TensorFile.Problem) -> (domain: String, version: Int) {
    var (domain, version) = ("", 1)
    try message.forEachField { field throws(TensorFile.Problem) in
      switch field.number {
      case 1: domain = try field.text()
      case 2: version = try field.integer()
      default: break
      }
    }
    return (domain, version)
  }
}

extension ProtobufMessage {
  /// A message of a key (field 1) and a value (field 2).
  fileprivate func pair() throws(Problem) -> (key: String, value: String) {
    var (key, value) = ("", "")
    try forEachField { field throws(Problem) in
      switch field.number {
      case 1: key = try field.text()
      case 2: value = try field.text()
      default: break
      }
    }
    return (key, value)
  }
}

extension ONNXGraph {
  /// How many graphs may stand within one another: deep enough for any exporter, and for any stack of calls.
  private static let greatestDepth = 16

  fileprivate init(_ message: ProtobufMessage, _ external: ONNXExternalData, depth: Int) throws(TensorFile.Problem) {
    guard depth <= Self.greatestDepth else {
      throw TensorFile.Problem("its graphs are nested more than \(Self.greatestDepth) deep")
    }
    self.init(name: "")
    try message.forEachField { field throws(TensorFile.Problem) in
      switch field.number {
      case 1: nodes.append(try ONNXNode(field.message(), external, depth: depth))
      case 2: name = try field.text()
      case 5: initializers.append(try ONNXTensor(field.message(), external))
      case 11: inputs.append(try ONNXValue(field.message()))
      case 12: outputs.append(try ONNXValue(field.message()))
      case 15: initializers.append(try ONNXTensor(sparse: field.message()))
      default: break
      }
    }
  }
}

extension ONNXNode {
  fileprivate init(_ message: ProtobufMessage, _ external: ONNXExternalData, depth: Int) throws(TensorFile.Problem) {
    self.init("", [], [])
    try message.forEachField { field throws(TensorFile.Problem) in
      switch field.number {
      case 1: inputs.append(try field.text())
      case 2: outputs.append(try field.text())
      case 3: name = try field.text()
      case 4: operation = try field.text()
      case 5:
        let (name, attribute) = try Self.attribute(field.message(), external, depth: depth)
        guard attributes.updateValue(attribute, forKey: name) == nil else {
          throw TensorFile.Problem("an operator has the attribute \(quoted(name)) twice")
        }
      case 7: domain = try field.text()
      default: break
      }
    }
    if domain == "ai.onnx" { domain = "" }
  }

  private static func attribute(
    _ message: ProtobufMessage, _ external: ONNXExternalData, depth: Int
  ) throws(TensorFile.Problem) -> (name: String, ONNXAttribute) {
    var (name, type) = ("", 0)
    var (single, floats, integers, texts) = (ONNXAttribute?.none, [Float](), [Int](), [String]())
    try message.forEachField { field throws(TensorFile.Problem) in
      switch field.number {
      case 1: name = try field.text()
      case 2: single = .float(try field.float())
      case 3: single = .integer(try field.integer())
      case 4: single = try field.textIfValid().map { .text($0) } ?? .other
      case 5: single = .tensor(try ONNXTensor(field.message(), external))
      case 6: single = .graph(try ONNXGraph(field.message(), external, depth: depth + 1))
      case 7: try field.appendFloats(to: &floats)
      case 8: try field.appendIntegers(to: &integers)
      case 9: texts.append(try field.textIfValid() ?? "")
      case 20: type = try field.integer()
      default: break
      }
    }
    // A number that is 0 or an empty list may be left out of the file.
    switch (type, single) {
    case (1, nil): return (name, .float(0))
    case (2, nil): return (name, .integer(0))
    case (3, nil): return (name, .text(""))
    case (1, .float?), (2, .integer?), (3, .text?), (4, .tensor?), (5, .graph?): return (name, single ?? .other)
    case (6, nil): return (name, .floats(floats))
    case (7, nil): return (name, .integers(integers))
    case (8, nil): return (name, .texts(texts))
    default: return (name, .other)
    }
  }
}

extension ONNXTensor {
  /// A tensor of which only the elements that are not zero are listed; its name stands in the tensor of these, its field 1.
  fileprivate init(sparse message: ProtobufMessage) throws(TensorFile.Problem) {
    var name = ""
    try message.forEachField { field throws(TensorFile.Problem) in
      guard field.number == 1 else { return }
      try field.message().forEachField { field throws(TensorFile.Problem) in
        if field.number == 8 { name = try field.text() }
      }
    }
    self.init(name: name, shape: [], type: .string, storage: .unreadable("is sparse, which is not read here"))
  }

  fileprivate init(_ message: ProtobufMessage, _ external: ONNXExternalData) throws(TensorFile.Problem) {
    var (name, number, shape, isExternal) = ("", 0, [Int](), false)
    var raw: ProtobufMessage?
    var entries: [String: String] = [:]
    try message.forEachField { field throws(TensorFile.Problem) in
      switch field.number {
      case 1: try field.appendIntegers(to: &shape)
      case 2: number = try field.integer()
      case 8: name = try field.text()
      case 9: raw = try field.message()
      case 13:
        let (key, value) = try field.message().pair()
        entries[key] = value
      case 14: isExternal = try field.integer() == 1
      default: break
      }
    }
    guard let count = elementCount(shape) else {
      throw TensorFile.Problem("tensor \(quoted(name)) has the impossible shape \(shape.prefix(8))")
    }
    guard let type = ElementType(rawValue: number) else {
      // Types of less than a byte and of other kinds are no weights of recurrent layers; a graph may have them elsewhere.
      self.init(
        name: name, shape: shape, type: .string, storage: .unreadable("has elements of type \(number), which can't be read"))
      return
    }
    if isExternal { raw = try external.bytes(of: name, entries) }
    if let raw, type != .string {
      guard let size = type.size, !count.multipliedReportingOverflow(by: size).overflow, raw.range.count == count * size else {
        throw TensorFile.Problem("tensor \(quoted(name)) has \(raw.range.count) bytes, which do not fit its shape \(shape)")
      }
    }
    self.init(name: name, shape: shape, type: type, storage: raw.map { .raw($0) } ?? .fields(message))
  }
}

/// How many elements a shape has; nil if it has too many axes, one has a negative length, or there are more than any file holds,
/// were each axis without length one of length 1.
private func elementCount(_ shape: [Int]) -> Int? {
  guard shape.count <= ONNXArray.greatestRank else { return nil }
  var count = 1
  for length in shape {
    guard length >= 0 else { return nil }
    let product = count.multipliedReportingOverflow(by: max(1, length))
    if product.overflow || product.partialValue > 1 << 40 { return nil }
    count = product.partialValue
  }
  return shape.contains(0) ? 0 : count
}

extension ONNXValue {
  /// The type is field 2, of it field 1 is that of a tensor: the elements' type (1) and the shape (2), whose dimensions are its
  /// field 1.
  fileprivate init(_ message: ProtobufMessage) throws(TensorFile.Problem) {
    self.init("", nil, nil)
    try message.forEachField { field throws(TensorFile.Problem) in
      switch field.number {
      case 1: name = try field.text()
      case 2:
        try field.message().forEachField { field throws(TensorFile.Problem) in
          guard field.number == 1 else { return }
          try field.message().forEachField { field throws(TensorFile.Problem) in
            switch field.number {
            case 1: type = ONNXTensor.ElementType(rawValue: try field.integer())
            case 2:
              shape = []
              try field.message().forEachField { field throws(TensorFile.Problem) in
                if field.number == 1 { shape?.append(try Dimension(field.message())) }
              }
            default: break
            }
          }
        }
      default: break
      }
    }
  }
}

extension ONNXValue.Dimension {
  fileprivate init(_ message: ProtobufMessage) throws(TensorFile.Problem) {
    self = .unknown
    try message.forEachField { field throws(TensorFile.Problem) in
      switch field.number {
      case 1: self = .fixed(try field.integer())
      case 2: self = .named(try field.text())
      default: break
      }
    }
  }
}
