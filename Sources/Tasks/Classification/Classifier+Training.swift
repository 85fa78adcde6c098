public import Engine
import Networks
import Support
import Tables
public import TaskKit
public import Training

extension Classifier {
  /// Trains a classifier of texts.
  ///
  ///     let classifier = try Classifier.train(on: ["kala", "sola", "miro", "tano"], labels: ["a", "a", "o", "o"]) {
  ///       print($0.iteration, $0.loss)
  ///     } configure: {
  ///       $0.network.units = 32
  ///     }
  ///     print(try classifier.predict("vela").label)
  ///
  /// Some of the texts are held out, and the weights are kept with which the network does best on these. A training is stopped by
  /// `isCancelled`, or by cancelling the task that it runs in.
  ///
  /// - Parameters:
  ///   - texts: what is read.
  ///   - labels: the label of each text.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the data or the settings make no sense.
  public static func train(
    on texts: [String], labels: [String], from model: Classifier? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<ClassifyTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Classifier {
    try train(model, folder, machine, progress, configure, isCancelled) { _ in
      try SequenceFile(texts, labels: labels.map { [$0] }, isMultiple: false)
    }
  }

  /// Trains a classifier of texts that have several labels each, or none.
  ///
  /// - Parameters:
  ///   - texts: what is read.
  ///   - labels: the labels of each text.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the data or the settings make no sense.
  public static func train(
    on texts: [String], labels: [[String]], from model: Classifier? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<ClassifyTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Classifier {
    try train(model, folder, machine, progress, configure, isCancelled) { _ in
      try SequenceFile(texts, labels: labels, isMultiple: true)
    }
  }

  /// Trains a classifier of sequences of numbers.
  ///
  ///     let rising: [[Float]] = [[0, 1], [1, 1], [2, 1]]
  ///     let falling: [[Float]] = [[2, 1], [1, 1], [0, 1]]
  ///     let classifier = try Classifier.train(on: [rising, falling], labels: ["up", "down"])
  ///
  /// - Parameters:
  ///   - sequences: each `[T][width]`, of any number T of steps; NaN for a number that is missing, if `task.missing` says what to
  ///     do about these.
  ///   - labels: the label of each sequence.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the data or the settings make no sense.
  public static func train(
    on sequences: [[[Float]]], labels: [String], from model: Classifier? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<ClassifyTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Classifier {
    try train(model, folder, machine, progress, configure, isCancelled) { task in
      try SequenceFile(sequences, labels: labels.map { [$0] }, isMultiple: false, missing: task.missing ?? .error)
    }
  }

  /// Trains a classifier of sequences of single numbers.
  ///
  /// - Parameters:
  ///   - sequences: each `[T]`, of any number T of steps.
  ///   - labels: the label of each sequence.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the data or the settings make no sense.
  public static func train(
    on sequences: [[Float]], labels: [String], from model: Classifier? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<ClassifyTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Classifier {
    try train(
      on: sequences.map { $0.map { [$0] } }, labels: labels, from: model, folder: folder, machine: machine,
      progress: progress,
      configure: configure, isCancelled: isCancelled)
  }

  /// Trains a classifier on a file: a table of texts or of numbers, or a `.ts` file.
  ///
  ///     let classifier = try Classifier.train(contentsOf: "motions.csv", configure: {
  ///       $0.task.group = "recording"
  ///       $0.task.target = ["activity"]
  ///     })
  ///
  /// - Parameters:
  ///   - path: of the file. What its columns hold is found out from it, as far as the recipe's task does not say.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the columns, the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the file can't be read, or the settings
  ///   make no sense.
  public static func train(
    contentsOf path: String, from model: Classifier? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<ClassifyTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Classifier {
    try train(
      Recipe(ClassifyTask(path: path), from: model?.network, configure: configure), reading: ClassifyTask.read, folder: folder,
      machine: machine, progress: progress, isCancelled: isCancelled)
  }

  /// Trains on sequences in memory.
  private static func train(
    _ model: Classifier?, _ folder: String?, _ machine: Machine?, _ progress: (TrainingProgress) -> Void,
    _ configure: (inout Recipe<ClassifyTask>) throws -> Void, _ isCancelled: () -> Bool,
    on sequences: (ClassifyTask) throws -> SequenceFile
  ) throws -> Classifier {
    let recipe = try Recipe(ClassifyTask(), from: model?.network, configure: configure)
    if recipe.task.path != nil || recipe.task.validationPath != nil {
      throw RecurrentError(.usage, "the sequences are given in memory, and the recipe names a file: leave one out")
    }
    try recipe.checkClassification()
    return try train(
      recipe,
      reading: { recipe, _ in
        let sequences = try sequences(recipe.task)
        try recipe.task.check(sequences.form, shownAs: sequences.path)
        return .init(sequences: sequences)
      }, folder: folder, machine: machine, progress: progress, isCancelled: isCancelled)
  }
}
