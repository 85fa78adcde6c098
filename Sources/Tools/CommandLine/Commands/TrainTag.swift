import CellLanguage
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

extension TrainingCommand {
  /// `recurrent train tag`
  static let tag = TrainingCommand("tag", "Trains a network that gives each word of a sentence a tag.", sample: "words.tsv") {
    declare in
    let file = declare.optionalArgument(
      "FILE", "a word, a tab and its tag a line, with an empty line between sentences")
    let words = WordKeys(&declare)
    let heldOut = declare.text(
      "--validation-file", "FILE", "sentences to validate on, in place of a share that is held out")
    let validation = declare.number(
      "--validation", in: .range(0, below: 1), default: 0.1, "share of the sentences that is held out")
    let epochs = declare.number("--epochs", in: .positive, default: 5, "how often the sentences are gone through")
    let interval = declare.integer(
      "--validate-every", in: 1...1_000_000_000, "iterations from one validation to the next (default: an epoch)")
    let keys = TrainingOptionKeys(&declare, .init(batch: 32))
    let direction = DirectionKeys(&declare, isStandard: true)
    declare.example("train tag words.tsv", "trains a bidirectional LSTM that reads words and their characters")
    declare.example(
      "train tag words.tsv --validation-file others.tsv --shape", "chooses the best weights by other sentences")
    declare.example("train tag --resume runs/words-lstm", "goes on where a run was interrupted")
    let reading: Reading = { invocation in
      guard let file = invocation[file] else {
        throw RecurrentError(.usage, "give the FILE to train on, or --resume FOLDER to go on with a run")
      }
      for name in [epochs.name, validation.name] where invocation.values[name] != nil {
        let other = name == epochs.name ? keys.iterations.name : heldOut.name
        if invocation.values[other] != nil { throw RecurrentError(.usage, "give either \(name) or \(other), not both") }
      }
      _ = try keys.layers(invocation, direction: direction.direction(invocation))
      _ = try words.choices(invocation, cell: cell(named: invocation[keys.cellName]))
      let task = TrainingTask.Tag(
        path: FileSystem.absolute(file), heldOut: invocation[heldOut].map { FileSystem.absolute($0) },
        validation: invocation[validation], batch: invocation[keys.batch], seed: UInt64(invocation[keys.seed]))
      let sentences = try TaggedSentences(contentsOf: file)
      let others = try invocation[heldOut].map { try TaggedSentences(contentsOf: $0) }
      return { invocation in
        var task = task
        task.seed = UInt64(invocation[keys.seed])
        let choices = try words.choices(invocation, cell: cell(named: invocation[keys.cellName]))
        let data = try TaggingData(sentences, heldOut: others, split: .init(task)) { try $0.input(choices) }
        task.digest = data.digest
        invocation.terminal.say(data.line(shownAs: file))
        let perEpoch = data.training.iterationsPerEpoch ?? 1
        let iterations =
          try invocation[keys.iterations] ?? TrainingOptionKeys.iterations(ofEpochs: invocation[epochs], each: perEpoch)
        return TrainingPlan(
          task: .tag(task), source: .tag(data), name: FileSystem.title(file),
          options: try keys.options(
            invocation, iterations: iterations, validationInterval: invocation[interval] ?? min(perEpoch, iterations)),
          meaning: TagDescription(tags: data.tags).text
        ) { invocation in
          Architecture(
            input: .words(data.input.spelled(by: try cell(named: invocation[keys.cellName]))),
            layers: try keys.layers(invocation, direction: direction.direction(invocation)), output: .classes(data.tags.count))
        }
      }
    }
    return (keys, reading)
  }
}

/// Reads the sentences of a run that goes on.
func read(_ task: TrainingTask.Tag, _ tagger: Tagger, _ terminal: Terminal) throws -> TaggingData {
  let data = try TaggingData(
    TaggedSentences(contentsOf: task.path), heldOut: task.heldOut.map { try TaggedSentences(contentsOf: $0) }, split: .init(task)
  ) { _ in tagger.reader.input }
  terminal.say(data.line(shownAs: task.path))
  return data
}

extension TaggingData.Split {
  fileprivate init(_ task: TrainingTask.Tag) {
    self.init(validation: task.validation, batch: task.batch, seed: task.seed)
  }
}

extension TaggingData {
  /// What was found in the file.
  fileprivate func line(shownAs file: String) -> String {
    let sentences = sentenceCount == 1 ? "1 sentence" : "\(sentenceCount.grouped) sentences"
    return "\(file): \(sentences) to train on, \(wordCount.grouped) words, "
      + "\((input.vocabulary.count - 1).grouped) of them with a vector of their own, \(tags.count) tags"
  }
}

extension WordInput {
  /// The same, whose characters are read by that cell.
  fileprivate func spelled(by cell: Cell) -> WordInput {
    var input = self
    if let layers = spelling?.layers {
      input.spelling?.layers = layers.map { .init(cell, units: $0.units, direction: $0.direction) }
    }
    return input
  }
}
