import Foundation

/// What types of the project hold, in all the forms that JSON has for it.
struct Sample: Codable, Equatable {
  enum Kind: String, Codable { case first, second }

  enum Choice: Codable, Equatable {
    case none
    case adam(learningRate: Double, beta: Float)
    case steps(Int, digest: String)
  }

  struct Part: Codable, Equatable {
    var readMeFirst = "https://host/ä?\"\\\u{7}\n\u{1F600}"
    var matrix: [[Float]] = [[1, 0.1, -0.0], [], [3.4e38]]
  }

  var seed = UInt64.max
  var least = Int.min
  var small: UInt8 = 255
  var rates: [Double] = [0.1, 1, 1e300, .leastNonzeroMagnitude, -0.0, 123456789012345680, .infinity, -.infinity]
  var isOn = true
  var kind = Kind.second
  var choices: [Choice] = [.none, .adam(learningRate: 1e-3, beta: 0.9), .steps(4, digest: "0a")]
  var missing: Int?
  var there: Int? = 3
  var gaps: [Int?] = [1, nil]
  var parts = [Part()]
  var byName = ["camelCase": 1, "snake_case": 2, "B": 3, "é": 4, "": 5]
  var partsByName = ["someName": Part()]
  var byNumber = [7: "seven"]
  var byKind = [Kind.first: "a"]
}

/// A class that encodes itself beside its superclass.
final class Derived: Base {
  let ownValue: Int

  init(ownValue: Int) {
    self.ownValue = ownValue
    super.init(baseValue: ownValue + 1)
  }

  private enum Keys: CodingKey { case ownValue, elsewhere }

  override func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(ownValue, forKey: .ownValue)
    try super.encode(to: container.superEncoder())
    try super.encode(to: container.superEncoder(forKey: .elsewhere))
  }

  required init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    ownValue = try container.decode(Int.self, forKey: .ownValue)
    _ = try Base(from: container.superDecoder(forKey: .elsewhere))
    try super.init(from: container.superDecoder())
  }
}

class Base: Codable {
  let baseValue: Int

  init(baseValue: Int) { self.baseValue = baseValue }
}

/// Containers within containers, without a type of their own.
struct Nested: Codable, Equatable {
  var values = [1, 2]

  private enum Keys: CodingKey { case outerKey, innerKey, list }

  init() {}

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    var inner = container.nestedContainer(keyedBy: Keys.self, forKey: .outerKey)
    var list = container.nestedUnkeyedContainer(forKey: .list)
    // Each is written on after another one was begun.
    try inner.encode(values[0], forKey: .innerKey)
    var row = list.nestedUnkeyedContainer()
    try row.encode(values[1])
    try row.encodeNil()
    var object = list.nestedContainer(keyedBy: Keys.self)
    try object.encodeNil(forKey: .list)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    let inner = try container.nestedContainer(keyedBy: Keys.self, forKey: .outerKey)
    var list = try container.nestedUnkeyedContainer(forKey: .list)
    var row = try list.nestedUnkeyedContainer()
    values = [try inner.decode(Int.self, forKey: .innerKey), try row.decode(Int.self)]
    guard try row.decodeNil(), row.isAtEnd else { throw CocoaError(.coderInvalidValue) }
    let object = try list.nestedContainer(keyedBy: Keys.self)
    guard try object.decodeNil(forKey: .list), list.isAtEnd else { throw CocoaError(.coderInvalidValue) }
  }
}

/// Foundation's coder with the settings with which the first generation wrote its files.
enum Reference {
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<Value: Decodable>(_ text: String, as type: Value.Type) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try decoder.decode(type, from: Data(text.utf8))
  }
}
