/// How what a model says of a file is written.
package enum PredictionFormat: String, CaseIterable, Sendable {
  /// For people.
  case text
  /// A table with a header.
  case csv
  /// An object a line.
  case json
}

/// A text as a field of a CSV file: in quotes if it has a separator, a quote or an end of line.
package func quotedCSV(_ text: String) -> String {
  text.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
}
