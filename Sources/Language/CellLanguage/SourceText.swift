/// A text, line by line, as diagnostics show it: a cell's, or a network's.
package struct SourceText: Sendable {
  package let file: String
  package let lines: [[Character]]

  package init(_ text: String, file: String) {
    self.file = file
    let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(Array.init)
  }

  /// The text of `span`; of a span of several lines, the first line's part and an ellipsis.
  package func text(of span: Span) -> String {
    let line = lines[span.line]
    if span.endLine == span.line { return String(line[span.column..<span.endColumn]) }
    return String(line[span.column...]) + " …"
  }

  /// The diagnostic of that kind at a place of the text.
  func diagnostic(_ kind: DiagnosticKind, at span: Span) -> Diagnostic {
    let (message, help) = kind.texts
    return diagnostic(message: message, help: help, at: span)
  }

  /// The diagnostic with such texts at a place of the text.
  package func diagnostic(message: String, help: String, at span: Span) -> Diagnostic {
    let line = lines[span.line]
    let end = span.endLine == span.line ? span.endColumn : line.count
    return Diagnostic(
      file: file, line: span.line + 1, column: span.column + 1, length: max(1, end - span.column), source: String(line),
      message: message, help: help)
  }
}

/// A range of a source, from its first character to just past its last one; lines and columns count from 0.
package struct Span: Sendable, Hashable {
  package let line: Int
  package let column: Int
  package let endLine: Int
  package let endColumn: Int

  package init(line: Int, columns: Range<Int>) {
    (self.line, column, endLine, endColumn) = (line, columns.lowerBound, line, columns.upperBound)
  }

  package init(from first: Span, to last: Span) {
    (line, column, endLine, endColumn) = (first.line, first.column, last.endLine, last.endColumn)
  }

  package static let start = Span(line: 0, columns: 0..<0)
}
