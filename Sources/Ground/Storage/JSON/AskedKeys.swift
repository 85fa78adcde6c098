import Support

/// The keys of a JSON text's objects for which a type asked while it was decoded; the others say nothing to it.
///
/// A type may read an object by several containers, so that only the end of the decoding tells.
final class AskedKeys {
  private enum Asked {
    /// By their names as Swift has them.
    case some(Set<String>)
    /// The object is a dictionary.
    case all
  }

  /// By the path of the object.
  private var asked: [[String]: Asked] = [:]

  func note(_ keys: Set<String>, at path: [any CodingKey]) {
    switch asked[path.map(\.stringValue), default: .some([])] {
    case .some(let others): asked[path.map(\.stringValue)] = .some(others.union(keys))
    case .all: break
    }
  }

  func noteAll(at path: [any CodingKey]) { asked[path.map(\.stringValue)] = .all }

  /// - Throws: a `DecodingError` if an object in `value` that was read has a key for which nothing asked.
  func refuseOthers(in value: JSONValue, at path: [JSONKey] = []) throws {
    switch value {
    case .array(let elements):
      for (index, element) in elements.enumerated() { try refuseOthers(in: element, at: path + [JSONKey(index: index)]) }
    case .object(let members):
      switch asked[path.map(\.stringValue)] {
      // It was passed over, or kept unread.
      case nil: break
      case .all:
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
          try refuseOthers(in: member, at: path + [JSONKey(stringValue: name)])
        }
      case .some(.some(let known)):
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
          let key = SnakeCase.camelCase(from: name)
          guard known.contains(key) else { throw Self.unknown(name, known, at: path) }
          try refuseOthers(in: member, at: path + [JSONKey(stringValue: key)])
        }
      }
    case .null, .bool, .number, .text: break
    }
  }

  private static func unknown(_ name: String, _ known: Set<String>, at path: [JSONKey]) -> DecodingError {
    let names = known.map(SnakeCase.from(camelCase:)).sorted()
    let remedy =
      closest(to: name, in: names).map { "did you mean `\($0)`?" }
      ?? (names.isEmpty ? "no keys are known here" : "known are \(names.joined(separator: ", "))")
    return .dataCorrupted(.init(codingPath: path, debugDescription: "the key \(quoted(name)) is unknown; \(remedy)"))
  }
}
