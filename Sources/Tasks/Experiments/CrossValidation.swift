public import Engine
import Support
public import TaskKit

/// How well a training does on data that it has not seen, where there are too few to hold much out: each of several parts is held out
/// once, and then a model is trained on all of them.
public enum CrossValidation {
  /// Trains a recipe once for each part, and once on all data.
  ///
  ///     let report = try CrossValidation.run(Recipe(ClassifyTask(path: "readings.csv")), folds: 5)
  ///     print(report.score ?? 0, report.interval ?? 0...1)
  ///     let classifier = try Classifier(contentsOf: report.model ?? "")
  ///
  /// The last training takes as many iterations as the others took to their best, in the median. All is kept in a folder, and the same
  /// call goes on where it was stopped.
  ///
  /// - Parameters:
  ///   - recipe: of a classifier, a labeller or a tagger, which does not say itself what is held out.
  ///   - folds: the number of parts.
  ///   - output: the folder; nil for one in `runs`.
  ///   - machine: what each run is computed on; nil for the fastest kernels and a single thread. As many runs go on at once as there
  ///     are processors for.
  ///   - progress: called after each iteration of each run, never twice at once, though from any thread.
  ///   - isInterrupted: asked after each iteration of each run whether to stop. All is saved then.
  /// - Throws: ``RecurrentError`` if something is asked for that can't be done, or if no run came to its end.
  public static func run<Task: LearningTask>(
    _ recipe: Recipe<Task>, folds: Int, output: String? = nil, machine: Machine? = nil,
    progress: @escaping @Sendable (StudyProgress) -> Void = { _ in }, isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws -> FoldReport {
    func run<Known: TrainableTask>(_: Known.Type) throws -> FoldReport {
      var request = FoldRequest<Known>(same(recipe), folds: folds)
      (request.machine, request.output) = (machine, output)
      let session = try FoldSession.begin(request, observe: StudyProgress.observer(progress))
      _ = try session.run(isInterrupted: isInterrupted)
      return try session.report()
    }
    return try run(trainable(Task.self))
  }
}
