import Engine
import Models
import Networks
import Sequences
import Storage
public import Support
public import TaskKit
public import Training

extension LanguageModel {
  /// Loads a model: a file, or the folder of a run.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, or is no language model.
  public init(contentsOf path: String) throws(RecurrentError) {
    try self.init(try Network(contentsOf: path), path: path)
  }

  /// Writes the model to a file, from which ``init(contentsOf:)`` reads it.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be written.
  public func save(to path: String) throws(RecurrentError) { try network.save(to: path) }

  /// Trains a language model on a text.
  ///
  ///     let model = try LanguageModel.train(on: text) { print($0.iteration, $0.loss) } configure: {
  ///       $0.network.cell = try .named("gru")
  ///       $0.training.epochs = 20
  ///     }
  ///     print(try model.generate(from: "to be", length: 200))
  ///
  /// A training stops when `isCancelled` says so, or when the Swift task that it runs in is cancelled.
  ///
  /// - Parameters:
  ///   - text: what is predicted, character by character if the recipe says nothing else.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep nothing.
  ///   - threads: nil for one thread a processor.
  ///   - progress: is called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: is asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the text is too short or the settings make no sense.
  public static func train(
    on text: String, folder: String? = nil, threads: Int? = nil, progress: (TrainingRun.Report) -> Void = { _ in },
    configure: (inout Recipe<TextTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> LanguageModel {
    let recipe = try Recipe(TextTask(), configure: configure)
    let tokens = try TokenizedText(
      text, as: recipe.task.tokens ?? .characters, words: recipe.task.vocabulary ?? TokenizedText.defaultWords)
    return try train(recipe, on: tokens, folder, threads, progress, isCancelled)
  }

  /// Trains a language model on a text in a file, as ``train(on:folder:threads:progress:configure:isCancelled:)`` does on one in memory.
  public static func train(
    contentsOf path: String, folder: String? = nil, threads: Int? = nil, progress: (TrainingRun.Report) -> Void = { _ in },
    configure: (inout Recipe<TextTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> LanguageModel {
    let recipe = try Recipe(TextTask(path: path), configure: configure)
    var notes: [Sentence] = []
    return try train(recipe, on: TextTask.read(recipe, &notes), folder, threads, progress, isCancelled)
  }

  private static func train(
    _ recipe: Recipe<TextTask>, on tokens: TokenizedText, _ folder: String?, _ threads: Int?,
    _ progress: (TrainingRun.Report) -> Void, _ isCancelled: () -> Bool
  ) throws -> LanguageModel {
    var notes: [Sentence] = []
    let plan = try TextTask.plan(recipe, on: tokens, &notes)
    return try LanguageModel(
      plan.trainedNetwork(
        machine: Machine(threads: threads), folder: folder, asked: recipe, isCancelled: isCancelled, progress: progress))
  }
}
