package import Engine
package import Processes
import Support
package import TaskKit

/// A training in which each of several parts of the data is held out once (cross-validation), and then one on all of it.
package struct FoldRequest<Task: TrainableTask>: Sendable {
  /// What all trainings have in common.
  package var recipe: Recipe<Task>
  /// The number of parts.
  package var folds: Int
  /// What each run is computed on; nil for the fastest kernels and a single thread.
  package var machine: Machine?
  /// The processes that share the runs.
  package var team: any Communicator = OneProcess()
  /// The processors that this process may use; nil for all.
  package var processors: Int?
  /// The folder of the runs; nil for one in `runs`.
  package var output: String?
  /// What was asked for; nil to make it from the request.
  package var command: String?

  package init(_ recipe: Recipe<Task>, folds: Int) {
    self.recipe = recipe
    self.folds = folds
  }
}

extension FoldRequest {
  /// - Throws: ``RecurrentError`` if the task's data can't be cut, or the recipe says itself what is held out.
  func check() throws(RecurrentError) {
    try recipe.check()
    guard Task.foldPath != nil else {
      throw RecurrentError(.usage, naming: "\(Setting("folds")) is not for \(Task.presentation.model): leave it out")
    }
    if folds < 2 { throw RecurrentError(.usage, naming: "\(Setting("folds")) is \(folds): give at least 2") }
    for name in ["validation", "validation-file"] where Recipe<Task>.field(name).isSet(recipe) {
      throw RecurrentError(
        .usage,
        naming: "give either \(Setting("folds")), which holds out each part once, or \(Setting(name)), not both")
    }
  }

  /// The recipe of a training that holds out a part, or nothing.
  func recipe(holdingOut fold: Fold) -> Recipe<Task> {
    var own = recipe
    if let path = Task.foldPath { own.task[keyPath: path] = fold }
    return own
  }

  /// The recipe of the training on all data.
  ///
  /// - Parameter iterations: how long it lasts, since nothing says when it is at its best.
  func recipe(onAllFor iterations: Int) -> Recipe<Task> {
    var own = recipe(holdingOut: .nothing).lasting(iterations)
    own.training.patience = nil
    return own
  }

  /// What all trainings have in common.
  var common: Recipe<Task> {
    var common = recipe
    // The options of a training say which model it was.
    common.start = nil
    return common
  }

  /// A text that tells these trainings from others.
  var identity: String { command ?? "CrossValidation.run(\(Task.kind), folds: \(folds))" }
}
