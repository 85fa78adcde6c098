public import TaskKit

/// A classic problem that makes its own sequences, to show what a cell can remember.
///
///     var recipe = Recipe(ProblemTask(name: "adding"))
public struct ProblemTask: LearningTask {
  package static let kind = "problem"
  package static let version = 1

  /// Which problem: `adding`, `copy`, `temporal-order`, `embedded-reber` or `agreement`.
  public var name: String?
  /// How far it reaches: steps, delay or distance; nil for the problem's default.
  public var length: Int?

  /// A problem.
  ///
  /// - Parameters:
  ///   - name: `adding`, `copy`, `temporal-order`, `embedded-reber` or `agreement`.
  ///   - length: how far it reaches: steps, delay or distance; nil for the problem's default.
  public init(name: String? = nil, length: Int? = nil) {
    self.name = name
    self.length = length
  }
}
