public import Engine
import Sequences
import Support
public import TaskKit
public import Training

extension LanguageModel {
  /// Trains a language model on a text in memory.
  ///
  ///     let model = try LanguageModel.train(on: text) { print($0.iteration, $0.loss) } configure: {
  ///       $0.network.cell = try .named("gru")
  ///       $0.training.epochs = 20
  ///     }
  ///     print(try model.generate(from: "to be", length: 200))
  ///
  /// A part at the end of the text is held out, and the weights are kept with which the network predicts that part best. A
  /// training stops when `isCancelled` says so, or when the Swift task that it runs in is cancelled.
  ///
  /// - Parameters:
  ///   - text: what is predicted, character by character if the recipe says nothing else.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the text is too short or the settings make
  ///   no sense.
  public static func train(
    on text: String, from model: LanguageModel? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<TextTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> LanguageModel {
    let recipe = try Recipe(TextTask(), from: model?.network, configure: configure)
    if recipe.task.path != nil {
      throw RecurrentError(.usage, "the text is given in memory, and the recipe names a file: leave one out")
    }
    return try train(
      recipe,
      reading: { recipe, _ in
        try TokenizedText(
          Array(text.utf8), source: "the text", as: recipe.task.tokens ?? .characters,
          words: recipe.task.vocabulary ?? TokenizedText.defaultWords, rarest: recipe.task.vocabulary == nil ? 2 : 1, heldOut: 0)
      }, folder: folder, machine: machine, progress: progress, isCancelled: isCancelled)
  }

  /// Trains a language model on a text in a file.
  ///
  ///     let model = try LanguageModel.train(contentsOf: "book.txt", folder: "runs/book")
  ///
  /// A part at the end of the text is held out, and the weights are kept with which the network predicts that part best. A
  /// training stops when `isCancelled` says so, or when the Swift task that it runs in is cancelled;
  /// ``train(resuming:machine:progress:isCancelled:)`` goes on with one that has a folder.
  ///
  /// - Parameters:
  ///   - path: of the text, in UTF-8.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the file can't be read, the text is too
  ///   short or the settings make no sense.
  public static func train(
    contentsOf path: String, from model: LanguageModel? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<TextTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> LanguageModel {
    try train(
      Recipe(TextTask(path: path), from: model?.network, configure: configure), reading: TextTask.read, folder: folder,
      machine: machine, progress: progress, isCancelled: isCancelled)
  }
}
