/// A value as JSON text with sorted keys, written like_this.
///
/// Infinities and NaN, for which JSON has no word, are the strings that Python's `float` reads. The keys of dictionaries
/// with strings as keys are data, and stay as they are.
package func json(_ value: some Encodable) -> String {
  guard let tree = try? JSONEncoding.value(of: value, at: []) else { preconditionFailure("\(value) can't be written as JSON") }
  return tree.serialized
}

/// A value from JSON text as ``json(_:)`` writes it.
///
/// - Parameters:
///   - refusingUnknownKeys: whether a key of which `type` asks for no value is an error, as in a file that people write, where it
///     is a slip. Otherwise it is passed over, as a newer version may have written it.
///   - userInfo: what types that are decoded ask their decoder for.
/// - Throws: a `DecodingError`, which ``describe(_:)`` puts in a line; or what `type` throws.
package func decodeJSON<Value: Decodable>(
  _ text: some Sequence<UInt8>, as type: Value.Type = Value.self, refusingUnknownKeys: Bool = false,
  userInfo: [CodingUserInfoKey: Any] = [:]
) throws -> Value {
  let tree: JSONValue
  do throws(StrictJSON.Problem) {
    var json = StrictJSON(Array(text)[...])
    tree = try json.value(allowsWords: false)
    try json.end()
  } catch {
    throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "it is not JSON: \(error.text)"))
  }
  let asked = refusingUnknownKeys ? AskedKeys() : nil
  let value = try JSONDecoding(value: tree, codingPath: [], asked: asked, userInfo: userInfo).decode(type)
  try asked?.refuseOthers(in: tree)
  return value
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
