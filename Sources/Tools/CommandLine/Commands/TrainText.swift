import CommandKit
import Engine
import LanguageModels
import Models
import Networks
import Sequences
import Storage
import Support
import TaskKit
import Training

extension TrainingCommand {
  /// `recurrent train text`
  static let text = TrainingCommand(
    "text", "Trains a language model: a network that predicts a text, token by token.", sample: "book.txt"
  ) { declare in
    let file = declare.optionalArgument("FILE", "the text, in UTF-8")
    let tokens = declare.choice("--tokens", default: Vocabulary.Kind.characters, "what the text is cut into")
    let words = declare.integer(
      "--vocabulary", in: 1...65_535, default: TokenizedText.customaryWords, "words that are known, the most frequent ones")
    let embedding = declare.integer(
      "--embedding", in: 0...65_536,
      "learned numbers that stand for a token (default: as many as units); 0 for a single 1 in a place of its own")
    let tied = declare.flag("--tie-embedding", "let the learned numbers of a token be its weights on top, too")
    let sequence = declare.integer("--sequence", in: 1...1_000_000, default: 50, "steps that the gradient reaches back")
    let epochs = declare.number("--epochs", in: .positive, default: 10, "how often the text is gone through")
    let validation = declare.number(
      "--validation", in: .range(0, below: 1), default: 0.05, "share at the end of the text that is held out")
    let interval = declare.integer(
      "--validate-every", in: 1...1_000_000_000,
      "iterations from one validation to the next (default: an epoch, or a tenth of the iterations if that is less)")
    let keys = TrainingOptionKeys(&declare, .init())
    DirectionKeys.refuse(&declare)
    declare.example("train text book.txt", "trains an LSTM on a book")
    declare.example("train text book.txt --cell gru --units 256 --layers 2 --dropout 0.2", "trains a larger network")
    declare.example("train text --resume runs/book-lstm", "goes on where a run was interrupted")
    let reading: Reading = { invocation in
      guard let file = invocation[file] else {
        throw RecurrentError(.usage, "give the FILE to train on, or --resume FOLDER to go on with a run")
      }
      if invocation.values[epochs.name] != nil && invocation[keys.iterations] != nil {
        throw RecurrentError(.usage, "give either --epochs or --iterations, not both")
      }
      if invocation[tokens] != .words, invocation.values[words.name] != nil {
        throw RecurrentError(.usage, 
          "\(words.name) is for --tokens words, and this text is read as \(invocation[tokens].rawValue): leave it out")
      }
      // What may be refused is looked at before a large text is read.
      _ = try keys.layers(invocation)
      var task = TrainingTask.Text(
        path: FileSystem.absolute(file), tokens: invocation[tokens], words: invocation[words],
        batch: invocation[keys.batch], sequence: invocation[sequence], validation: invocation[validation])
      let data = try read(task, from: file, invocation.terminal)
      task.digest = data.digest
      let perEpoch = data.training.windows.windowsPerEpoch
      let iterations =
        try invocation[keys.iterations] ?? TrainingOptionKeys.iterations(ofEpochs: invocation[epochs], each: perEpoch)
      return { [task] invocation in
        TrainingPlan(
          task: .text(task), source: .text(data), name: FileSystem.title(file),
          options: try keys.options(
            invocation, iterations: iterations, validationInterval: invocation[interval] ?? max(1, min(perEpoch, iterations / 10))
          )
        ) { invocation in
          Architecture(
            input: .tokens(
              data.vocabulary, embedding: vectorLength(invocation[embedding], units: invocation[keys.units])),
            layers: try keys.layers(invocation), output: .categorical, tiesEmbedding: invocation[tied])
        }
      }
    }
    return (keys, reading)
  }

  /// Learned vectors, as long as a layer has units, unless somebody says otherwise: with a single 1 for each symbol, training on
  /// a million characters ended 0.13 nats higher.
  static func vectorLength(_ asked: Int?, units: Int) -> Int? { asked == 0 ? nil : asked ?? units }
}

/// Reads a text and says what it holds.
///
/// - Parameters:
///   - path: where it is, as the user says it.
///   - vocabulary: that of a run that goes on, which reads words as it did when it began.
func read(
  _ task: TrainingTask.Text, from path: String, in vocabulary: Vocabulary? = nil, _ terminal: Terminal
) throws -> TextData {
  let text =
    if let vocabulary, task.tokens == .words {
      try TokenizedText(contentsOf: path, in: vocabulary)
    } else {
      try TokenizedText(contentsOf: path, as: task.tokens, words: task.words, heldOut: task.validation)
    }
  let data = try TextData(text, batch: task.batch, sequence: task.sequence, validation: task.validation)
  terminal.say("\(path): \(data.count.grouped) \(task.tokens.rawValue), \(data.vocabulary.count.grouped) different ones")
  return data
}
