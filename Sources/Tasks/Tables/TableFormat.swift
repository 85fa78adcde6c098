/// In which form a table is.
package enum TableFormat: Sendable, Hashable, CustomStringConvertible {
  /// Texts with something between them that separates them.
  case delimited(TableDialect)
  /// An object on each line.
  case jsonLines
  /// Columns in memory.
  case memory

  package var description: String {
    switch self {
    case .jsonLines: "columns in JSON lines"
    case .memory: "columns in memory"
    case .delimited(let dialect): "columns" + (dialect.delimiter.map { " separated by \($0.things)" } ?? "")
    }
  }

  /// How the file is written; nil for a table that is no text with delimiters.
  package var dialect: TableDialect? { if case .delimited(let dialect) = self { dialect } else { nil } }
}
