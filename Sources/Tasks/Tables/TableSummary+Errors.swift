package import Support

extension TableSummary {
  /// The error for a value of the wrong kind.
  func error(_ odd: ColumnSummary.Odd, of column: ColumnSummary) -> RecurrentError {
    let remedy = column.kind == .number || column.kind == .text ? remedy(for: odd, of: column) : nil
    return RecurrentError(
      .data,
      naming:
        "\(source), line \(odd.line), \(title(ofColumn: column.name)): \(quotedValue(odd.text)) stands where \(column.expected) is expected; "
        + (remedy.map { "\($0), or mend it" as Sentence } ?? "mend it, or leave the place empty"))
  }

  /// How a value that is no number could be read as one; nil if it could not.
  package func remedy(for odd: ColumnSummary.Odd, of column: ColumnSummary) -> Sentence? {
    format.dialect == nil || column.isAmount(odd) ? nil : NumberReading.remedy(for: odd.text)
  }
}
