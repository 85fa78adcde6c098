/// A table of numbers and texts: a file, or columns in memory.
///
///     let file = DataTable(path: "sales.csv")
///     let table = DataTable(columns: ["day": ["2024-01-01", "2024-01-02"], "sales": [12.0, 15.5]])
///
/// Texts are read as those of a file are: dates such as `2024-01-31` or `2024-01-31T13:45` are times, and an empty text is a missing value.
/// Messages count the rows of a table in memory as lines, from 1.
public struct DataTable: Sendable {
  enum Content: Sendable {
    /// A file, or `-` for standard input.
    case file(String, hasHeader: Bool?)
    case columns([(name: String, texts: [String])])
  }

  let content: Content

  /// The table in a file: CSV with any usual separator, TSV or JSON lines. It is read when it is needed.
  ///
  /// - Parameter hasHeader: whether the first line names the columns; nil to see it from the file.
  public init(path: String, hasHeader: Bool? = nil) { content = .file(path, hasHeader: hasHeader) }

  /// A table in memory.
  ///
  /// - Parameter columns: the columns' values by name, in the table's order, all equally long: numbers, texts, or optionals of either.
  public init(columns: KeyValuePairs<String, any TableColumn>) {
    self.init(columns.map { (name: $0.key, values: $0.value) })
  }

  /// A table in memory, whose columns only the program knows.
  ///
  /// - Parameter columns: the columns' values by name, in the table's order, all equally long.
  public init(_ columns: [(name: String, values: any TableColumn)]) {
    content = .columns(columns.map { ($0.name, $0.values.tableTexts) })
  }

  /// What messages call it.
  package var source: String {
    switch content {
    case .file(let path, _): path
    case .columns: "the table"
    }
  }

  /// The file's path; nil of a table in memory.
  package var path: String? { if case .file(let path, _) = content { path } else { nil } }
}

/// The values of a table's column: an array of numbers, of texts, or of optionals of either.
public protocol TableColumn: Sendable {
  /// The values as a file would have them; empty where one is missing.
  var tableTexts: [String] { get }
}

/// A value of a table: a number, a text, or an optional of either.
public protocol TableElement: Sendable {
  /// The value as a file would have it; empty if it is missing.
  var tableText: String { get }
}

extension Array: TableColumn where Element: TableElement {
  public var tableTexts: [String] { map(\.tableText) }
}

extension String: TableElement {
  public var tableText: String { self }
}

extension Int: TableElement {
  public var tableText: String { "\(self)" }
}

extension Double: TableElement {
  /// The shortest text that stands for the number; empty for NaN, which stands for a missing value.
  public var tableText: String { isNaN ? "" : "\(self)" }
}

extension Float: TableElement {
  /// The shortest text that stands for the number; empty for NaN, which stands for a missing value.
  public var tableText: String { isNaN ? "" : "\(self)" }
}

extension Optional: TableElement where Wrapped: TableElement {
  public var tableText: String { self?.tableText ?? "" }
}
