import Classification
import CommandKit
import Engine
import Forecasting
import LanguageModels
import Models
import Networks
import Sequences
import Storage
import Support
import Tables
import Tagging

extension Command {
  /// `recurrent evaluate`
  static let evaluate = Command(
    "evaluate", "Measures how well a model foretells a text or the series of a table, finds labels, or tags words."
  ) { declare in
    let model = declare.argument("MODEL", "a model file, or the folder of a run")
    let file = declare.argument(
      "FILE",
      "what the model is to foretell, to find labels of or to tag: a text in UTF-8, a table, sequences, or words with their tags")
    let forecasts = ForecastEvaluationKeys(&declare)
    let threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
    let json = declare.flag("--json", "print the result as JSON")
    declare.example("evaluate runs/book-lstm other-book.txt", "says how much another book surprises the model")
    declare.example(
      "evaluate runs/sales-lstm sales.csv --last 28", "forecasts from each of the last 28 days, beside naive forecasts")
    declare.example("evaluate runs/names-lstm names-test.tsv", "says which labels are found, and what is taken for what")
    declare.example("evaluate runs/words-lstm test.tsv", "says how many words have the right tag, and how well each tag is found")
    declare.example("evaluate runs/readings-lstm readings.csv --surprise", "finds readings that are out of the ordinary")
    return { invocation in
      let machine = try Machine(threads: invocation[threads])
      let path = ModelPath.file(at: invocation[model])
      let network = try openModel(path) { try Network(contentsOf: $0) }
      switch try ModelKind(of: network, path: path) {
      case .language: try forecasts.refuse(invocation, "a language model")
      case .tags:
        try forecasts.refuse(invocation, "one that tags words")
        return try evaluate(
          Tagger(network, path: path), invocation[file], machine: machine, json: invocation[json], invocation.terminal)
      case .forecast:
        return try forecasts.evaluate(
          Forecaster(network, path: path), invocation[file], machine: machine, json: invocation[json], invocation)
      case .labels:
        try forecasts.refuse(
          invocation, "one that finds labels", except: [forecasts.header.name, forecasts.missing.name])
        return try evaluate(
          Classifier(network, path: path), invocation[file], header: invocation[forecasts.header]?.isYes,
          missing: invocation[forecasts.missing], machine: machine, json: invocation[json], invocation.terminal)
      }
      let vocabulary = try languageModel(network, invocation[model])
      let text = try TokenizedText(contentsOf: invocation[file], in: vocabulary)
      let source = try TextSource(evaluating: text.tokens)
      let loss = evaluate(source, NetworkRunner(network, machine: machine, trains: false), invocation.terminal)
      if invocation[json] {
        try invocation.terminal.print(Storage.json(Result(tokens: loss.count, nats: loss.mean)))
      } else {
        try invocation.terminal.print(
          "\(lossText(loss.mean, network.architecture)); mean over \(loss.count.grouped) \(vocabulary.kind.rawValue)")
      }
    }
  }

  private static func evaluate(
    _ tagger: Tagger, _ file: String, machine: Machine, json: Bool, _ terminal: Terminal
  ) throws {
    let sentences = try TaggedSentences(contentsOf: file)
    var line = ProgressLine(total: sentences.sentences.reduce(0) { $0 + $1.count }, things: "words", on: terminal)
    defer { line.clear() }
    let runner = NetworkRunner(tagger.network, machine: machine, trains: false)
    let report = TaggingReport(scores: try TaggingScores(tagger, sentences, by: runner) { line.update($0) })
    line.clear()
    if json { return try terminal.print(Storage.json(report.report)) }
    for line in report.lines(on: terminal.output) { try terminal.print(line) }
  }

  private static func evaluate(_ source: TextSource, _ runner: NetworkRunner, _ terminal: Terminal) -> Loss {
    let batches = source.iterationsPerEpoch ?? 0
    var line = ProgressLine(total: batches * source.stepsPerBatch, things: "tokens", on: terminal)
    var total = Loss()
    for index in 0..<batches {
      let batch = source.batch(at: index)
      total += runner.run(
        batch.inputs, lengths: batch.lengths, targets: batch.targets, carriesStates: source.continues(at: index))
      line.update((index + 1) * source.stepsPerBatch)
    }
    line.clear()
    return total
  }

  private static func evaluate(
    _ classifier: Classifier, _ file: String, header: Bool?, missing: MissingPolicy?, machine: Machine, json: Bool,
    _ terminal: Terminal
  ) throws {
    let (scores, repairs) = try classifier.scores(file, header: header, missing: missing, machine: machine)
    for repair in repairs { terminal.say("- \(repair)") }
    let report = ClassificationReport(scores, description: classifier.description)
    if json { return try terminal.print(Storage.json(report.report)) }
    for line in report.lines(on: terminal.output) { try terminal.print(line) }
  }

  private struct Result: Encodable {
    let tokens: Int
    let nats: Double
  }
}
