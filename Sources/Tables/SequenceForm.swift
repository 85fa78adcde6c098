/// How a file holds sequences that have labels.
public struct SequenceForm: Sendable, Hashable, Codable {
  /// Where a sequence's steps are.
  public enum Steps: Sendable, Hashable, Codable {
    /// Each row has a text in this column.
    case text(column: String)
    /// Each row is a sequence: its numbers stand in these columns, so many for each step. Places left empty at the end are steps that it
    /// does not have.
    case row(columns: [String], perStep: Int)
    /// Each row is a step with these numbers; rows that follow one another with the same value in the group's column are a sequence.
    case rows(columns: [String], group: String)
    /// A `.ts` file, with so many numbers for each step.
    case dimensions(Int)
  }

  public var steps: Steps
  /// The columns that hold labels: a single one, or one of zeros and ones for each label. None in a `.ts` file.
  public var labels: [String]
  /// What stands between the labels of a sequence that may have several in one column; nil if it has just one.
  public var separator: String?
  /// Columns of a table in which they are known by their places; nil where they have names.
  public var columnCount: Int?

  public init(_ steps: Steps, labels: [String], separator: String? = nil, columnCount: Int? = nil) {
    self.steps = steps
    self.labels = labels
    self.separator = separator
    self.columnCount = columnCount
  }

  /// Whether a sequence may have several labels, or none.
  public var isMultiple: Bool { labels.count > 1 || separator != nil }

  /// Numbers of a step; nil for texts.
  public var width: Int? {
    switch steps {
    case .text: nil
    case .row(_, let perStep): perStep
    case .rows(let columns, _): columns.count
    case .dimensions(let count): count
    }
  }

  /// Whether the columns are known by names of their own, and not by their places.
  var hasNames: Bool {
    !inputs.allSatisfy { name in name.hasPrefix("column ") && name.dropFirst("column ".count).allSatisfy(\.isNumber) }
  }

  /// The columns that hold what is read.
  var inputs: [String] {
    switch steps {
    case .text(let column): [column]
    case .row(let columns, _): columns
    case .rows(let columns, let group): columns + [group]
    case .dimensions: []
    }
  }
}
