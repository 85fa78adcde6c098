/// How a file holds sequences that have labels.
package struct SequenceForm: NumberForm, Sendable, Hashable, Codable {
  /// Where a file has the steps of a sequence.
  package enum Steps: Sendable, Hashable, Codable {
    /// Each row has a text in this column.
    case text(column: String)
    /// Each row is a sequence: its numbers are in these columns, `perStep` for each step. Fields left empty at the end are steps
    /// that it does not have.
    case row(columns: [String], perStep: Int)
    /// Each row is a step with the numbers in these columns; consecutive rows with the same value in the group's column are a
    /// sequence.
    case rows(columns: [String], group: String)
    /// Each row is a sequence: in each of these columns it has an array with a number, or an array of `widths` numbers, for each
    /// step. A step reads those of all columns.
    case arrays(columns: [String], widths: [Int])
    /// A `.ts` file, with a number of dimensions for each step.
    case dimensions(Int)

    var areRows: Bool { if case .rows = self { true } else { false } }
  }

  package var steps: Steps
  /// The columns of labels: a single one, or one of zeros and ones for each label. None for a `.ts` file.
  package var labels: [String]
  /// The separator between the labels of a sequence that may have several in one column; nil if it has just one.
  package var separator: String?
  /// What is done about missing numbers.
  package var missing: MissingPolicy
  /// The number of columns of a table whose columns have no names; nil if they have names.
  package var columnCount: Int?
  /// What cells may read beside the numbers of a step; nil for nothing.
  package var further: FurtherColumns?

  package init(
    _ steps: Steps, labels: [String], separator: String? = nil, missing: MissingPolicy = .error, columnCount: Int? = nil,
    further: FurtherColumns? = nil
  ) {
    self.steps = steps
    self.labels = labels
    self.separator = separator
    self.missing = missing
    self.columnCount = columnCount
    self.further = further
  }

  /// Whether a sequence may have several labels, or none.
  package var isMultiple: Bool { labels.count > 1 || separator != nil }

  /// The number of numbers in a step as files have them; nil for texts.
  package var width: Int? { if case .text = steps { nil } else { stepNames.count } }

  /// The names of the numbers of a step; none for texts.
  package var stepNames: [String] { ownNames + (further?.names ?? []) }

  /// Those of its own columns.
  var ownNames: [String] {
    switch steps {
    case .text: []
    case .row(_, let perStep): perStep == 1 ? ["value"] : (1...perStep).map { "value \($0)" }
    case .rows(let columns, _): columns
    case .arrays(let columns, let widths):
      zip(columns, widths).flatMap { name, width in width == 1 ? [name] : (1...width).map { "\(name) \($0)" } }
    case .dimensions(let count): (1...max(1, count)).map { "dimension \($0)" }
    }
  }

  /// Whether the columns have names, and are not known by their places.
  var hasNames: Bool { !inputs.allSatisfy(isPlace) }

  /// Whether each step is a row, all of whose numbers should be there.
  package var isInRows: Bool { steps.areRows }

  /// The columns that are read.
  package var inputs: [String] {
    switch steps {
    case .text(let column): [column]
    case .row(let columns, _): columns
    case .rows(let columns, let group): columns + [group]
    case .arrays(let columns, _): columns
    case .dimensions: []
    }
  }
}
