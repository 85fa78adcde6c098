/// What is one value in JSON, neither an array nor an object.
///
/// An own protocol, so that the containers of ``JSONEncoding`` and ``JSONDecoding`` need one generic function for all of
/// these types in place of one for each.
protocol JSONScalar {
  var json: JSONValue { get }

  /// The value that `json` stands for.
  init(_ json: JSONValue) throws(JSONMismatch)
}

/// Why a JSON value is not what was asked for.
enum JSONMismatch: Error {
  /// It is of another kind than the one described.
  case kind(String)
  /// It is a number that the type asked for does not hold.
  case range(String)
}

extension Bool: JSONScalar {
  var json: JSONValue { .bool(self) }

  init(_ json: JSONValue) throws(JSONMismatch) {
    guard let bool = json.bool else { throw .kind("true or false") }
    self = bool
  }
}

extension String: JSONScalar {
  var json: JSONValue { .text(self) }

  init(_ json: JSONValue) throws(JSONMismatch) {
    guard let text = json.text else { throw .kind("a string") }
    self = text
  }
}

protocol JSONReal: JSONScalar, BinaryFloatingPoint, LosslessStringConvertible {}

extension JSONReal {
  var json: JSONValue { .number(JSONNumber(self)) }

  init(_ json: JSONValue) throws(JSONMismatch) {
    switch json {
    case .text("NaN"): self = .nan
    case .text("Infinity"): self = .infinity
    case .text("-Infinity"): self = -.infinity
    default:
      guard let number = json.number else { throw .kind("a number") }
      guard let value = number.real(as: Self.self) else {
        throw .range("the number \(number) is larger than any that can be stored there")
      }
      self = value
    }
  }
}

extension Double: JSONReal {}
extension Float: JSONReal {}

protocol JSONInteger: JSONScalar, FixedWidthInteger {}

extension JSONInteger {
  var json: JSONValue { .number(JSONNumber(self)) }

  init(_ json: JSONValue) throws(JSONMismatch) {
    guard let number = json.number else { throw .kind("a whole number") }
    guard let value = number.integer(as: Self.self) else {
      throw .range("the number \(number) is not a whole one from \(Self.min) to \(Self.max)")
    }
    self = value
  }
}

extension Int: JSONInteger {}
extension Int8: JSONInteger {}
extension Int16: JSONInteger {}
extension Int32: JSONInteger {}
extension Int64: JSONInteger {}
extension UInt: JSONInteger {}
extension UInt8: JSONInteger {}
extension UInt16: JSONInteger {}
extension UInt32: JSONInteger {}
extension UInt64: JSONInteger {}
