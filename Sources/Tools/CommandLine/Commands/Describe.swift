import CommandKit
import Console
import Sequences
import Storage
import Support
import Tables
import TaskKit
import Transcription

extension Command {
  /// `recurrent describe`
  static func describe(_ tasks: TaskRegistry) -> Command {
    Command("describe", "Says what a file of data or a model holds, and how to train on it.") { declaration(of: &$0, tasks) }
  }

  private static func declaration(of declare: inout Declaration, _ tasks: TaskRegistry) -> Action {
    let file = declare.argument(
      "FILE",
      "a table as CSV, TSV or JSON lines; a .ts file; sequences with symbols; words and their tags; pairs of texts; a text; a model, or a run"
    )
    let time = declare.text("--time", "COLUMN", "the column that says when a row is; none to take the rows as steps")
    let group = declare.text("--group", "COLUMN", "the column that says which series a row belongs to; none for a single series")
    let dates = TableKeys.dates(&declare, otherwise: "seen from the file if not given")
    let zone = TableKeys.timeZone(&declare)
    let header = TableKeys.header(&declare)
    let dialect = TableKeys.dialect(&declare)
    let all = declare.flag("--all", "list all columns, however many there are")
    let diagram = declare.flag("--diagram", "print what each layer of a model reads, as a flow chart in Mermaid's language")
    let json = declare.flag("--json", "print what was found as JSON")
    declare.example("describe sales.csv", "lists columns, gaps and series, and says how to forecast them")
    return { invocation in
      let path = invocation[file]
      // Whoever says how a table is written means one.
      let isPlain = dialect.given(invocation).isEmpty && invocation[header] == nil
      let lines: [String]
      if invocation[diagram], !ModelDescription.isModel(path) {
        throw RecurrentError(.usage, "--diagram is for models, and \(path) is none: leave it out")
      }
      if ModelDescription.isModel(path) {
        let model = try ModelDescription(contentsOf: path, tasks)
        if invocation[diagram] { return try invocation.terminal.write(model.diagram) }
        if invocation[json] { return try invocation.terminal.print(Storage.json(model)) }
        lines = model.lines(path, on: invocation.terminal.output)
      } else if path.hasSuffix(".ts") {
        let sequences = try LabelledSequences(contentsOf: path)
        if invocation[json] { return try invocation.terminal.print(Storage.json(DataReport(sequences))) }
        lines = sequences.lines(path)
      } else if try Transcripts.isLikely(path) {
        let transcripts = try Transcripts(describing: path)
        if invocation[json] { return try invocation.terminal.print(Storage.json(DataReport(transcripts))) }
        lines = transcripts.lines
      } else if try TaggedSentences.isLikely(path) {
        let sentences = try TaggedSentences(contentsOf: path)
        if invocation[json] { return try invocation.terminal.print(Storage.json(DataReport(sentences))) }
        lines = sentences.lines(path)
      } else if try isPlain && invocation[time] == nil && invocation[group] == nil && TextPairs.isLikely(path) {
        let pairs = try TextPairs(describing: path)
        if invocation[json] { return try invocation.terminal.print(Storage.json(DataReport(pairs))) }
        lines = pairs.lines
      } else if try isPlain && PlainText.isLikely(path) {
        let text = try PlainText(contentsOf: path)
        if invocation[json] { return try invocation.terminal.print(Storage.json(DataReport(text, path))) }
        lines = text.lines(path)
      } else {
        let file = TableFile(path, hasHeader: invocation[header]?.isYes, dialect: try dialect.value(invocation))
        let times = TimeRequest(format: invocation[dates], zone: invocation[zone])
        let description = try TableDescription(
          TableSummary(ofLabelled: file, times: times), asked: file, time: invocation[time].map(ColumnChoice.init(word:)),
          group: invocation[group].map(ColumnChoice.init(word:)))
        if invocation[json] { return try invocation.terminal.print(Storage.json(description.report)) }
        lines = description.lines(on: invocation.terminal.output, all: invocation[all])
      }
      for line in lines { try invocation.terminal.print(line) }
    }
  }
}

/// The values of an option that answers a question.
enum Answer: String, CaseIterable, Sendable {
  case yes, no

  var isYes: Bool { self == .yes }
}

extension LabelledSequences {
  fileprivate func lines(_ path: String) -> [String] {
    let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    let steps = shortest == longest ? "\(longest)" : "\(shortest) to \(longest)"
    let missing = sequences.reduce(0) { $0 + $1.values.count(where: \.isNaN) }
    var lines = ["\(path): \(sequences.count.grouped) sequences of \(steps) steps, \(dimensions) numbers a step"]
    if missing > 0 { lines.append("\(missing.grouped) numbers are missing") }
    guard !labels.isEmpty else { return lines + ["no labels"] }
    let counts = labels.indices.map { label in sequences.count { $0.label == label } }
    lines.append("\(labels.count) labels: " + zip(labels, counts).map { "\($0) (\($1.grouped))" }.joined(separator: ", "))
    return lines + ["", "to find labels: recurrent train classify \(shellWord(path))"]
  }
}

extension PlainText {
  /// The command that trains on the text.
  func command(_ path: String) -> String { "recurrent train text \(shellWord(path))" }

  fileprivate func lines(_ path: String) -> [String] {
    [
      "\(path): a text of \(characters.grouped) characters, \(differentCharacters.grouped) different ones, in \(words.grouped) words and "
        + "\(lines.grouped) lines",
      "", "to learn to write like it: \(command(path))",
    ]
  }
}

extension TaggedSentences {
  /// The command that trains on the sentences.
  var command: String { "recurrent train tag \(shellWord(source))" }

  fileprivate func lines(_ path: String) -> [String] {
    let words = sentences.joined()
    var counts: [String: Int] = [:]
    for word in words { counts[word.tag, default: 0] += 1 }
    let tags = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let longest = sentences.map(\.count).max() ?? 0
    return [
      "\(path): \(sentences.count.grouped) sentences of up to \(longest.grouped) words, \(words.count.grouped) words, "
        + "\(Set(words.map(\.text)).count.grouped) different ones",
      "\(tags.count) tags: " + tags.prefix(30).map { "\($0.key) (\($0.value.grouped))" }.joined(separator: ", ")
        + (tags.count > 30 ? " and \(tags.count - 30) more" : ""),
      "", "to tag: \(command)",
    ]
  }
}
