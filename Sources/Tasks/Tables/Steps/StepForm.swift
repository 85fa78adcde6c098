package import Support

/// How a table holds sequences that have something to give at every step: each row is a step.
package struct StepForm: NumberForm, Sendable, Hashable, Codable {
  /// What a network has to give at a step.
  package enum Targets: Sendable, Hashable, Codable {
    /// The text in this column.
    case label(column: String)
    /// The numbers in these columns.
    case values(columns: [String])
  }

  /// The columns of numbers that are read at each step.
  package var columns: [String]
  package var targets: Targets
  /// The column that says which sequence a row belongs to; nil if all rows are one sequence.
  package var group: String?
  /// The column of times, which may not go back within a sequence; nil if there is none.
  package var time: String?
  /// What is done about missing numbers that are read.
  package var missing: MissingPolicy
  /// The number of columns of a table whose columns have no names; nil if they have names.
  package var columnCount: Int?
  /// What cells may read beside the numbers of a step; nil for nothing.
  package var further: FurtherColumns?

  package init(
    columns: [String], targets: Targets, group: String? = nil, time: String? = nil, missing: MissingPolicy = .error,
    columnCount: Int? = nil, further: FurtherColumns? = nil
  ) {
    self.columns = columns
    self.targets = targets
    self.group = group
    self.time = time
    self.missing = missing
    self.columnCount = columnCount
    self.further = further
  }

  /// The columns of what a network has to give.
  package var targetColumns: [String] {
    switch targets {
    case .label(let column): [column]
    case .values(let columns): columns
    }
  }

  /// The names of the numbers of a step.
  package var stepNames: [String] { columns + (further?.names ?? []) }

  /// Checks a step that is read before the next one is known.
  ///
  /// - Parameter numbers: `[stepNames]`
  /// - Throws: ``RecurrentError`` if one is missing, which only a network that reads masks can take.
  package func checkNoneIsMissing(_ numbers: [Double]) throws(RecurrentError) {
    guard missing != .mask, let place = numbers.firstIndex(where: \.isNaN) else { return }
    throw RecurrentError(
      .data,
      "\(title(ofColumn: stepNames[place])): the number is missing, and what comes after it is not known yet to interpolate; a model that "
        + "was trained with missing numbers masked reads that it is")
  }
}

/// A sequence with something to give at every step.
package struct StepSequence: Sendable {
  /// The text in the group's column; empty if there is no such column.
  package let name: String
  /// The line of each step, or its number, counted from 1, in a sequence in memory.
  package internal(set) var lines: [Int] = []
  /// `[T, stepNames]`; NaN where a number is missing and masked.
  package internal(set) var inputs: [Double] = []
  /// The label of each step, empty where there is none; none if they were not asked for.
  package internal(set) var labels: [String] = []
  /// `[T, outputs]`, NaN where there is none; none if they were not asked for.
  package internal(set) var values: [Double] = []

  package init(name: String) { self.name = name }

  /// The number of steps.
  package var count: Int { lines.count }
}

extension StepSequence {
  /// The first steps.
  package func prefix(_ most: Int) -> StepSequence {
    guard most < count else { return self }
    var beginning = self
    beginning.lines.removeLast(count - most)
    beginning.inputs.removeLast(inputs.count / count * (count - most))
    beginning.labels.removeLast(labels.isEmpty ? 0 : count - most)
    beginning.values.removeLast(values.count / count * (count - most))
    return beginning
  }
}
