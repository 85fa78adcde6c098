/// What a task measures of a model beside its loss, and how a table shows it. Each task has figures of its own.
package struct Figure: Sendable, Hashable {
  /// The figure's name in files: `macro_f1`.
  package let key: String
  /// The figure's title in tables.
  package let title: String
  /// The factor by which tables multiply it: 100 for a percentage.
  package let factor: Double
  /// The number of its decimals in tables.
  package let digits: Int

  package init(_ key: String, title: String? = nil, factor: Double = 1, digits: Int = 3) {
    self.key = key
    self.title = title ?? key
    self.factor = factor
    self.digits = digits
  }

  /// Figures are equal if their keys are, however they are shown.
  package static func == (left: Figure, right: Figure) -> Bool { left.key == right.key }
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }

  /// The fraction of the answers that is right.
  package static let accuracy = Figure("accuracy", title: "% right", factor: 100, digits: 1)
}

extension TrainableTask {
  package static var figures: [Figure] { [] }
}
