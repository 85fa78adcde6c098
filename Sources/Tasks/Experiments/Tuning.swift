public import Engine
import Support
public import TaskKit

/// The search for the settings with which a training does best.
public enum Tuning {
  /// Searches for the settings of a recipe by successive halving, for some minutes.
  ///
  ///     let recipe = Recipe(ProblemTask(name: "adding"))
  ///     let report = try Tuning.run(recipe, searching: [.learningRate(0.001...0.1), .units(8...64)], minutes: 10)
  ///     print(report.best.validation, report.best.recipe.network.units ?? 0)
  ///     let found = report.best.recipe
  ///
  /// The first trial has the default settings. All is kept in a folder, a run like any other for each trial; the same call goes
  /// on where it was stopped, and for as long again.
  ///
  /// - Parameters:
  ///   - recipe: what all trials have in common. Its seed decides what is tried, too.
  ///   - dimensions: what is varied; nil for learning rate, units, layers and dropout around the task's defaults, and for forecasts what the
  ///     recipe leaves open of difference, likelihood, context and schedule; or, if the recipe starts from a model, for learning rate and dropout.
  ///   - minutes: how long to search.
  ///   - trials: how many trials begin together; their number is halved round by round.
  ///   - output: the folder of the search; nil for one in `runs`.
  ///   - machine: what each run is computed on; nil for the fastest kernels and a single thread. As many runs go on at once as
  ///     there are processors for.
  ///   - progress: called after each iteration of each run, never twice at once, though from any thread.
  ///   - isInterrupted: asked after each iteration of each run whether to stop. All is saved then.
  /// - Throws: ``RecurrentError`` if something is asked for that can't be done, or if no trial has got far enough to be compared.
  public static func run<Task: LearningTask>(
    _ recipe: Recipe<Task>, searching dimensions: [SearchDimension<Task>]? = nil, minutes: Double = 10, trials: Int = 16,
    output: String? = nil, machine: Machine? = nil, progress: @escaping @Sendable (StudyProgress) -> Void = { _ in },
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws -> TuningReport<Task> {
    let bounds = Bounds.upTo(1_000_000)
    guard bounds.contains(minutes) else {
      throw RecurrentError(.setting, naming: "\(Setting("minutes")) is \(short(minutes)); expected \(bounds.expectation)")
    }
    func run<Known: TrainableTask>(_: Known.Type) throws -> TuningReport<Task> {
      let space =
        dimensions.map { same(SearchSpace($0)) }
        ?? SearchSpace<Known>(SearchRanges(about: Known.defaults), variesLayers: recipe.network.from == nil)
      var request = TuningRequest<Known>(same(recipe), space: space)
      (request.trials, request.machine, request.output) = (trials, machine, output)
      request.searchesChoices = dimensions == nil
      var session = try TuningSession(request, observe: StudyProgress.observer(progress))
      _ = try session.run(minutes: minutes, isInterrupted: isInterrupted)
      return same(try session.report())
    }
    return try run(trainable(Task.self))
  }
}
