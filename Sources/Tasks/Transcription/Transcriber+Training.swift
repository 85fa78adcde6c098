public import Engine
import Support
import Tables
public import TaskKit
public import Training

extension Transcriber {
  /// Trains a transcriber on sequences in memory, of which the symbols are known, and not where they stand.
  ///
  ///     let transcriber = try Transcriber.train(on: recordings, symbols: [["three", "one"], ["two"]]) {
  ///       print($0.iteration, $0.loss)
  ///     }
  ///     print(try transcriber.transcribe(recordings[0]).symbols)
  ///
  /// Some of the sequences are held out, and the weights are kept with which the network does best on these. A training is
  /// stopped by `isCancelled`, or by cancelling the task that it runs in.
  ///
  /// - Parameters:
  ///   - sequences: each `[T][width]`, of any number T of steps.
  ///   - symbols: those of each sequence, in their order.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run: its log, its checkpoints, its model and a page about it; nil to keep
  ///     nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes what is chosen otherwise: the cell, the units, the epochs and so on.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: `CancellationError` if the training was stopped; ``RecurrentError`` if the data or the settings make no sense.
  public static func train(
    on sequences: [[[Float]]], symbols: [[String]], from model: Transcriber? = nil, folder: String? = nil,
    machine: Machine? = nil, progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<TranscribeTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Transcriber {
    let recipe = try Recipe(TranscribeTask(), from: model?.network, configure: configure)
    if recipe.task.path != nil || recipe.task.validationPath != nil {
      throw RecurrentError(.usage, "the sequences are given in memory, and the recipe names a file: leave one out")
    }
    try recipe.checkTranscription()
    return try train(
      recipe, reading: { _, _ in .init(sequences: try Transcripts(sequences, symbols: symbols)) }, folder: folder,
      machine: machine, progress: progress, isCancelled: isCancelled)
  }

  /// Trains a transcriber on a file: JSON lines, or arrays in an `.npz` file.
  ///
  ///     let transcriber = try Transcriber.train(contentsOf: "digits.npz", configure: { $0.training.epochs = 10 })
  ///
  /// - Parameters:
  ///   - path: of the file. What in it the numbers and the symbols are is seen from it, as far as the recipe's task does not say.
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
    contentsOf path: String, from model: Transcriber? = nil, folder: String? = nil, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<TranscribeTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Transcriber {
    try train(
      Recipe(TranscribeTask(path: path), from: model?.network, configure: configure), reading: TranscribeTask.read,
      folder: folder, machine: machine, progress: progress, isCancelled: isCancelled)
  }
}
