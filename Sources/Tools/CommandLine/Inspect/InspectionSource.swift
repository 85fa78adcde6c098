import Classification
import CommandKit
import Forecasting
import Inspector
import Networks
import Sequences
import Tables
import Tagging

/// Where a model reads from when it is inspected: one sequence, read in the way of the command that uses such models.
struct InspectionSource {
  /// What somebody wrote on the command line.
  let text: String?
  /// A file; nil for standard input where a text is read.
  let file: String?
  /// Which sequence of it: its name, or its number, counted from 1.
  let sequence: String?
  let header: Bool?
  let terminal: Terminal

  /// What a model reads, and what it then gives.
  typealias Input = (steps: InspectedInput, meaning: OutputMeaning)

  /// - Parameter path: of the model.
  func input(of network: Network, _ path: String) throws -> Input {
    let kind = try ModelKind(of: network, path: path)
    switch kind {
    case .language, .tags: if header != nil { throw RecurrentError(.usage, "--header is for tables, and \(path) reads none: leave it out") }
    case .labels, .forecast:
      if header != nil, text != nil { throw RecurrentError(.usage, "--header is for tables: leave it out with --text") }
    }
    switch kind {
    case .language: return (try plainInput(of: network, path), .plain)
    case .labels: return try input(of: Classifier(network, path: path))
    case .tags: return try input(of: Tagger(network, path: path), path)
    case .forecast: return try input(of: Forecaster(network, path: path), path)
    }
  }

  // MARK: Labels

  private func input(of classifier: Classifier) throws -> Input {
    let form = classifier.description.form
    let content: SequenceReader.Content
    if let text {
      guard form.width == nil else { throw RecurrentError(.usage, "the model reads numbers, which --text can't give: name a FILE") }
      content = .text(text)
    } else {
      let reader = try UnlabelledSequences(classifier, fileOrStandardInput, header: header)
      content = try chosen("sequence") { try reader.next(upTo: 1).first.map { ($0.name, $0.content) } }
    }
    let steps: InspectedInput
    switch (try classifier.inputs(content), content, classifier.network.architecture.input) {
    case (.tokens(let tokens), _, .tokens(let vocabulary, _)): steps = InspectedInput(.tokens(tokens, vocabulary))
    case (.features(let values), .numbers(let numbers), _):
      let names = form.stepNames
      let columns = names.enumerated().map { place, name in
        column(name, stride(from: place, to: numbers.count, by: names.count).map { Double(numbers[$0]) })
      }
      steps = InspectedInput(.features(columns), read: .features(values))
    default: throw RecurrentError(.unsuitable, "the model reads something that can't be shown step by step")
    }
    return (steps, .labels(classifier.description.labels))
  }

  // MARK: Tags

  private func input(of tagger: Tagger, _ path: String) throws -> Input {
    let words: [String]
    if let text {
      words = text.split(whereSeparator: \.isWhitespace).map(String.init)
      if words.isEmpty { throw RecurrentError(.usage, "the text is empty; give the model something to read") }
    } else {
      let path = fileOrStandardInput
      let hasWordPerLine = try path != Self.standardInput && TaggedSentences.isLikely(path)
      let reader = try SentenceReader(path: path, hasWordPerLine: hasWordPerLine)
      words = try chosen("sentence") { try reader.next(upTo: 1).first.map { (nil, $0) } }
    }
    return (InspectedInput(.words(words, tagger.reader)), .labels(tagger.description.tags))
  }

  // MARK: Forecasts

  private func input(of forecaster: Forecaster, _ path: String) throws -> Input {
    guard text == nil, let file else { throw RecurrentError(.usage, "\(path) foretells series: name a FILE, the table that has them") }
    let table = try forecaster.read(file, header: header)
    for repair in table.repairs { terminal.say("- \(repair)") }
    var rest = table.series[...]
    let series = try chosen("series") { rest.popFirst().map { ($0.name, $0) } }
    if let unknown = forecaster.names.sentence(about: [series.name]) { terminal.say("- \(unknown)") }
    let reading = ForecastReading(forecaster, series, step: table.step)
    guard reading.count > 0 else {
      throw RecurrentError(.unsuitable, 
        "\(file) has too few steps to foretell one from those before: the model needs "
          + "\(forecaster.description.warmup(of: series.name))")
    }
    let targets = table.roles.isWide ? [series.name] : forecaster.description.roles.targetNames
    let columns =
      targets.enumerated().map { column("\($1) before", reading.valuesBefore(ofTarget: $0)) }
      + forecaster.description.roles.known.enumerated().map { column($1, reading.known($0)) }
    // Of many targets the curves would hide all else.
    let came = targets.count > 8 ? [] : targets.enumerated().map { column($1, reading.values(ofTarget: $0)) }
    let steps = InspectedInput(
      .features(columns), read: reading.inputs, names: reading.times?.map { "\($0)" }, labels: came)
    return (
      steps,
      .columns { outputs in
        let (expected, surprises) = reading.foretold(outputs)
        return (zip(targets, expected).map { column("\($0) foretold", $1) }, surprises.map { $0.map(Float.init) })
      }
    )
  }

