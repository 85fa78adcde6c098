import Support
import Tables

/// Sequences without their labels, one by one as they come: from a table or a `.ts` file of the same form as the training's, or, if they are
/// texts, from a file whose lines they are.
final class UnlabelledSequences {
  /// A sequence, and what it is called.
  struct Sequence {
    /// The line in which it begins.
    let line: Int
    /// What its group is called; nil where there is none.
    let name: String?
    let content: SequenceReader.Content

    /// The text, what its group is called, or where it stands.
    var shown: String {
      if case .text(let text) = content { return text }
      return name ?? "line \(line)"
    }
  }

  private enum Input {
    case table(SequenceReader)
    case lines(PlainLines)
  }

  private let input: Input

  /// - Parameters:
  ///   - classifier: whose form they have.
  ///   - path: of the file, `-` for standard input.
  ///   - missing: what is done about missing numbers; nil for what was done in training.
  init(_ classifier: Classifier, _ path: String, header: Bool?, missing: MissingPolicy? = nil) throws {
    if missing != nil, classifier.description.form.width == nil {
      throw RecurrentError(.usage, naming: "\(Setting("missing")) is for numbers, and the model reads texts: leave it out")
    }
    input =
      classifier.description.form.width != nil || Self.isTable(path)
      ? .table(try classifier.reader(path, header: header, missing: missing, labels: false))
      : .lines(try PlainLines(path: path))
  }

  /// What was put in for missing numbers so far, in sentences.
  var repairs: [String] { if case .table(let reader) = input { reader.repairs } else { [] } }

  /// So many sequences, fewer at the end.
  func next(upTo count: Int) throws -> [Sequence] {
    switch input {
    case .table(let reader):
      try reader.next(upTo: count).map { Sequence(line: $0.line, name: $0.name, content: $0.content) }
    case .lines(let lines):
      try lines.next(upTo: count).map { Sequence(line: $0.line, name: nil, content: .text($0.text)) }
    }
  }

  /// Whether texts stand in the columns of a table; otherwise each line is one.
  private static func isTable(_ path: String) -> Bool {
    [".csv", ".tsv", ".jsonl", ".ndjson", ".json"].contains { path.lowercased().hasSuffix($0) }
  }
}
