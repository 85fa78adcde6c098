import Classification
import CommandKit
import Engine
import Models
import Networks
import Storage
import Tables
import Tagging

extension Command {
  /// `recurrent predict`
  static let predict = Command("predict", "Says which labels the sequences of a file have, or which tags the words of sentences.")
  { declare in
    let model = declare.argument("MODEL", "a model file, or the folder of a run")
    let file = declare.optionalArgument(
      "FILE",
      "sequences in the form of the training's, or sentences; without one, they come from standard input, one after another")
    let keys = PredictionKeys(&declare)
    let threads = declare.integer("--threads", in: 1...1024, "threads; one for each processor if not given")
    declare.example("predict runs/reviews-lstm new.csv --format csv", "writes a label and all probabilities for each row")
    declare.example("echo \"Nakamura\" | recurrent predict runs/names-lstm --top 3", "a text a line, a label a line")
    declare.example("predict runs/words-lstm letters.txt", "a sentence a line; a word and its tag a line")
    return { invocation in
      let path = ModelPath.file(at: invocation[model])
      let network = try openModel(path) { try Network(contentsOf: $0) }
      let machine = try Machine(threads: invocation[threads])
      switch try ModelKind(of: network, path: path) {
      case .tags: try keys.predict(Tagger(network, path: path), invocation[file], machine: machine, invocation)
      case .labels: try keys.predict(Classifier(network, path: path), invocation[file], machine: machine, invocation)
      case .language where (try? languageModel(network, path)) == nil:
        throw Failure("\(path) finds no labels and tags no words: `recurrent run` runs it over arrays")
      case .language:
        throw Failure("\(path) is a language model, which gives no labels: `recurrent generate` writes as it would go on")
      case .forecast: throw Failure("\(path) foretells series: `recurrent forecast` writes what comes")
      }
    }
  }
}

/// As `--format` has it.
enum PredictionFormat: String, CaseIterable, Sendable {
  case text, csv, json
}

/// The options of `recurrent predict`.
struct PredictionKeys: Sendable {
  private let format: Key<PredictionFormat>
  private let top: Key<Int>
  private let header: Key<Answer?>
  private let missing: Key<MissingPolicy?>
  private let words: Key<Bool>

  init(_ declare: inout Declaration) {
    format = declare.choice(
      "--format", default: PredictionFormat.text, "how labels and tags are written; json: an object a line")
    top = declare.integer("--top", in: 1...65_536, default: 1, "labels that the format text shows, the most probable ones")
    header = TableKeys.header(&declare)
    missing = declare.choice("--missing", of: MissingPolicy.self, "what to do about missing numbers (default: as in training)")
    words = declare.flag(
      "--words", "each line is a word, with an empty line between sentences; seen from a FILE of words with tags if not given")
  }

  func predict(_ tagger: Tagger, _ file: String?, machine: Machine, _ invocation: Invocation) throws {
    try refuse([top.name, header.name, missing.name], "finds labels", "tags words", invocation)
    if file == nil { invocation.terminal.say("reading from standard input") }
    let path = file ?? "-"
    let hasWordPerLine = try invocation[words] || path != "-" && TaggedSentences.isLikely(path)
    try TagWriter(tagger, format: invocation[format], machine: machine, invocation.terminal).write(
      SentenceReader(path: path, hasWordPerLine: hasWordPerLine), by: path == "-" ? 1 : 64)
  }

  private func refuse(_ names: [String], _ others: String, _ own: String, _ invocation: Invocation) throws(UsageError) {
    if let name = names.first(where: { invocation.values[$0] != nil }) {
      throw UsageError("\(name) is for a model that \(others), and this one \(own): leave it out")
    }
  }

  func predict(_ classifier: Classifier, _ file: String?, machine: Machine, _ invocation: Invocation) throws {
    try refuse([words.name], "tags words", "finds labels", invocation)
    let writer = LabelWriter(classifier, format: invocation[format], top: invocation[top], invocation.terminal)
    let runner = ClassifierRunner(classifier, machine: machine)
    let path = file ?? "-"
    // From a pipe each sequence is answered before the next is waited for.
    let count = path == "-" ? 1 : ClassifierRunner.customaryCount
    if path == "-" { invocation.terminal.say("reading from standard input") }
    try writer.writeHeader()
    let reader = try UnlabelledSequences(classifier, path, header: invocation[header]?.isYes, missing: invocation[missing])
    while true {
      let sequences = try reader.next(upTo: count)
      if sequences.isEmpty {
        for repair in reader.repairs { invocation.terminal.say(repair) }
        return
      }
      for (sequence, probabilities) in zip(sequences, try runner.probabilities(sequences.map(\.content))) {
        try writer.write(line: sequence.line, name: sequence.shown, probabilities)
      }
    }
  }
}
