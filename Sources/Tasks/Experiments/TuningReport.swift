public import TaskKit

/// What a search has found.
public struct TuningReport<Task: LearningTask>: Sendable {
  /// A training with settings of its own.
  public struct Trial: Sendable {
    /// Counted from 1.
    public let number: Int
    package let settings: TrialSettings
    /// The recipe that trains with the settings.
    public let recipe: Recipe<Task>
    /// How far it was trained.
    public let iterations: Int
    /// Its best held-out loss.
    public let validation: Double
    /// The folder of its run.
    public let folder: String
  }

  /// The trial with the smallest loss.
  public let best: Trial
  /// All that have a loss, the best first.
  public let trials: [Trial]
  /// What was varied.
  package let dimensions: [SearchDimension<Task>]
  /// What losses are counted in: `nats per step`.
  package let lossUnit: String
  /// Digits of a loss after the point.
  package let lossDigits: Int
}
