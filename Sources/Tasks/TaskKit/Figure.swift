/// What a task measures of a model beside its loss, and how a table shows it. Each task has figures of its own.
package struct Figure: Sendable, Hashable {
  /// Under which name files keep it: `macro_f1`.
  package let key: String
  /// What it is called in a table.
  package let title: String
  /// What it is multiplied by there: 100 for a percentage.
  package let factor: Double
  /// Its digits after the decimal point there.
  package let digits: Int

  package init(_ key: String, title: String? = nil, factor: Double = 1, digits: Int = 3) {
    self.key = key
    self.title = title ?? key
    self.factor = factor
    self.digits = digits
  }

  /// Figures are the same if their keys are, however they are shown.
  package static func == (left: Figure, right: Figure) -> Bool { left.key == right.key }
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }

  /// The fraction of all answers that is right.
  package static let accuracy = Figure("accuracy", title: "% right", factor: 100, digits: 1)
}

extension TrainableTask {
  package static var figures: [Figure] { [] }
}
