import Support

/// A decoder of a ``JSONValue`` whose keys are in snake case.
struct JSONDecoding: Decoder {
  let value: JSONValue
  let codingPath: [any CodingKey]
  /// Where the keys that are asked for are noted; nil if unknown keys are allowed.
  let asked: AskedKeys?
  let userInfo: [CodingUserInfoKey: Any]

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let decoded: Any
    if let type = type as? any JSONScalar.Type {
      do throws(JSONMismatch) { decoded = try type.init(value) } catch { throw decodingError(error, type) }
    } else if let type = type as? any StringKeyedDecodable.Type {
      decoded = try type.init(decoding: self)
    } else {
      if let name = value.text, let names = names(of: type), !names.contains(name) {
        let text = "it is \(quoted(name)); expected \(list(names))\(suggestion(name, names))"
        throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: text))
      }
      return try T(from: self)
    }
    guard let decoded = decoded as? T else { preconditionFailure("a value of another type than \(type) was decoded") }
    return decoded
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(try MemberReader<Key>(self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let elements = value.array else { throw mismatch("an array", [Any].self) }
    return ElementReader(decoder: self, elements: elements)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { SingleReader(decoder: self) }

  /// The decoder of `value`, which stands at `key` in this one's.
  fileprivate func inner(_ value: JSONValue, _ key: any CodingKey) -> JSONDecoding {
    JSONDecoding(value: value, codingPath: codingPath + [key], asked: asked, userInfo: userInfo)
  }

  private func decodingError(_ mismatch: JSONMismatch, _ type: Any.Type) -> DecodingError {
    switch mismatch {
    case .kind(let kind): self.mismatch(kind, type)
    case .range(let text): .dataCorrupted(.init(codingPath: codingPath, debugDescription: text))
    }
  }

  fileprivate func mismatch(_ expected: String, _ type: Any.Type) -> DecodingError {
    let context = DecodingError.Context(codingPath: codingPath, debugDescription: "expected \(expected), found \(value.kind)")
    return value == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }
}

extension JSONValue {
  /// What a message calls it.
  fileprivate var kind: String {
    switch self {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .number(let number): "the number \(number)"
    case .text: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// The names of a type that has one for each of its cases; nil of other types.
private func names(of type: any Decodable.Type) -> [String]? {
  func names<Choice: CaseIterable>(_: Choice.Type) -> [String]? {
    let names = Choice.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
    return names.isEmpty ? nil : names
  }
  return (type as? any CaseIterable.Type).flatMap { names($0) }
}

private struct MemberReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: JSONDecoding
  /// By their names as Swift has them.
  let members: [String: JSONValue]

  init(_ decoder: JSONDecoding) throws {
    guard let object = decoder.value.object else { throw decoder.mismatch("an object", [String: Any].self) }
    self.decoder = decoder
    members = try Dictionary(object.map { (SnakeCase.camelCase(from: $0.key), $0.value) }) { _, _ in
      let text = "two of its keys are the same name, once with `_` and once without"
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: text))
    }
    decoder.asked?.note([], at: decoder.codingPath)
  }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { value(key) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try inner(key).value == .null }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try inner(key).decode(type) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> { try inner(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try inner(key).unkeyedContainer() }

  func superDecoder() -> any Decoder { decoder.inner(value(JSONKey.super) ?? .null, JSONKey.super) }

  func superDecoder(forKey key: Key) -> any Decoder { decoder.inner(value(key) ?? .null, key) }

  private func value(_ key: any CodingKey) -> JSONValue? {
    decoder.asked?.note([key.stringValue], at: codingPath)
    return members[key.stringValue]
  }

  private func inner(_ key: Key) throws -> JSONDecoding {
    guard let value = value(key) else {
      throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "there is no such key"))
    }
    return decoder.inner(value, key)
  }
}

private struct ElementReader: UnkeyedDecodingContainer {
  let decoder: JSONDecoding
  let elements: [JSONValue]
  private(set) var currentIndex = 0

  init(decoder: JSONDecoding, elements: [JSONValue]) { (self.decoder, self.elements) = (decoder, elements) }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  mutating func decodeNil() throws -> Bool {
    guard try next().value == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try taking { try $0.decode(type) } }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> { try taking { try $0.container(keyedBy: type) } }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try taking { try $0.unkeyedContainer() } }

  mutating func superDecoder() throws -> any Decoder { try taking { $0 } }

  /// The next element is passed only once `body` has taken it.
  private mutating func taking<Result>(_ body: (JSONDecoding) throws -> Result) throws -> Result {
    let result = try body(next())
    currentIndex += 1
    return result
  }

  private func next() throws -> JSONDecoding {
    let key = JSONKey(index: currentIndex)
    guard !isAtEnd else {
      let context = DecodingError.Context(codingPath: codingPath + [key], debugDescription: "the array has no more elements")
      throw DecodingError.valueNotFound(Any.self, context)
    }
    return decoder.inner(elements[currentIndex], key)
  }
}

private struct SingleReader: SingleValueDecodingContainer {
  let decoder: JSONDecoding

  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.value == .null }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.decode(type) }
}

/// A dictionary whose keys are names that the data have, not names of properties.
private protocol StringKeyedDecodable {
  init(decoding decoder: JSONDecoding) throws
}

extension Dictionary: StringKeyedDecodable where Key == String, Value: Decodable {
  fileprivate init(decoding decoder: JSONDecoding) throws {
    guard let object = decoder.value.object else { throw decoder.mismatch("an object", Self.self) }
    decoder.asked?.noteAll(at: decoder.codingPath)
    self.init()
    for (name, value) in object { self[name] = try decoder.inner(value, JSONKey(stringValue: name)).decode(Value.self) }
  }
}
