package import Engine
import Support
package import TaskKit

/// What is to be searched, and how.
package struct TuningRequest<Task: TrainableTask>: Sendable {
  /// What all trials have in common. Its seed decides what is tried, too.
  package var recipe: Recipe<Task>
  package var space: SearchSpace<Task>
  /// Trials that begin together and are halved in number, round by round.
  package var trials = 16
  /// What each run is computed on; nil for the fastest kernels and a single thread.
  package var machine: Machine?
  /// The folder of the search; nil for one in `runs`.
  package var output: String?
  /// What was asked for, without what may change when the search is taken up again; nil to make it from the request.
  package var command: String?

  package init(_ recipe: Recipe<Task>, space: SearchSpace<Task>) {
    self.recipe = recipe
    self.space = space
  }
}

extension TuningRequest {
  /// - Throws: ``RecurrentError`` if it makes no sense.
  func check() throws(RecurrentError) {
    try recipe.check()
    try space.check()
    for recipe in space.ends(of: recipe) { try recipe.check() }
    guard trials >= 1 else { throw RecurrentError(.usage, naming: "\(Setting("trials")) is \(trials): give at least 1") }
  }

  /// The recipe with nothing of what is searched.
  var common: Recipe<Task> { space.recipe(recipe, with: TrialSettings()) }

  /// The recipe with nothing of what is searched, nor of what says how searched dropout works: what training takes by itself.
  var plain: Recipe<Task> {
    var plain = common
    plain.training.regularization.isVariational = nil
    return plain
  }

  /// What a trial is made with.
  ///
  /// - Parameter default: what training takes by itself, for the first one.
  func settings(trial: Int, default plain: Recipe<Task>) -> TrialSettings {
    trial == 0 ? space.nearest(to: plain) : space.settings(trial: trial, seed: recipe.seed)
  }

  /// What makes another search than this one.
  var identity: String {
    command
      ?? "Tuning.run(\(Task.kind), searching: \(space.dimensions.map(\.description).joined(separator: ", ")), trials: \(trials))"
  }
}
