public import TaskKit

/// A classic problem that makes its own sequences, to show what a cell can remember.
///
///     var recipe = Recipe(ProblemTask(name: "adding"))
public struct ProblemTask: LearningTask {
  public static let kind = "problem"
  public static let version = 1

  /// Which problem: one of ``BuiltInProblem``.
  public var name: String?
  /// How far it reaches: steps, delay or distance; nil for the problem's default.
  public var length: Int?

  public init(name: String? = nil, length: Int? = nil) {
    self.name = name
    self.length = length
  }
}
