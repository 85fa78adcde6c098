public import TaskKit

/// A classic problem that makes its own sequences, to show what a cell can remember.
///
///     var recipe = Recipe(ProblemTask(name: "adding"))
public struct ProblemTask: LearningTask {
  package static let kind = "problem"
  package static let version = 1

  /// Which problem: `adding`, `copy`, `temporal-order`, `embedded-reber`, `agreement`, `associative-recall`, `parity` or `modular-sum`.
  public var name: String?
  /// How far it reaches: steps, delay, distance or pairs; nil for the problem's default.
  public var length: Int?

  /// A problem.
  ///
  /// - Parameters:
  ///   - name: `adding`, `copy`, `temporal-order`, `embedded-reber`, `agreement`, `associative-recall`, `parity` or
  ///   `modular-sum`.
  ///   - length: how far it reaches: steps, delay, distance or pairs; nil for the problem's default.
  public init(name: String? = nil, length: Int? = nil) {
    self.name = name
    self.length = length
  }
}
