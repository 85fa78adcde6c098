/// How the predictions of a model are written.
package enum PredictionFormat: String, CaseIterable, Sendable {
  /// As plain text.
  case text
  /// As a table with a header.
  case csv
  /// As a JSON object on each line.
  case json
}

/// A text as a field of a CSV file: in quotes if it has a separator, a quote or an end of line.
package func quotedCSV(_ text: String) -> String {
  text.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
}
