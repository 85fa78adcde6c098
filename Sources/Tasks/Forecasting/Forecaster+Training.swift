public import Engine
import Support
public import Tables
public import TaskKit
public import Training

extension Forecaster {
  /// Trains a model that forecasts columns of a table.
  ///
  ///     let table = DataTable(columns: ["day": days, "sales": sales])
  ///     let forecaster = try Forecaster.train(on: table, target: "sales", horizon: 12) { report in
  ///       print(report.iteration, report.loss)
  ///     }
  ///     try forecaster.save(to: "sales.safetensors")
  ///
  /// What the recipe leaves open is chosen from the data, as `recurrent train forecast` does it. A training stops when
  /// `isCancelled` says so, or when the Swift task that it runs in is cancelled.
  ///
  /// - Parameters:
  ///   - table: with a row for each step, and with a column of times or without one.
  ///   - validation: a table of the same columns to choose the best weights by; nil to hold out the end of each series.
  ///   - target: the column to forecast; nil for the only column of numbers.
  ///   - horizon: steps that a forecast reaches; nil for a season.
  ///   - model: a model to start from, whose weights are kept where the data have the same things; nil to begin with fresh ones.
  ///   - folder: a folder to make, which keeps the run as the command keeps its own; nil to keep nothing.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  ///   - configure: changes the recipe before the training begins: several targets, what is known ahead, the cell, units,
  ///     iterations.
  ///   - isCancelled: asked after each iteration whether to stop.
  /// - Throws: ``RecurrentError`` if the table can't be read, or the recipe does not go with it; `CancellationError` if the
  ///   training was stopped, of which the folder keeps all that has been done.
  public static func train(
    on table: DataTable, validation: DataTable? = nil, target: String? = nil, horizon: Int? = nil, from model: Forecaster? = nil,
    folder: String? = nil, machine: Machine? = nil, progress: (TrainingProgress) -> Void = { _ in },
    configure: (inout Recipe<ForecastTask>) throws -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> Forecaster {
    let recipe = try Recipe(ForecastTask(path: table.path), from: model?.network) { recipe in
      recipe.task.validationPath = validation?.path
      recipe.task.targets = target.map { [$0] }
      recipe.task.horizon = horizon
      try configure(&recipe)
    }
    var notes: [Note] = []
    let opened = try recipe.opened()
    let material = try ForecastTask.read(opened.prepared(&notes), from: table, validation: validation, &notes)
    let plan = try opened.plan(on: material, &notes)
    let machine = try machine ?? Machine()
    let network = try plan.trainedNetwork(
      machine: machine, folder: folder, asked: recipe, reasons: notes.reasons, isCancelled: isCancelled, progress: progress)
    let forecaster = try Forecaster(network, path: "the network")
    // A run in a folder is finished already.
    guard folder == nil, let data = plan.data as? ForecastData else { return forecaster }
    return try data.finished(forecaster, machine: machine)
  }

  /// Measures how good forecasts of a table would have been, from one step after the other, beside naive forecasts.
  ///
  /// - Parameters:
  ///   - table: with the columns that the model was trained on.
  ///   - horizon: steps that each forecast reaches; nil for as many as in training.
  ///   - last: steps at the end of each series to forecast; nil for those that training has not seen.
  ///   - stride: steps from one forecast to the next; nil for 1, or for more of a large table.
  ///   - samples: paths of each forecast.
  ///   - seed: the same seed gives the same paths.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if the table can't be read, or does not have the model's columns.
  public func evaluation(
    on table: DataTable, horizon: Int? = nil, last: Int? = nil, stride: Int? = nil, samples: Int = 200, seed: UInt64 = 0,
    machine: Machine? = nil
  ) throws -> RollingEvaluation {
    let table = try read(table)
    let options = RollingEvaluation.Options(
      of: self, on: table, horizon: horizon, samples: samples, last: last, stride: stride, seed: seed)
    return try RollingEvaluation(self, table, options, machine: try machine ?? Machine())
  }
}
