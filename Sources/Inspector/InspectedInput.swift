public import Sequences

/// What a network is inspected on: one sequence, with what people know of its steps.
public struct InspectedInput: Sendable {
  public enum Steps: Sendable {
    /// Symbols of the network's vocabulary.
    case tokens([Int32], Vocabulary)
    /// Columns of numbers, all equally long: one for each of the network's features.
    case features([Column])
  }

  public struct Column: Sendable, Hashable {
    public let name: String
    /// One a step; nil where nothing is known.
    public let values: [Float?]

    public init(name: String, values: [Float?]) {
      self.name = name
      self.values = values
    }
  }

  public let steps: Steps
  /// What units are compared with.
  public var labels: [Column]

  public init(_ steps: Steps, labels: [Column] = []) {
    self.steps = steps
    self.labels = labels
  }

  /// The number of steps.
  public var count: Int {
    switch steps {
    case .tokens(let tokens, _): tokens.count
    case .features(let columns): columns.first?.values.count ?? 0
    }
  }

  /// What the steps read, as text.
  package var texts: [String] {
    switch steps {
    case .tokens(let tokens, let vocabulary): tokens.map { vocabulary.text(of: $0) }
    case .features: (0..<count).map { "\($0)" }
    }
  }

  /// Some of the steps as a runner takes them.
  func inputs(_ range: Range<Int>) -> Batch.Inputs {
    switch steps {
    case .tokens(let tokens, _): .tokens(Array(tokens[range]))
    case .features(let columns): .features(range.flatMap { step in columns.map { $0.values[step] ?? .nan } })
    }
  }
}

extension Vocabulary {
  /// A symbol as text; a byte that is no character of its own as its two digits.
  func text(of token: Int32) -> String {
    guard kind == .bytes else { return symbols[Int(token)] }
    return (32..<127).contains(token) || token == 10 || token == 9
      ? String(decoding: [UInt8(token)], as: UTF8.self) : "‹\(symbols[Int(token)])›"
  }
}
