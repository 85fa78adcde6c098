import Support
package import Tables

extension TableDialect: EmptySettings {
  /// The settings that say how the file of a table is written.
  package static let fields: [SettingField<TableDialect>] = [
    .value(
      Settings.delimiter, "MARK", \.delimiter,
      "what stands between columns: comma, semicolon, tab, pipe or space; seen from the file",
      expected: "comma, semicolon, tab, pipe or space", shows: { $0.rawValue }
    ) { Delimiter(word: $0) },
    .value(
      Settings.decimal, "MARK", \.decimal, "what stands before decimals: point or comma; seen from the file",
      expected: "point or comma", shows: { $0.rawValue }
    ) { DecimalMark(word: $0) },
    .value(
      Settings.thousands, "MARK", \.thousands,
      "what stands between groups of three digits: point, comma, space, apostrophe or none; seen from the file",
      expected: "point, comma, space, apostrophe or none", shows: { $0.rawValue }
    ) { ThousandsMark(word: $0) },
    .answer(
      Settings.comments.name, \.hasComments, "whether lines that begin with # are comments; seen from the file if not given"),
    .integer(Settings.skip.name, \.skippedLines, in: 0...1_000_000, "lines before the table; seen from the file if not given"),
  ]
}
