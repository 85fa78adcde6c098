import Foundation

/// A report's JSON, read by its published form alone.
struct Report: Decodable {
  let version: Int
  let title: String
  let thinned: String?
  let models: [Model]

  init(_ json: [UInt8]) throws { self = try JSONDecoder().decode(Report.self, from: Data(json)) }

  struct Model: Decodable {
    let name: String
    let summary: String
    let steps: Int
    let input: Input
    let labels: [Column]
    let outputs: Outputs?
    let layers: [Layer]
    let source: [String]?
    let source_reach: Quantity?
    let following: String?
  }

  struct Input: Decodable {
    let kind: String
    let tokens: [String]?
    let columns: [Column]?
  }

  struct Column: Decodable {
    let name: String
    let values: [Double?]
  }

  struct Outputs: Decodable {
    let loss: [Double?]
    let top: [[Guess]]?
    let columns: [Column]?
  }

  struct Guess: Decodable {
    let text: String
    let probability: Double

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      text = try container.decode(String.self)
      probability = try container.decode(Double.self)
    }
  }

  struct Layer: Decodable {
    let name: String
    let cell: String
    let units: Int
    let equations: [Equation]
    let quantities: [Quantity]
    let initial: [String: [Double]]
  }

  struct Equation: Decodable {
    let target: String
    let update: Bool
    let text: String
    /// Quantities in braces.
    let template: [String]

    private enum Key: CodingKey { case target, update, text, template }
    private struct Reference: Decodable {
      let quantity: String
      let previous: Bool?
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      target = try container.decode(String.self, forKey: .target)
      update = try container.decode(Bool.self, forKey: .update)
      text = try container.decode(String.self, forKey: .text)
      var pieces = try container.nestedUnkeyedContainer(forKey: .template)
      var template: [String] = []
      while !pieces.isAtEnd {
        if let text = try? pieces.decode(String.self) {
          template.append(text)
        } else {
          let reference = try pieces.decode(Reference.self)
          template.append("{\(reference.quantity)\(reference.previous == true ? " before" : "")}")
        }
      }
      self.template = template
    }
  }

  struct Quantity: Decodable {
    let name: String
    let role: String
    let activation: String?
    let width: Int
    let low: Double
    let high: Double
    let values: Data

    /// The values, `[steps, width]`; NaN for what is not finite.
    var numbers: [Double] {
      stride(from: 0, to: values.count, by: 2).map { place in
        let number = Int(values[place]) + Int(values[place + 1]) << 8
        return number == 65535 ? .nan : low + Double(number) * (high - low) / 65534
      }
    }
  }
}
