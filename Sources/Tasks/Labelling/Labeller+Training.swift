public import Engine
import Support
import Tables
public import TaskKit
public import Training

extension Labeller {
  /// Trains a labeller on sequences in memory.
  ///
  ///     let labeller = try Labeller.train(on: [heart], labels: [beats], configure: { $0.network.units = 32 })
  ///     print(try labeller.labels(of: heart).map(\.label))
  ///
  /// Some of the sequences are held out, or blocks of time of a single one, and the weights are kept with which the network does best
  /// on these. A training is stopped by `isCancelled`, or by cancelling the task that it runs in.
  ///
  /// - Parameters:
  ///   - sequences: `[T][width]` each: what is read at each step; NaN for a missing number.
  ///   - labels: the label of each step, empty where a step has none.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the window and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the data or the settings make no sense.
  public static func train(
    on sequences: [[[Float]]], labels: [[String]], from model: Labeller? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<LabelTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Labeller {
    let recipe = try Recipe(LabelTask(), from: model?.network, configure: configure)
    if recipe.task.path != nil || recipe.task.validationPath != nil {
      throw RecurrentError(.usage, "the sequences are given in memory, and the recipe names a file: leave one out")
    }
    try recipe.checkSteps()
    return try train(
      recipe,
      reading: { recipe, _ in
        StepMaterial(try StepTable(inputs: sequences, labels: labels, missing: recipe.task.missing ?? .error))
      }, folder: folder, machine: machine, progress: progress, isCancelled: isCancelled)
  }

  /// Trains a labeller on a table: CSV, TSV or JSON lines, a row a step.
  ///
  ///     let labeller = try Labeller.train(contentsOf: "nights.csv", configure: {
  ///       $0.task.target = "stage"
  ///       $0.task.group = "patient"
  ///     })
  ///
  /// - Parameters:
  ///   - path: of the file. What its columns hold is found out from it, as far as the recipe's task does not say.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the columns, the cell, the units, the window and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the file can't be read, or the settings
  ///   make no sense.
  public static func train(
    contentsOf path: String, from model: Labeller? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<LabelTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Labeller {
    try train(
      Recipe(LabelTask(path: path), from: model?.network, configure: configure), reading: LabelTask.read, folder: folder,
      machine: machine, progress: progress, isCancelled: isCancelled)
  }
}
