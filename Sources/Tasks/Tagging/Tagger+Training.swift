public import Engine
import Support
import Tables
public import TaskKit
public import Training

extension Tagger {
  /// Trains a tagger on sentences in memory.
  ///
  ///     let tagger = try Tagger.train(on: [
  ///       [("the", "DET"), ("dog", "NOUN"), ("sees", "VERB")], [("a", "DET"), ("cat", "NOUN"), ("hears", "VERB")],
  ///     ], configure: { $0.network.units = 32 })
  ///     print(try tagger.tags(of: ["the", "cat", "sees"]).map(\.tag))
  ///
  /// Some of the sentences are held out, and the weights are kept with which the network does best on these. A training is
  /// stopped by `isCancelled`, or by cancelling the task that it runs in.
  ///
  /// - Parameters:
  ///   - sentences: the words of each sentence, with their tags.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the data or the settings make no sense.
  public static func train(
    on sentences: [[(word: String, tag: String)]], from model: Tagger? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<TagTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Tagger {
    let recipe = try Recipe(TagTask(), from: model?.network, configure: configure)
    if recipe.task.path != nil || recipe.task.validationPath != nil {
      throw RecurrentError(.usage, "the sentences are given in memory, and the recipe names a file: leave one out")
    }
    try recipe.checkTagging()
    return try train(
      recipe, reading: { _, _ in .init(sentences: try TaggedSentences(sentences)) }, folder: folder, machine: machine,
      progress: progress, isCancelled: isCancelled)
  }

  /// Trains a tagger on a file: a word, a tab and its tag on each line, with an empty line between sentences.
  ///
  ///     let tagger = try Tagger.train(contentsOf: "words.tsv", configure: { $0.task.hasShapes = true })
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the file can't be read, or the settings
  ///   make no sense.
  public static func train(
    contentsOf path: String, from model: Tagger? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<TagTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Tagger {
    try train(
      Recipe(TagTask(path: path), from: model?.network, configure: configure), reading: TagTask.read, folder: folder,
      machine: machine, progress: progress, isCancelled: isCancelled)
  }
}
