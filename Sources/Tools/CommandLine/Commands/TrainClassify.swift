import Classification
import CommandKit
import Engine
import Networks
import Sequences
import Storage
import Support
import Tables
import Tagging
import TaskKit
import Training

/// What of a sequence the label is found by, as `--readout` has it.
enum ReadoutName: String, CaseIterable, Sendable {
  case last, mean, max

  var readout: Architecture.Readout {
    switch self {
    case .last: .last
    case .mean: .mean
    case .max: .max
    }
  }
}

/// What labels count, as `--class-weights` has it.
enum ClassWeights: String, CaseIterable, Sendable {
  case equal, balanced
}

extension TrainingCommand {
  /// `recurrent train classify`
  static let classify = TrainingCommand(
    "classify", "Trains a network that says which labels sequences have.", sample: "reviews.tsv"
  ) { declare in
    let file = declare.optionalArgument("FILE", "texts or sequences of numbers with labels: CSV, TSV, JSON lines or .ts")
    let form = SequenceKeys(&declare)
    let tokens = declare.choice(
      "--tokens", of: Vocabulary.Kind.self, "what texts are cut into (default: words where texts have four or more)")
    let words = declare.integer("--vocabulary", in: 1...65_534, default: 20_000, "words that are known, the most frequent ones")
    let embedding = declare.integer(
      "--embedding", in: 0...65_536,
      "learned numbers that stand for a token (default: as many as units); 0 for a single 1 in a place of its own")
    let readout = declare.choice(
      "--readout", default: ReadoutName.last, "what the label is found by, of the last layer's outputs over time")
    let weights = declare.choice(
      "--class-weights", default: ClassWeights.equal, "what a sequence counts; balanced: all labels the same together")
    let epochs = declare.number(
      "--epochs", in: .positive,
      "how often the sequences are gone through (default: 15, but 1500 to 20000 iterations)")
    let validation = declare.number(
      "--validation", in: .range(0, below: 1), default: 0.1, "share of each label's sequences that is held out")
    let heldOut = declare.text(
      "--validation-file", "FILE", "a file of the same form to validate on, in place of a share that is held out")
    let interval = declare.integer(
      "--validate-every", in: 1...1_000_000_000,
      "iterations from one validation to the next (default: an epoch, or a thirtieth of the iterations if that is more)")
    let directionKeys = DirectionKeys(&declare)
    let keys = TrainingOptionKeys(
      &declare,
      .init(
        units: 64, batch: 32, learningRate: 0.003, clip: 1, patience: 10,
        recurrentDropout:
          "0; \(short(ClassificationData.customaryOfFew.recurrentDropout)) of fewer than \(ClassificationData.customaryOfFew.count) sequences"
      ))
    declare.example("train classify reviews.tsv", "learns labels of texts, a text, a tab and a label a line")
    declare.example("train classify motions.csv --group recording --target activity", "a row a step, several rows a sequence")
    declare.example("train classify digits.csv --cell gru --readout mean", "a row a sequence, its numbers the steps")
    declare.example("train classify mails.jsonl --target topic --class-weights balanced", "rare labels count as much as others")
    let reading: Reading = { invocation in
      guard let file = invocation[file] else {
        throw RecurrentError(.usage, "give the FILE to train on, or --resume FOLDER to go on with a run")
      }
      if invocation[epochs] != nil && invocation[keys.iterations] != nil {
        throw RecurrentError(.usage, "give either --epochs or --iterations, not both")
      }
      if invocation[heldOut] != nil && invocation.values[validation.name] != nil {
        throw RecurrentError(.usage, "give either --validation or --validation-file, not both")
      }
      _ = try keys.layers(invocation, direction: directionKeys.direction(invocation))
      let (form, hasHeader) = try form.form(of: file, invocation)
      let task = TrainingTask.Classification(
        path: FileSystem.absolute(file), heldOut: invocation[heldOut].map { FileSystem.absolute($0) },
        validation: invocation[validation], hasHeader: hasHeader, isBalanced: invocation[weights] == .balanced,
        batch: invocation[keys.batch], seed: UInt64(invocation[keys.seed]))
      if task.isBalanced, form.isMultiple {
        throw RecurrentError(.usage, "--class-weights balanced is for sequences with one label each; these may have several")
      }
      if form.width != nil, let name = [tokens.name, words.name, embedding.name].first(where: { invocation.values[$0] != nil }) {
        throw RecurrentError(.usage, "\(name) is for texts, and \(file) has sequences of numbers: leave it out")
      }
      let (sequences, others) = try files(task, form, shownAs: file, invocation[heldOut], invocation.terminal)
      return { invocation in
        var task = task
        task.seed = UInt64(invocation[keys.seed])
        @Sendable func vector(_ invocation: Invocation) -> Int? {
          vectorLength(invocation[embedding], units: invocation[keys.units])
        }
        let data = try ClassificationData(
          sequences, heldOut: others,
          reading: .init(tokens: invocation[tokens], words: invocation[words], embedding: vector(invocation)), split: .init(task))
        task.digest = data.digest
        if case .tokens(let vocabulary, _) = data.input, vocabulary.kind != .words, invocation.values[words.name] != nil {
          throw RecurrentError(.usage, 
            "\(words.name) is for --tokens words, and texts are read as \(vocabulary.kind.rawValue) here: leave it out")
        }
        for line in data.lines(shownAs: file) { invocation.terminal.say(line) }
        let perEpoch = data.training.iterationsPerEpoch ?? 1
        let asked = try invocation[epochs].map { try TrainingOptionKeys.iterations(ofEpochs: $0, each: perEpoch) }
        let iterations = invocation[keys.iterations] ?? asked ?? max(1500, min(20_000, 15 * perEpoch))
        let options = try keys.options(
          invocation, iterations: iterations,
          validationInterval: invocation[interval] ?? max(1, min(iterations, max(perEpoch, iterations / 30))),
          customary: Regularization(recurrentDropout: data.recurrentDropout ?? 0), hasValidation: data.validation != nil)
        let dropout = keys.regularization.recurrentDropout
        if data.recurrentDropout != nil, invocation.values[dropout.name] == nil, options.regularization.recurrentDropout > 0 {
          invocation.terminal.say(
            "- only \(data.training.count.grouped) sequences to train on, which a network would soon know by heart: some of what its states "
              + "say is dropped (\(dropout.name) \(short(options.regularization.recurrentDropout)))")
        }
        return TrainingPlan(
          task: .classification(task), source: .classification(data),
          name: FileSystem.title(file), options: options, meaning: data.description.text
        ) { invocation in
          var input = data.input
          if case .tokens(let vocabulary, _) = input { input = .tokens(vocabulary, embedding: vector(invocation)) }
          return Architecture(
            input: input, layers: try keys.layers(invocation, direction: directionKeys.direction(invocation)),
            readout: invocation[readout].readout,
            output: form.isMultiple
              ? .distribution(.bernoulli, targets: data.description.labels.count) : .classes(data.description.labels.count))
        }
      }
    }
    return (keys, reading)
  }
}

