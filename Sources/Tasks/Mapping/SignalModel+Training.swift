public import Engine
import Support
import Tables
public import TaskKit
public import Training

extension SignalModel {
  /// Trains a model of a system on sequences in memory.
  ///
  ///     let model = try SignalModel.train(on: [valve], outputs: [pressure], configure: { $0.network.units = 16 })
  ///     print(try model.outputs(for: valve))
  ///
  /// Some of the sequences are held out, or blocks of time of a single one, and the weights are kept with which the network does best
  /// on these. A training is stopped by `isCancelled`, or by cancelling the task that it runs in.
  ///
  /// - Parameters:
  ///   - sequences: `[T][width]` each: what is read at each step; NaN for a missing number.
  ///   - outputs: `[T][outputs]` each: what is to be given at each step; NaN where there is nothing to learn.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the window and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the data or the settings make no sense.
  public static func train(
    on sequences: [[[Float]]], outputs: [[[Float]]], from model: SignalModel? = nil, folder: String? = nil,
    machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<MapTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> SignalModel {
    let recipe = try Recipe(MapTask(), from: model?.network, configure: configure)
    if recipe.task.path != nil || recipe.task.validationPath != nil {
      throw RecurrentError(.usage, "the sequences are given in memory, and the recipe names a file: leave one out")
    }
    try recipe.checkMapping()
    return try train(
      recipe,
      reading: { recipe, _ in
        let table = try StepTable(inputs: sequences, values: outputs, missing: recipe.task.missing ?? .error)
        return MapTask.Material(source: .init(material: StepMaterial(table), audio: nil, files: []))
      }, folder: folder, machine: machine, progress: progress, isCancelled: isCancelled)
  }

  /// Trains a model of a system on a table, CSV, TSV or JSON lines, a row a step, or on a sound and what an effect made of it.
  ///
  ///     let model = try SignalModel.train(contentsOf: "plant.csv", configure: { $0.task.target = ["pressure"] })
  ///     let amp = try SignalModel.train(contentsOf: "dry.wav", configure: { $0.task.target = ["wet.wav"] })
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
    contentsOf path: String, from model: SignalModel? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<MapTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> SignalModel {
    try train(
      Recipe(MapTask(path: path), from: model?.network, configure: configure), reading: MapTask.read, folder: folder,
      machine: machine, progress: progress, isCancelled: isCancelled)
  }
}
