package import Support

/// Any JSON value, for texts that other programs write and of which only a part is asked for.
package enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// - Parameters:
  ///   - path: the file that has the text, for messages.
  ///   - what: what the text is there.
  package init(parsing text: some Sequence<UInt8>, in path: String, _ what: String) throws(RecurrentError) {
    do throws(StrictJSON.Problem) {
      var json = StrictJSON(Array(text)[...])
      self = try json.value()
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
  package var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }
  package var double: Double? { number?.double }
  package var integer: Int? { number?.integer() }
}

extension StrictJSON {
  /// Reads whatever comes next.
  ///
  /// - Parameters:
  ///   - depth: in how many arrays and objects it stands.
  ///   - allowsWords: whether `NaN`, `Infinity` and `-Infinity` are read, too, which Python writes and JSON does not have.
  package mutating func value(depth: Int = 0, allowsWords: Bool = true) throws(Problem) -> JSONValue {
    guard depth < 64 else { throw Problem("its values are nested more than 64 deep") }
    switch next {
    case "{":
      var members: [String: JSONValue] = [:]
      try object { json, name throws(Problem) in members[name] = try json.value(depth: depth + 1, allowsWords: allowsWords) }
      return .object(members)
    case "[":
      var elements: [JSONValue] = []
      try array { json throws(Problem) in elements.append(try json.value(depth: depth + 1, allowsWords: allowsWords)) }
      return .array(elements)
    case "\"": return .text(try string())
    default:
      for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)] where takes(word: word) {
        return value
      }
      for word in ["NaN", "Infinity", "-Infinity"] where allowsWords && takes(word: word) {
        return .number(JSONNumber(digits: word))
      }
      return .number(JSONNumber(digits: try numberText()))
    }
  }
}
