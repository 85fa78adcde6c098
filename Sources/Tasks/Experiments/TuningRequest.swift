package import Engine
package import Processes
import Support
package import TaskKit

/// What is to be searched, and how.
package struct TuningRequest<Task: TrainableTask>: Sendable {
  /// What all trials have in common. Its seed decides what is tried, too.
  package var recipe: Recipe<Task>
  package var space: SearchSpace<Task>
  /// How many trials begin together; their number is halved round by round.
  package var trials = 16
  /// What each run is computed on; nil for the fastest kernels and a single thread.
  package var machine: Machine?
  /// The processes that share the runs.
  package var team: any Communicator = OneProcess()
  /// The processors that this process may use; nil for all.
  package var processors: Int?
  /// The folder of the search; nil for one in `runs`.
  package var output: String?
  /// What was asked for, without what may change when the search goes on; nil to make it from the request.
  package var command: String?

  package init(_ recipe: Recipe<Task>, space: SearchSpace<Task>) {
    self.recipe = recipe
    self.space = space
  }
}

extension TuningRequest {
  /// - Throws: ``RecurrentError`` if the request makes no sense.
  func check() throws(RecurrentError) {
    try recipe.check()
    try space.check()
    for recipe in space.ends(of: recipe) { try recipe.check() }
    guard trials >= 1 else { throw RecurrentError(.usage, naming: "\(Setting("trials")) is \(trials): give at least 1") }
  }

  /// The recipe without the settings that are searched.
  var common: Recipe<Task> {
    var common = space.recipe(recipe, with: TrialSettings())
    // The options of a training say which model it was.
    common.start = nil
    return common
  }

  /// The recipe without the settings that are searched, and without what says how searched dropout works, so that training
  /// chooses them.
  var plain: Recipe<Task> {
    var plain = common
    plain.start = recipe.start
    plain.training.regularization.isVariational = nil
    return plain
  }

  /// The settings of a trial.
  ///
  /// - Parameter default: the default settings, for the first trial.
  func settings(trial: Int, default plain: Recipe<Task>) -> TrialSettings {
    trial == 0 ? space.nearest(to: plain) : space.settings(trial: trial, seed: recipe.seed)
  }

  /// A text that tells this search from others.
  var identity: String {
    command
      ?? "Tuning.run(\(Task.kind), searching: \(space.dimensions.map(\.description).joined(separator: ", ")), trials: \(trials))"
  }
}