  // MARK: Symbols and numbers

  private func plainInput(of network: Network, _ model: String) throws -> InspectedInput {
    if sequence != nil {
      throw RecurrentError(.usage, "--sequence is for files of several sequences, and \(model) reads a file as one: leave it out")
    }
    switch network.architecture.input {
    case .tokens(let vocabulary, _): return InspectedInput(.tokens(try tokens(vocabulary, model), vocabulary))
    case .words, .namedFeatures: throw RecurrentError(.unsuitable, "\(model) reads words or names, but does not say what it makes of them")
    case .features(let count):
      guard let file, text == nil else {
        throw RecurrentError(.usage, "\(model) reads numbers, \(count) a step: name a FILE that has them, as CSV or safetensors")
      }
      return InspectedInput(.features(try features(count, file, model)))
    }
  }

  private func tokens(_ vocabulary: Vocabulary, _ model: String) throws -> [Int32] {
    let tokens: [Int32]
    switch (text, file) {
    case (let text?, nil): tokens = try vocabulary.encode(text)
    case (nil, let file?):
      let all = try TokenizedText(contentsOf: file, in: vocabulary).tokens
      tokens = (0..<all.count).map { all[$0] }
    default: throw RecurrentError(.usage, "give either --text TEXT or a FILE: what \(model) is to read")
    }
    if tokens.isEmpty { throw RecurrentError(.usage, "the text is empty; give the model something to read") }
    let unknown = vocabulary.kind == .words ? tokens.count { $0 == 0 } : 0
    if unknown > 0 {
      terminal.say(
        "\(unknown == 1 ? "1 word is" : "\(unknown) words are") not in the model's vocabulary; it reads \(Vocabulary.unknown) instead"
      )
    }
    return tokens
  }

  private func features(_ count: Int, _ file: String, _ model: String) throws -> [InspectedInput.Column] {
    let columns: [InspectedInput.Column]
    if file.hasSuffix(".safetensors") {
      columns = try InspectedInput.Column.ofTensor(in: file)
    } else {
      columns = try NumberTable(contentsOf: file).columns.map { .init($0) }
    }
    guard columns.count == count else {
      throw RecurrentError(.unsuitable, "\(file) has \(columns.count) numbers a row, and \(model) reads \(count)")
    }
    if let gap = columns.first(where: { $0.values.contains(nil) }), let row = gap.values.firstIndex(of: nil) {
      throw RecurrentError(.unsuitable, "\(file) has no number in the column \(gap.name) at step \(row)")
    }
    return columns
  }

  // MARK: Which sequence

  private static let standardInput = "-"

  private var fileOrStandardInput: String {
    if file == nil { terminal.say("reading from standard input") }
    return file ?? Self.standardInput
  }

  /// The sequence that is asked for, or the first: by its name, or else by its number.
  ///
  /// - Parameter next: the next one; nil at the end.
  private func chosen<Content>(_ kind: String, _ next: () throws -> (name: String?, content: Content)?) throws -> Content {
    let number = sequence.map { wholeNumber($0, in: 1...Int.max) } ?? 1
    var numbered: Content?
    var count = 0
    while let (name, content) = try next() {
      count += 1
      if let name, name == sequence { return content }
      if count == number { numbered = content }
      // Where there are no names, nothing further on can be meant.
      if numbered != nil, name == nil || sequence == nil { break }
    }
    if let numbered { return numbered }
    let source = file ?? "standard input"
    guard count > 0, let sequence else { throw RecurrentError(.unsuitable, "\(source) has no \(kind) to read") }
    throw RecurrentError(.unsuitable, 
      "\(source) has no \(kind) \(sequence.debugDescription): --sequence takes a number from 1 to \(count), or a name where there are names"
    )
  }
}

/// A column, with nothing where a number is missing.
private func column(_ name: String, _ values: [Double]) -> InspectedInput.Column {
  InspectedInput.Column(name: name, values: values.map { $0.isNaN ? nil : Float($0) })
}
