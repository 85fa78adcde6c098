package import Networks
package import Sequences

/// What a network is inspected on: one sequence, with what people know of its steps.
package struct InspectedInput: Sendable {
  package enum Steps: Sendable {
    /// Symbols of the network's vocabulary.
    case tokens([Int32], Vocabulary)
    /// Columns of numbers, all equally long: one for each of the network's features, unless ``InspectedInput/read`` says what it
    /// reads.
    case features([Column])
    /// The words of a sentence.
    case words([String], WordReader)
  }

  package struct Column: Sendable, Hashable {
    package let name: String
    /// One a step; nil where nothing is known.
    package let values: [Float?]

    package init(name: String, values: [Float?]) {
      self.name = name
      self.values = values
    }
  }

  package let steps: Steps
  /// What a network of features reads, a row a step, where that is made from the columns; nil where it is their numbers.
  package let read: Batch.Inputs?
  /// What steps of numbers are called, such as their times; nil to count them.
  package let names: [String]?
  /// What units are compared with.
  package var labels: [Column]

  package init(_ steps: Steps, read: Batch.Inputs? = nil, names: [String]? = nil, labels: [Column] = []) {
    self.steps = steps
    self.read = read
    self.names = names
    self.labels = labels
  }

  /// The number of steps.
  package var count: Int {
    switch steps {
    case .tokens(let tokens, _): tokens.count
    case .features(let columns): columns.first?.values.count ?? 0
    case .words(let words, _): words.count
    }
  }

  /// What the steps read, as text.
  package var texts: [String] {
    switch steps {
    case .tokens(let tokens, let vocabulary): tokens.map { vocabulary.text(of: $0) }
    case .features: names ?? (0..<count).map { "\($0)" }
    case .words(let words, _): words
    }
  }

  /// Some of the steps as a runner takes them.
  func inputs(_ range: Range<Int>) -> Batch.Inputs {
    switch steps {
    case .tokens(let tokens, _): .tokens(Array(tokens[range]))
    case .features(let columns):
      read.map { $0.taking(Array(range), of: count) }
        ?? .features(range.flatMap { step in columns.map { $0.values[step] ?? .nan } })
    case .words(let words, let reader): reader.inputs([Array(words[range])]).inputs
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
