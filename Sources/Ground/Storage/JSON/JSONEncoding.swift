/// An encoder whose result is a ``JSONValue``, with keys in snake case.
struct JSONEncoding: Encoder {
  fileprivate let place: Place
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// What `value` encodes itself as, at `path` in the whole.
  static func value(of value: some Encodable, at path: @autoclosure () -> [any CodingKey]) throws -> JSONValue {
    if let scalar = value as? any JSONScalar { return scalar.json }
    let path = path()
    if let dictionary = value as? any StringKeyed { return try dictionary.json(at: path) }
    let place = Place()
    try value.encode(to: JSONEncoding(place: place, codingPath: path))
    return place.value
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Members<Key>(place: place.holdingObject(), codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { Elements(place: place.holdingArray(), codingPath: codingPath) }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(place: place, codingPath: codingPath) }
}

/// A place for a value that may still grow: containers that were handed out go on writing to theirs.
private final class Place {
  enum Content {
    case nothing
    case value(JSONValue)
    case array([Place])
    case object([String: Place])
  }

  private var content: Content

  init(_ content: Content = .nothing) { self.content = content }

  /// What has been written; nothing is an object without members.
  var value: JSONValue {
    switch content {
    case .nothing: .object([:])
    case .value(let value): value
    case .array(let elements): .array(elements.map(\.value))
    case .object(let members): .object(members.mapValues(\.value))
    }
  }

  var count: Int { if case .array(let elements) = content { elements.count } else { 0 } }

  func set(_ value: JSONValue) { content = .value(value) }

  /// This place, which begins an object unless it has one.
  func holdingObject() -> Place {
    if case .object = content { return self }
    content = .object([:])
    return self
  }

  /// This place, which begins an array unless it has one.
  func holdingArray() -> Place {
    if case .array = content { return self }
    content = .array([])
    return self
  }

  func append(_ element: Place) -> Place {
    guard case .array(var elements) = content else { preconditionFailure("two kinds of containers for one JSON value") }
    // Else the array would be shared and copied by the next line.
    content = .nothing
    elements.append(element)
    content = .array(elements)
    return element
  }

  func add(_ member: Place, named name: String) -> Place {
    guard case .object(var members) = content else { preconditionFailure("two kinds of containers for one JSON value") }
    content = .nothing
    members[name] = member
    content = .object(members)
    return member
  }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let place: Place
  let codingPath: [any CodingKey]

  mutating func encodeNil(forKey key: Key) { added(key).set(.null) }

  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    let path = codingPath
    let value = try JSONEncoding.value(of: value, at: path + [key])
    added(key).set(value)
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> { encoder(key).container(keyedBy: type) }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(key).unkeyedContainer() }

  mutating func superEncoder() -> any Encoder { encoder(JSONKey.super) }

  mutating func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

  private func added(_ key: any CodingKey) -> Place { place.add(Place(), named: SnakeCase.from(camelCase: key.stringValue)) }

  private func encoder(_ key: any CodingKey) -> JSONEncoding { JSONEncoding(place: added(key), codingPath: codingPath + [key]) }
}

private struct Elements: UnkeyedEncodingContainer {
  let place: Place
  let codingPath: [any CodingKey]

  var count: Int { place.count }

  mutating func encodeNil() { added().set(.null) }

  mutating func encode<T: Encodable>(_ value: T) throws {
    let (path, index) = (codingPath, count)
    let value = try JSONEncoding.value(of: value, at: path + [JSONKey(index: index)])
    added().set(value)
  }

  mutating func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
    encoder().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }

  mutating func superEncoder() -> any Encoder { encoder() }

  private func added() -> Place { place.append(Place()) }

  private func encoder() -> JSONEncoding {
    let path = codingPath + [JSONKey(index: count)]
    return JSONEncoding(place: added(), codingPath: path)
  }
}

private struct Single: SingleValueEncodingContainer {
  let place: Place
  let codingPath: [any CodingKey]

  mutating func encodeNil() { place.set(.null) }

  mutating func encode<T: Encodable>(_ value: T) throws {
    let path = codingPath
    place.set(try JSONEncoding.value(of: value, at: path))
  }
}

/// A dictionary whose keys are names that the data have, not names of properties.
private protocol StringKeyed {
  func json(at path: [any CodingKey]) throws -> JSONValue
}

extension Dictionary: StringKeyed where Key == String, Value: Encodable {
  fileprivate func json(at path: [any CodingKey]) throws -> JSONValue {
    var members: [String: JSONValue] = [:]
    for (name, value) in self { members[name] = try JSONEncoding.value(of: value, at: path + [JSONKey(stringValue: name)]) }
    return .object(members)
  }
}
