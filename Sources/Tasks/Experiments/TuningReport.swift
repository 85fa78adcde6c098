public import TaskKit

/// The result of a search.
///
///     print(report.best.validation, report.best.recipe.training.learningRate ?? .nan)
public struct TuningReport<Task: LearningTask>: Sendable {
  /// A training with some settings.
  public struct Trial: Sendable {
    /// The trial's number, counted from 1.
    public let number: Int
    package let settings: TrialSettings
    /// The recipe with the trial's settings.
    public let recipe: Recipe<Task>
    /// The number of iterations that it was trained for.
    public let iterations: Int
    /// The trial's best held-out loss; of forecasts their MASE, since losses of different transformations can't be compared.
    public let validation: Double
    /// The folder of the trial's run.
    public let folder: String
  }

  /// The trial with the smallest loss.
  public let best: Trial
  /// All trials that have a loss, the best first.
  public let trials: [Trial]
  /// What was varied.
  package let dimensions: [SearchDimension<Task>]
  /// The unit of losses: `nats per step`.
  package let lossUnit: String
  /// The number of decimals of a loss.
  package let lossDigits: Int
}
