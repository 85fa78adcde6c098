import Models
import Storage
import Support

extension InspectionReport {
  /// The report as JSON in UTF-8.
  public var json: [UInt8] { Array(Storage.json(self).utf8) }
}

extension InspectionReport.Input: Encodable {
  private struct Fields: Encodable {
    let kind: String
    var tokens: [String]?
    var columns: [InspectionReport.Column]?
    var names: [String]?
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .tokens(let tokens): try Fields(kind: "tokens", tokens: tokens).encode(to: encoder)
    case .features(let columns, let names): try Fields(kind: "features", columns: columns, names: names).encode(to: encoder)
    }
  }
}

extension InspectionReport.Guess: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(text)
    try container.encode(probability)
  }
}

extension InspectionReport.Piece: Encodable {
  private struct Reference: Encodable {
    let quantity: String
    let previous: Bool?
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .text(let text):
      var container = encoder.singleValueContainer()
      try container.encode(text)
    case .quantity(let name, let previous): try Reference(quantity: name, previous: previous ? true : nil).encode(to: encoder)
    }
  }
}

/// Numbers in 16 bits each: n stands for low + n · (high - low) / 65534, and 65535 for what is not finite.
///
/// A number is off by at most half a step, (high - low) / 131068. In JSON they are little-endian, in base 64.
package struct Steps16: Sendable, Encodable {
  let numbers: [UInt16]

  init(_ values: some Collection<Float>, low: Float, high: Float) {
    // Differences of Doubles: a range of Floats may be wider than a Float.
    let scale = high > low ? 65534 / (Double(high) - Double(low)) : 0
    numbers = values.map { value in
      value.isFinite ? UInt16(min(65534, max(0, ((Double(value) - Double(low)) * scale).rounded()))) : 65535
    }
  }

  package func encode(to encoder: any Encoder) throws {
    let bytes = numbers.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    var container = encoder.singleValueContainer()
    try container.encode(base64(bytes))
  }
}
