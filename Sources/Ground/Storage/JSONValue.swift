package import Support

/// Any JSON value, for texts that other programs write and of which only a part is asked for.
package enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// - Parameters:
  ///   - path: the file that has the text, for messages.
  ///   - what: what the text is there.
  package init(parsing text: some Sequence<UInt8>, in path: String, _ what: String) throws(RecurrentError) {
    do throws(StrictJSON.Problem) {
      var json = StrictJSON(Array(text)[...])
      self = try json.value(depth: 0)
      try json.end()
    } catch {
      throw RecurrentError(cannotRead: path, "\(what) is not JSON: \(error.text)")
    }
  }

  /// The member of that name, if this is an object that has one which is not null.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self, let member = members[name], member != .null else { return nil }
    return member
  }

  package subscript(index: Int) -> JSONValue? { array.flatMap { $0.indices.contains(index) ? $0[index] : nil } }

  package var text: String? { if case .text(let text) = self { text } else { nil } }
  package var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }
  package var object: [String: JSONValue]? { if case .object(let object) = self { object } else { nil } }
  package var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
  package var double: Double? { if case .number(let number) = self { number } else { nil } }
  package var integer: Int? { double.flatMap(Int.init(exactly:)) }
}

extension StrictJSON {
  /// Reads whatever comes next.
  package mutating func value(depth: Int) throws(Problem) -> JSONValue {
    guard depth < 64 else { throw Problem("its values are nested more than 64 deep") }
    switch next {
    case "{":
      var members: [String: JSONValue] = [:]
      try object { json, name throws(Problem) in members[name] = try json.value(depth: depth + 1) }
      return .object(members)
    case "[":
      var elements: [JSONValue] = []
      try array { json throws(Problem) in elements.append(try json.value(depth: depth + 1)) }
      return .array(elements)
    case "\"": return .text(try string())
    default:
      // Python writes the last ones, which no JSON has.
      for (word, value) in [
        ("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null), ("NaN", .number(.nan)),
        ("Infinity", .number(.infinity)), ("-Infinity", .number(-.infinity)),
      ] where takes(word: word) { return value }
      return .number(try number())
    }
  }
}
