/// The file of a table, and what is known of how it is written.
package struct TableFile: Sendable, Hashable {
  /// The path, or `-` for standard input.
  package let path: String
  /// Whether the first line names the columns; nil to find it out from the file.
  package var hasHeader: Bool?
  /// What the caller says of how the file is written.
  package var dialect: TableDialect
  /// How the table was written that a model was trained on, which decides where a file can be read in two ways; nil to refuse such
  /// files.
  package var model: TableDialect?

  package init(_ path: String, hasHeader: Bool? = nil, dialect: TableDialect? = nil, model: TableDialect? = nil) {
    self.path = path
    self.hasHeader = hasHeader
    self.dialect = dialect ?? TableDialect()
    self.model = model
  }

  var isStandardInput: Bool { path == ByteSource.standardInput }
}
