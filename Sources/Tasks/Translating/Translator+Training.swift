public import Engine
import Support
import Tables
public import TaskKit
public import Training

extension Translator {
  /// Trains a translator on pairs of texts in memory.
  ///
  ///     let translator = try Translator.train(on: [(source: "one", target: "eins"), (source: "two", target: "zwei")]) {
  ///       print($0.iteration, $0.loss)
  ///     }
  ///     print(try translator.translate("one"))
  ///
  /// Some of the pairs are held out, and the weights are kept with which the network does best on these. A training is stopped by
  /// `isCancelled`, or by cancelling the task that it runs in.
  ///
  /// - Parameters:
  ///   - pairs: texts, and what each is to become.
  ///   - model: a model to start from, whose symbols and weights are kept; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the data or the settings make no sense.
  public static func train(
    on pairs: [(source: String, target: String)], from model: Translator? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<TranslateTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Translator {
    let recipe = try Recipe(TranslateTask(), from: model?.network, configure: configure)
    let task = recipe.task
    if [task.path, task.targetPath, task.validationPath, task.validationTargetPath].contains(where: { $0 != nil }) {
      throw RecurrentError(.usage, "the pairs are given in memory, and the recipe names a file: leave one out")
    }
    try recipe.checkTranslation()
    return try train(
      recipe, reading: { _, _ in .init(pairs: try TextPairs(pairs)) }, folder: folder, machine: machine, progress: progress,
      isCancelled: isCancelled)
  }

  /// Trains a translator on a file of pairs: a text, a tab and what it is to become a line.
  ///
  ///     let translator = try Translator.train(contentsOf: "pairs.tsv", configure: { $0.training.epochs = 10 })
  ///
  /// - Parameters:
  ///   - path: of the file. For texts and targets in two files, the recipe's task names the other one.
  ///   - model: a model to start from, whose symbols and weights are kept; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the file can't be read, or the settings
  ///   make no sense.
  public static func train(
    contentsOf path: String, from model: Translator? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<TranslateTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Translator {
    try train(
      Recipe(TranslateTask(path: path), from: model?.network, configure: configure), reading: TranslateTask.read,
      folder: folder, machine: machine, progress: progress, isCancelled: isCancelled)
  }
}
