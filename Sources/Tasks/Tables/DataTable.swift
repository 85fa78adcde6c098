/// A table of numbers and texts: a file, or columns in memory.
///
///     let file = DataTable(path: "sales.csv")
///     let table = DataTable(columns: ["day": ["2024-01-01", "2024-01-02"], "sales": [12.0, 15.5]])
///
/// Texts are read as those of a file are: dates such as `2024-01-31` or `2024-01-31T13:45` are times, and an empty text is a
/// missing value. Messages count the rows of a table in memory as lines, from 1.
public struct DataTable: Sendable {
  enum Content: Sendable {
    case file(TableFile)
    case columns([(name: String, texts: [String])])
  }

  let content: Content

  /// The table in a file: CSV with any usual separator, TSV or JSON lines. It is read when it is needed.
  ///
  /// - Parameters:
  ///   - hasHeader: whether the first line names the columns; nil to find it out from the file.
  ///   - dialect: how the file is written, as far as it is known; the rest is found out from the file.
  public init(path: String, hasHeader: Bool? = nil, dialect: TableDialect = TableDialect()) {
    self.init(TableFile(path, hasHeader: hasHeader, dialect: dialect))
  }

  /// The table in a file. It is read when it is needed.
  package init(_ file: TableFile) { content = .file(file) }

  /// A table in memory.
  ///
  /// - Parameter columns: the columns' values by name, in the table's order, all equally long: numbers, texts, or optionals of
  ///   either.
  public init(columns: KeyValuePairs<String, any Column>) {
    self.init(columns.map { (name: $0.key, values: $0.value) })
  }

  /// A table in memory whose columns are not known before the program runs.
  ///
  /// - Parameter columns: the columns' values by name, in the table's order, all equally long.
  public init(_ columns: [(name: String, values: any Column)]) {
    content = .columns(
      columns.map { name, values in
        guard let column = values as? any WrittenColumn else {
          fatalError(
            "the column “\(name)” is a \(type(of: values)); give an array of texts or numbers, or of optionals of either")
        }
        return (name, column.written)
      })
  }

  /// What messages call the table.
  package var source: String {
    switch content {
    case .file(let file): file.path
    case .columns: "the table"
    }
  }

  /// The file; nil for a table in memory.
  package var file: TableFile? { if case .file(let file) = content { file } else { nil } }
  /// The file's path; nil for a table in memory.
  package var path: String? { file?.path }

  /// The table, read with the dialect of a model where it could be read in two ways.
  package func read(as model: TableDialect?) -> DataTable {
    guard var file else { return self }
    file.model = model ?? .firstVersion
    return DataTable(file)
  }
}

extension DataTable {
  /// The values of a column: an array of numbers, of texts, or of optionals of either. There are no others.
  public protocol Column: Sendable {}

  /// A value of a column: a number, a text, or an optional of either. There are no others.
  public protocol Value: Sendable {}
}

extension Array: DataTable.Column where Element: DataTable.Value {}
extension String: DataTable.Value {}
extension Int: DataTable.Value {}
extension Double: DataTable.Value {}
extension Float: DataTable.Value {}
extension Optional: DataTable.Value where Wrapped: DataTable.Value {}

/// A value that can be written as a field of a file.
private protocol WrittenValue {
  /// The field; empty if the value is missing.
  var written: String { get }
}

/// A column whose values can be written as fields of a file.
private protocol WrittenColumn {
  var written: [String] { get }
}

extension Array: WrittenColumn where Element: WrittenValue {
  fileprivate var written: [String] { map(\.written) }
}

extension String: WrittenValue {
  fileprivate var written: String { self }
}

extension Int: WrittenValue {
  fileprivate var written: String { "\(self)" }
}

extension Double: WrittenValue {
  /// The shortest text that stands for the number; empty for NaN, which stands for a missing value.
  fileprivate var written: String { isNaN ? "" : "\(self)" }
}

extension Float: WrittenValue {
  /// The shortest text that stands for the number; empty for NaN, which stands for a missing value.
  fileprivate var written: String { isNaN ? "" : "\(self)" }
}

extension Optional: WrittenValue where Wrapped: WrittenValue {
  fileprivate var written: String { self?.written ?? "" }
}
