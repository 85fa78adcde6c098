import Engine
package import Networks
package import Sequences

/// What a network is inspected on: one sequence, with what people know of its steps.
package struct InspectedInput: Sendable {
  /// What is known of the steps: symbols or columns of numbers, and the rows that a network reads of them.
  package struct Steps: Sendable {
    /// What each step reads, as text; nil of numbers.
    package let symbols: [String]?
    /// The symbols of a vocabulary of which a model may have been trained to give the next one; nil of others.
    let tokens: [Int32]?
    /// Whether symbols stand apart, as words do.
    package let areWords: Bool
    /// Columns of numbers, all equally long; none of symbols.
    package let columns: [Column]
    /// The number of steps.
    let count: Int
    /// What a network reads of some of the steps.
    let rows: @Sendable (Range<Int>) -> Batch.Inputs

    /// Symbols of the network's vocabulary.
    package static func tokens(_ tokens: [Int32], _ vocabulary: Vocabulary) -> Steps {
      Steps(
        symbols: tokens.map { vocabulary.text(of: $0) }, tokens: tokens, areWords: vocabulary.kind == .words, columns: [],
        count: tokens.count
      ) { .tokens(Array(tokens[$0])) }
    }

    /// Columns of numbers, one for each of the network's features.
    package static func features(_ columns: [Column]) -> Steps {
      Steps(symbols: nil, tokens: nil, areWords: false, columns: columns, count: columns.first?.values.count ?? 0) { range in
        .features(range.flatMap { step in columns.map { $0.values[step] ?? .nan } })
      }
    }

    /// The words of a sentence.
    package static func words(_ words: [String], _ reader: WordReader) -> Steps {
      Steps(symbols: words, tokens: nil, areWords: true, columns: [], count: words.count) {
        reader.inputs([Array(words[$0])]).inputs
      }
    }
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
  /// What each step of the source is, after which the network begins; nil where there is none, or it is numbers.
  package var source: [String]?
  /// The symbol that should come after the last step, where that is known.
  package var following: Int32?
  /// What units are compared with.
  package var labels: [Column]

  package init(_ steps: Steps, read: Batch.Inputs? = nil, names: [String]? = nil, labels: [Column] = []) {
    self.steps = steps
    self.read = read
    self.names = names
    self.labels = labels
  }

  /// The number of steps.
  package var count: Int { steps.count }

  /// What the steps read, as text.
  package var texts: [String] { steps.symbols ?? names ?? (0..<count).map { "\($0)" } }

  /// What each step of the source is called, if there is one: its number if it has no name.
  var sourceNames: [String]? {
    read?.source.map { found in
      let count = found.lengths.rows
      return source.flatMap { $0.count == count ? $0 : nil } ?? (0..<count).map { "\($0)" }
    }
  }

  /// Some of the steps as a runner takes them.
  func inputs(_ range: Range<Int>) -> Batch.Inputs { read?.taking(Array(range), of: count) ?? steps.rows(range) }
}

extension Vocabulary {
  /// A symbol as text; a byte that is no character of its own as its two digits.
  func text(of token: Int32) -> String {
    guard kind == .bytes else { return symbols[Int(token)] }
    return (32..<127).contains(token) || token == 10 || token == 9
      ? String(decoding: [UInt8(token)], as: UTF8.self) : "‹\(symbols[Int(token)])›"
  }
}
