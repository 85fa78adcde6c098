package import Engine
package import Processes
import Support
package import TaskKit

/// What is to be searched, and how.
package struct TuningRequest<Task: TrainableTask>: Sendable {
  /// What all trials have in common. Its seed decides what is tried, too.
  package var recipe: Recipe<Task>
  package private(set) var space: SearchSpace<Task>
  /// Whether what the task names is varied, too, as far as the recipe leaves it open.
  package var searchesChoices = false
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

  /// Adds to what is varied what the task names and the recipe leaves open.
  ///
  /// - Parameter chosen: the recipe with all that training chooses by itself.
  mutating func addChoices(beside chosen: Recipe<Task>) {
    // A model to start from has decided them.
    if !searchesChoices || recipe.network.from != nil { return }
    let open = Task.searchedChoices(beside: chosen).filter { !Recipe<Task>.field($0.name).isSet(recipe) }
    space = SearchSpace(space.dimensions + open.compactMap { SearchDimension($0, beside: chosen) })
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
