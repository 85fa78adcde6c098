import Engine
import Labelling
import Networks
import Sequences
import Tables
import Training

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Command {
  /// `recurrent train tag`
  static let trainTag = Command("tag", "Trains a network that gives each word of a sentence a tag.") { declare in
    let file = declare.optionalArgument(
      "FILE", "a word, a tab and its tag a line, with an empty line between sentences")
    let words = WordKeys(&declare)
    let heldOut = declare.text("--validate", "FILE", "sentences to validate on, in place of some of the first FILE")
    let validation = declare.number(
      "--validation", in: .range(0, below: 1), default: 0.1, "share of the sentences that is held out if there is no other file")
    let epochs = declare.number("--epochs", in: .positive, default: 5, "how often the sentences are gone through")
    let interval = declare.integer(
      "--validate-every", in: 1...1_000_000_000, "iterations from one validation to the next (default: an epoch)")
    let keys = TrainingOptionKeys(&declare, .init(batch: 32))
    let direction = DirectionKeys(&declare, isStandard: true)
    declare.example("train tag words.tsv", "trains a bidirectional LSTM that reads words and their characters")
    declare.example(
      "train tag words.tsv --validate others.tsv --shape --dropout 0.3", "chooses the best weights by other sentences")
    declare.example("train tag --resume runs/words-lstm", "goes on where a run was interrupted")
    return { invocation in
      if let session = try TrainingSession(resumedBy: invocation, keys) { return try session.run() }
      let machine = try Machine(threads: invocation[keys.threads])
      guard let file = invocation[file] else {
        throw UsageError("give the FILE to train on, or --resume FOLDER to go on with a run")
      }
      for name in [epochs.name, validation.name] where invocation.values[name] != nil {
        let other = name == epochs.name ? keys.iterations.name : heldOut.name
        if invocation.values[other] != nil { throw UsageError("give either \(name) or \(other), not both") }
      }
      let layers = try keys.layers(invocation, direction: direction.direction(invocation))
      let choices = try words.choices(invocation, cell: cell(named: invocation[keys.cellName]))
      if let output = invocation[keys.output] { try RunFolder.requireUnused(output) }
      var task = TrainingTask.Tag(
        path: URL(filePath: file).absoluteURL.path, heldOut: invocation[heldOut].map { URL(filePath: $0).absoluteURL.path },
        validation: invocation[validation], batch: invocation[keys.batch], seed: UInt64(invocation[keys.seed]))
      let data = try read(task, from: (file, invocation[heldOut]), invocation.terminal) { try $0.input(choices) }
      task.digest = data.digest
      var network = try Network(
        input: .words(data.input), layers: layers, output: .classes(data.tags.count), seed: task.seed)
      network.meaning = TagDescription(tags: data.tags).text
      let perEpoch = data.training.iterationsPerEpoch ?? 1
      let asked = invocation[epochs] * Double(perEpoch)
      guard asked <= Double(TrainingOptionKeys.mostIterations) else {
        throw UsageError("--epochs \(short(invocation[epochs])) is more than \(TrainingOptionKeys.mostIterations) iterations")
      }
      let iterations = invocation[keys.iterations] ?? max(1, Int(asked))
      let options = try keys.options(
        invocation, iterations: iterations, validationInterval: invocation[interval] ?? min(perEpoch, iterations))
      let name = URL(filePath: file).deletingPathExtension().lastPathComponent
      try TrainingSession(
        Trainer(network, options: options, machine: machine), task: .tag(task), data: .tag(data), name: name, invocation, keys
      ).run()
    }
  }
}

/// Reads the sentences of a task, and says what they hold.
///
/// - Parameters:
///   - paths: of the sentences and of those to validate on, as the user says them.
///   - input: how the network reads words.
func read(
  _ task: TrainingTask.Tag, from paths: (training: String, heldOut: String?), _ terminal: Terminal,
  input: (WordCounts) throws -> WordInput
) throws -> TaggingData {
  let data = try TaggingData(
    TaggedSentences(contentsOf: paths.training), heldOut: paths.heldOut.map { try TaggedSentences(contentsOf: $0) },
    split: .init(validation: task.validation, batch: task.batch, seed: task.seed), input: input)
  let sentences = data.sentenceCount == 1 ? "1 sentence" : "\(data.sentenceCount.grouped) sentences"
  terminal.say(
    "\(paths.training): \(sentences) to train on, \(data.wordCount.grouped) words, "
      + "\((data.input.vocabulary.count - 1).grouped) of them with a vector of their own, \(data.tags.count) tags")
  return data
}
