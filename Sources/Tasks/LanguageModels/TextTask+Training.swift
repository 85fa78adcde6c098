package import Networks
package import Sequences
import Storage
import Support
package import TaskKit

extension TextTask: TrainableTask {
  package init() { self.init(path: nil) }

  package static let hasFixedBatches = true

  package static let presentation = TaskPresentation(
    summary: "Trains a language model: a network that predicts a text, token by token.", sample: "book.txt", noun: "text",
    model: "a language model",
    examples: [
      ("book.txt", "trains an LSTM on a book"),
      (
        "book.txt \(Setting("cell")) gru \(Setting("units")) 256 \(Setting("layers")) 2 \(Setting("dropout")) 0.2",
        "trains a larger network"
      ),
      ("\(Setting("resume")) runs/book-lstm", "goes on where a run was interrupted"),
    ],
    refusals: ["bidirectional", "merge"].map {
      ($0, "a language model predicts the next token, which a layer that reads from the end has already seen")
    })

  package static let defaults: TaskDefaults = {
    var defaults = TaskDefaults()
    defaults.epochs = 10
    defaults.validateEvery = "an epoch, but at least a thirtieth and at most a tenth of the iterations"
    defaults.isBidirectional = nil
    return defaults
  }()

  package static let argument = SettingField<TextTask>.argument(
    "path", "FILE", \.path, "the text, in UTF-8; gzip may have packed it")

  package static let fields: [SettingField<Recipe<TextTask>>] = [
    .choice("tokens", \.task.tokens, of: Vocabulary.Kind.plain, default: .characters, "what the text is cut into"),
    .integer(
      "vocabulary", \.task.vocabulary, in: 1...65_535, default: "\(TokenizedText.defaultWords) of those that occur twice",
      "words that are known, the most frequent ones"),
    .integer(
      "embedding", \.task.embedding, in: 0...65_536,
      "learned numbers that stand for a token (default: as many as units); 0 for a single 1 in a place of its own"),
    .flag("tie-embedding", \.task.tiesEmbedding, "let the learned numbers of a token be its weights on top, too"),
    .integer("sequence", \.task.sequence, in: 1...1_000_000, default: "50", "steps that the gradient reaches back"),
    .number(
      "validation", \.task.validation, in: .range(0, below: 1), default: "0.05",
      "fraction at the end of the text that is held out"),
  ]

  package static func read(_ recipe: Recipe<TextTask>, _ notes: inout [Note]) throws -> TokenizedText {
    var task = recipe.task
    let tokens = task.tokens ?? .characters
    if tokens != .words, task.vocabulary != nil {
      throw RecurrentError(
        .usage,
        naming:
          "\(Setting("vocabulary")) is for \(Setting("tokens")) words, and this text is read as \(tokens.rawValue): leave it out")
    }
    // Whatever may be refused is checked before a large text is read.
    _ = try recipe.layers()
    task.fill()
    guard let path = task.path else { throw RecurrentError(.usage, "a recipe for a text names no text: give its path") }
    let text = try TokenizedText(
      file: path, as: tokens, words: recipe.task.vocabulary, heldOut: task.validation ?? 0)
    notes.append(.finding(Self.note(on: text, path: path)))
    return text
  }

  package static func plan(
    _ recipe: Recipe<TextTask>, on text: TokenizedText, _ notes: inout [Note]
  ) throws -> TrainingPlan<TextTask> {
    var recipe = recipe
    recipe.task.fill()
    let data = try recipe.task.data(text, batch: recipe.batch)
    let perEpoch = data.training.windows.windowsPerEpoch
    let iterations = try recipe.iterations(perEpoch: perEpoch)
    return TrainingPlan(
      recipe, data: data, name: recipe.task.path.map(FileSystem.title) ?? "text",
      options: try recipe.options(
        iterations: iterations, validationInterval: max(1, min(iterations / 10, max(perEpoch, iterations / 30))))
    ) { recipe in
      Architecture(
        input: .tokens(data.vocabulary, embedding: recipe.vectorLength(recipe.task.embedding)), layers: try recipe.layers(),
        output: .categorical, tiesEmbedding: recipe.task.tiesEmbedding ?? false)
    }
  }

  package static func data(
    resuming recipe: Recipe<TextTask>, _ network: Network, path: String, _ notes: inout [Note]
  ) throws -> any TaskData {
    let task = recipe.task
    guard let file = task.path else {
      throw RecurrentError(.file, "the run trains on a text in memory, which is gone: begin anew")
    }
    // A run of words goes on with the vocabulary that it has, whatever the text has now.
    let text =
      if let vocabulary = network.architecture.vocabulary, task.tokens == .words {
        try TokenizedText(file: file, in: vocabulary)
      } else {
        try TokenizedText(
          file: file, as: task.tokens ?? .characters, words: task.vocabulary ?? TokenizedText.defaultWords,
          heldOut: task.validation ?? 0)
      }
    let data = try task.data(text, batch: recipe.batch)
    notes.append(.finding(note(on: text, path: file)))
    return data
  }

  /// Fills in the defaults, and makes the path absolute.
  private mutating func fill() {
    path = path.map(FileSystem.absolute)
    tokens = tokens ?? .characters
    vocabulary = vocabulary ?? TokenizedText.defaultWords
    sequence = sequence ?? 50
    validation = validation ?? 0.05
  }

  private func data(_ text: TokenizedText, batch: Int) throws -> TextData {
    var data = try TextData(text, batch: batch, sequence: sequence ?? 50, validation: validation ?? 0.05)
    data.path = path
    return data
  }

  private static func note(on text: TokenizedText, path: String) -> Sentence {
    "\(path): \(text.tokens.count.grouped) \(text.vocabulary.kind.rawValue), \(text.vocabulary.count.grouped) different ones"
  }

  package static func recipe(firstGeneration task: FirstGenerationTask) throws -> Recipe<TextTask>? {
    guard task.kind == "text" else { return nil }
    let old = try task.decode(as: FirstGeneration.self)
    var recipe = Recipe(TextTask(path: old.path))
    (recipe.task.tokens, recipe.task.vocabulary) = (old.tokens, old.words)
    (recipe.task.sequence, recipe.task.validation) = (old.sequence, old.validation)
    recipe.training.batch = old.batch
    return recipe
  }

  private struct FirstGeneration: Decodable {
    let path: String
    let tokens: Vocabulary.Kind
    let words: Int
    let batch: Int
    let sequence: Int
    let validation: Double
  }

  /// Whether a network gives at each step one of the symbols that it reads, and carries no description of another task.
  package static func owns(_ network: Network) -> Bool {
    network.meaning == nil && network.architecture.givesItsSymbols
  }
}
