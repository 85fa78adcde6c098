import Console
import Engine
package import Inspector
import Models
package import Networks
import Sequences
import Storage
import Support
import Tables
package import TaskKit

extension TagTask {
  /// Whether a network's description says that its outputs are tags.
  package static func owns(_ network: Network) -> Bool { TagDescription.describes(network) }

  /// How sentences are read, and how their tags are written.
  package struct PredictionSettings: EmptySettings {
    package var format: PredictionFormat?
    package var hasWordPerLine: Bool?

    package init() {}
  }

  package static let predictionFields: [SettingField<PredictionSettings>] = [
    .choice("format", \.format, default: .text, "how labels and tags are written; json: an object a line"),
    .flag(
      "words", \.hasWordPerLine,
      "each line is a word, with an empty line between sentences; seen from a FILE of words with tags if not given"),
  ]

  package static let comparedMeasures = ["accuracy", "macro_f1"]

  package static func evaluate(_ model: OpenedModel, on file: String, _ settings: NoSettings) throws {
    let tagger = try Tagger(model.network, path: model.path)
    let sentences = try TaggedSentences(contentsOf: file)
    var line = ProgressLine(total: sentences.sentences.reduce(0) { $0 + $1.count }, things: "words", on: model.terminal)
    defer { line.clear() }
    let runner = NetworkRunner(tagger.network, machine: model.machine, trains: false)
    let report = TaggingReport(scores: try TaggingScores(tagger, sentences, by: runner) { line.update($0) })
    line.clear()
    if model.isJSON { return try model.terminal.print(json(report.report)) }
    for line in report.lines(on: model.terminal.output) { try model.terminal.print(line) }
  }

  package static func predict(_ model: OpenedModel, on file: String?, _ settings: PredictionSettings) throws {
    let tagger = try Tagger(model.network, path: model.path)
    if file == nil { model.terminal.say("reading from standard input") }
    let path = file ?? InspectionRequest.standardInput
    let isPipe = path == InspectionRequest.standardInput
    let hasWordPerLine = try settings.hasWordPerLine == true || !isPipe && TaggedSentences.isLikely(path)
    // From a pipe each sentence is answered before the next one is read.
    try TagWriter(tagger, format: settings.format ?? .text, machine: model.machine, model.terminal)
      .write(SentenceReader(path: path, hasWordPerLine: hasWordPerLine), by: isPipe ? 1 : 64)
  }

  package static func inspected(
    _ model: OpenedModel, _ request: InspectionRequest
  ) throws -> (steps: InspectedInput, meaning: OutputMeaning) {
    let tagger = try Tagger(model.network, path: model.path)
    if let setting = request.tableSetting {
      throw RecurrentError(
        .usage, naming: "\(setting) is for tables, and \(model.path) reads none: leave it out")
    }
    let words: [String]
    if let text = request.text {
      words = text.split(whereSeparator: \.isWhitespace).map(String.init)
      if words.isEmpty { throw RecurrentError(.usage, "the text is empty; give the model something to read") }
    } else {
      let path = request.fileOrStandardInput(model.terminal)
      let hasWordPerLine = try path != InspectionRequest.standardInput && TaggedSentences.isLikely(path)
      let reader = try SentenceReader(path: path, hasWordPerLine: hasWordPerLine)
      words = try request.chosen("sentence") {
        while let sentence = try reader.next(upTo: 1).first {
          if !sentence.isEmpty { return (nil, sentence) }
        }
        return nil
      }
    }
    return (InspectedInput(.words(words, tagger.reader)), .labels(tagger.description.tags))
  }
}
