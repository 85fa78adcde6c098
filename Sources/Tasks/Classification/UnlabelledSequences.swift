import Support
import Tables
import TaskKit

/// Sequences without their labels, read one by one: from a table or a `.ts` file of the same form as the training's, or, if they
/// are texts, from a file with one on each line. An empty line is one that is empty.
final class UnlabelledSequences {
  /// A sequence with its name.
  struct Sequence {
    /// The line in which it begins.
    let line: Int
    /// The name of its group; nil if there is none.
    let name: String?
    let content: SequenceReader.Content

    var isEmpty: Bool {
      switch content {
      case .text(let text): text.isEmpty
      case .numbers(let numbers): numbers.isEmpty
      }
    }

    /// The text, the name of its group, or its line.
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
  private let classifier: Classifier
  private let file: TableFile

  /// - Parameters:
  ///   - classifier: the one whose form the sequences have.
  ///   - file: the file.
  ///   - missing: what is done about missing numbers; nil for what was done in training.
  init(_ classifier: Classifier, _ file: TableFile, missing: MissingPolicy? = nil) throws {
    (self.classifier, self.file) = (classifier, file)
    if missing != nil, classifier.description.form.width == nil {
      throw RecurrentError(.usage, naming: "\(Setting("missing")) is for numbers, and the model reads texts: leave it out")
    }
    input =
      classifier.description.form.width != nil || Self.isTable(file.path)
      ? .table(try classifier.reader(file, missing: missing, labels: false))
      : .lines(try PlainLines(path: file.path))
  }

  /// What has been done about missing numbers so far, in sentences.
  var repairs: [String] { if case .table(let reader) = input { reader.repairs } else { [] } }

  /// The next sequences, at most `count`: fewer at the end, and none after it.
  func next(upTo count: Int) throws -> [Sequence] {
    switch input {
    case .table(let reader):
      try reader.next(upTo: count).map { Sequence(line: $0.line, name: $0.name, content: $0.content) }
    case .lines(let lines):
      try lines.next(upTo: count).map { Sequence(line: $0.line, name: nil, content: .text($0.text)) }
    }
  }

  /// The labels that the file has for the sequence that begins in a line; nil if it has none, or was standard input.
  func labels(ofSequenceIn line: Int) -> [String]? {
    guard case .table = input, file.path != InspectionRequest.standardInput,
      let reader = try? classifier.reader(file, labels: true)
    else { return nil }
    while let sequence = try? reader.next() {
      if sequence.line == line { return sequence.labels }
    }
    return nil
  }

  /// Whether texts are in a column of a table; otherwise each line is one.
  private static func isTable(_ path: String) -> Bool {
    [".csv", ".tsv", ".jsonl", ".ndjson", ".json"].contains { path.lowercased().hasSuffix($0) }
  }
}
