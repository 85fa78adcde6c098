public import Engine
import Support
public import TaskKit

/// Which cell does best: the same training with several cells, each from several seeds.
public enum Comparison {
  /// Trains a recipe with each of some cells, from several seeds.
  ///
  ///     var recipe = Recipe(ProblemTask(name: "adding"))
  ///     recipe.training.iterations = 2000
  ///     let report = try Comparison.run(recipe, cells: [.named("gru"), .named("lstm")]) { progress in
  ///       print(progress.run, progress.iteration, progress.loss)
  ///     }
  ///     print(report.entries[0].cell)  // the best one
  ///
  /// All is kept in a folder: a run like any other for each cell and seed, and a page with charts, `report.html`. The same call
  /// goes on where it was stopped; with more cells, seeds or iterations it adds to what is there.
  ///
  /// - Parameters:
  ///   - recipe: what all trainings have in common. Its seed is that of each cell's first run.
  ///   - cells: what is compared. A cell without units of its own has those of the recipe.
  ///   - seeds: runs of each cell.
  ///   - parameters: weights that each network should have, in place of as many units; nil to compare cells with as many units.
  ///   - testFile: a file like the one trained on, which the best weights are measured on at the end.
  ///   - output: the folder of the comparison; nil for one in `runs`.
  ///   - machine: what each run is computed on; nil for the fastest kernels and a single thread. As many runs go on at once as
  ///     there are processors for.
  ///   - progress: called after each iteration of each run, never twice at once, though from any thread.
  ///   - isInterrupted: asked after each iteration of each run whether to stop. All is saved then.
  /// - Returns: the results of the runs that have ended: of all of them, unless the comparison was interrupted.
  /// - Throws: ``RecurrentError`` if something is asked for that can't be done, or if no run came to its end.
  public static func run<Task: LearningTask>(
    _ recipe: Recipe<Task>, cells: [ComparedCell], seeds: Int = 3, parameters: Int? = nil, testFile: String? = nil,
    output: String? = nil, machine: Machine? = nil, progress: @escaping @Sendable (StudyProgress) -> Void = { _ in },
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws -> ComparisonReport {
    func run<Known: TrainableTask>(_: Known.Type) throws -> ComparisonReport {
      var request = ComparisonRequest<Known>(same(recipe), cells: cells)
      (request.seeds, request.parameters, request.testFile) = (seeds, parameters, testFile)
      (request.machine, request.output) = (machine, output)
      let session = try ComparisonSession(request, observe: StudyProgress.observer(progress))
      _ = try session.run(isInterrupted: isInterrupted)
      let report = try session.report()
      try report.requireAnEnd()
      return report
    }
    return try run(trainable(Task.self))
  }
}
