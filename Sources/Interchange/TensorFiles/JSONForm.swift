import Storage

/// What a file of JSON is, by the keys of its outermost object.
enum JSONForm: String {
  case tensors
  /// RTNeural's list of layers.
  case rtneural = "layers"
  /// A model of Neural Amp Modeler.
  case nam = "architecture"
  /// A model of Automated-GuitarAmpModelling, which GuitarML's plugins read.
  case guitarml = "model_data"

  init(_ file: MappedFile) {
    let keys = file.withBytes(in: 0..<file.count) { Self.keys($0) }
    self = [.rtneural, .nam, .guitarml].first { keys.contains($0.rawValue) } ?? .tensors
  }

  /// Those of the forms' keys that stand in the outermost object, whatever else the text is: it is checked when it is read.
  private static func keys(_ bytes: UnsafeRawBufferPointer) -> Set<String> {
    var keys: Set<String> = []
    var depth = 0
    var last = 0..<0
    var place = 0
    while place < bytes.count {
      switch Unicode.Scalar(bytes[place]) {
      case "{", "[": depth += 1
      case "}", "]": depth -= 1
      case "\"":
        let start = place + 1
        place = start
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") { place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1 }
        last = start..<max(start, min(place, bytes.count))
      case ":" where depth == 1 && last.count <= 16:
        let key = String(decoding: bytes[last], as: UTF8.self)
        if JSONForm(rawValue: key) != nil { keys.insert(key) }
      default: break
      }
      place += 1
    }
    return keys
  }
}

extension JSONValue {
  /// The value as a file's ``TensorFile/texts`` have it: a text or a number alone, a list's elements, none for null. What is
  /// nested deeper is not told apart.
  var words: [String] {
    switch self {
    case .null: []
    case .bool(let bool): [bool ? "true" : "false"]
    case .number(let number): [number.description]
    case .text(let text): [text]
    case .array(let elements):
      elements.prefix(16).map { element in
        switch element {
        case .array, .object: "…"
        default: element.words.first ?? "null"
        }
      }
    case .object: ["…"]
    }
  }
}
