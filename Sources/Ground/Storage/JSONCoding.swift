#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A value as JSON text with sorted keys, written like_this.
package func json(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  // JSON has no word for these; Python's `float` reads the strings.
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
  guard let data = try? encoder.encode(value) else { preconditionFailure("\(value) can't be written as JSON") }
  return String(decoding: data, as: UTF8.self)
}

/// A value from JSON text as ``json(_:)`` writes it.
package func decodeJSON<Value: Decodable>(_ text: some Sequence<UInt8>, as type: Value.Type = Value.self) throws -> Value {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
  return try decoder.decode(type, from: Data(text))
}

/// An error of a decoder in one line.
package func describe(_ error: any Error) -> String {
  switch error {
  case DecodingError.keyNotFound(let key, _): "`\(key.stringValue)` is missing"
  case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
    DecodingError.dataCorrupted(let context):
    (context.codingPath.isEmpty ? "" : context.codingPath.map(\.stringValue).joined(separator: ".") + ": ")
      + context.debugDescription
  default: "\(error)"
  }
}