/// The files of a task, and what was done to them.
private func files(
  _ task: TrainingTask.Classification, _ form: SequenceForm, shownAs path: String, _ heldOut: String?, _ terminal: Terminal
) throws -> (training: SequenceFile, heldOut: SequenceFile?) {
  func read(_ path: String) throws -> SequenceFile {
    let file = try SequenceFile(contentsOf: path, form: form, header: task.hasHeader)
    for repair in file.repairs { terminal.say("\(path): \(repair)") }
    return file
  }
  return (try read(path), try heldOut.map(read))
}

/// Reads the sequences of a run that goes on.
func read(
  _ task: TrainingTask.Classification, _ description: ClassifierDescription, _ network: Network, _ terminal: Terminal
) throws -> ClassificationData {
  let (sequences, others) = try files(task, description.form, shownAs: task.path, task.heldOut, terminal)
  return try ClassificationData(
    sequences, heldOut: others, description: description, input: network.architecture.input, split: .init(task))
}

extension ClassificationData.Split {
  fileprivate init(_ task: TrainingTask.Classification) {
    self.init(validation: task.validation, isBalanced: task.isBalanced, batch: task.batch, seed: task.seed)
  }
}

extension ClassificationData {
  /// What was found in the file, and what was made of it.
  fileprivate func lines(shownAs file: String) -> [String] {
    let held = validation.map { ", \($0.count.grouped) held out" } ?? ", none held out"
    var lines = [
      "\(file): \((training.count + (validation?.count ?? 0)).grouped) sequences of \(steps.grouped) steps together\(held)"
    ]
    switch description.form.steps {
    case .text(let column):
      let vocabulary = if case .tokens(let vocabulary, _) = input { vocabulary } else { Vocabulary.bytes }
      lines.append(
        "- each row is a text, in \(placeOf(column)); it is read as \(vocabulary.kind.rawValue), \(vocabulary.count.grouped) different ones (--tokens)"
      )
    case .row(let columns, let perStep):
      lines.append(
        "- each row is a sequence of \((columns.count / perStep).grouped) steps of \(perStep), from \(placeOf(columns[0])) to \(placeOf(columns[columns.count - 1])) "
          + "(--per-step, or --group if rows are steps)")
    case .rows(let columns, let group):
      lines.append(
        "- rows with the same \(group) are a sequence (--group); a step reads \(columns.prefix(4).joined(separator: ", "))"
          + (columns.count > 4 ? " and \(columns.count - 4) more" : "") + " (--columns)")
    case .arrays(let columns, _):
      lines.append(
        "- each row is a sequence, an array in \(columns.map(placeOf).joined(separator: ", ")), with \(description.scaling.count == 1 ? "1 number" : "\(description.scaling.count) numbers") a step (--columns)"
      )
    case .dimensions(let count): lines.append("- a step has \(count) numbers")
    }
    let counts = zip(description.labels, description.counts).sorted { $0.1 > $1.1 }
    let place =
      description.form.labels.isEmpty ? "" : " in \(description.form.labels.prefix(3).map(placeOf).joined(separator: ", "))"
    let several = description.form.separator.map { "; a sequence may have several, with \($0) between them (--separator)" } ?? ""
    lines.append(
      "- \(description.labels.count.grouped) labels\(place): "
        + counts.prefix(6).map { "\($0.0) (\($0.1.grouped))" }.joined(separator: ", ") + (counts.count > 6 ? ", …" : "") + several
    )
    return lines
  }
}

/// A column in a sentence: those without names are called after their places.
private func placeOf(_ column: String) -> String {
  let title = title(ofColumn: column)
  return title == column ? title : "the \(title)"
}
