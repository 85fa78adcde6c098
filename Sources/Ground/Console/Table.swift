/// Rows of texts below the titles of their columns.
package struct Table {
  package struct Column {
    package let title: String
    /// Whether the column's texts end below one another, as numbers do.
    package let isFlushRight: Bool

    package static func text(_ title: String) -> Column { Column(title: title, isFlushRight: false) }
    package static func numbers(_ title: String) -> Column { Column(title: title, isFlushRight: true) }
  }

  package let columns: [Column]
  /// Each as long as ``columns``.
  package var rows: [[String]] = []

  package init(columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// The titles and the rows as lines.
  ///
  /// - Parameters:
  ///   - width: characters that a line may have; what is longer ends with `ellipsis`. Nil for as many as it takes.
  ///   - heading: how the titles stand out. They are left out if no column has one.
  package func lines(width: Int? = nil, ellipsis: String = "…", heading: (String) -> String = { $0 }) -> [String] {
    let titles = columns.map(\.title)
    let hasTitles = titles.contains { !$0.isEmpty }
    let widths = columns.indices.map { column in
      rows.reduce(hasTitles ? titles[column].count : 0) { max($0, $1[column].count) }
    }
    func line(_ texts: [String]) -> String {
      var line = ""
      for (index, text) in texts.enumerated() {
        let space = String(repeating: " ", count: widths[index] - text.count)
        line += (index == 0 ? "" : "  ") + (columns[index].isFlushRight ? space + text : text + space)
      }
      while line.last == " " { line.removeLast() }
      guard let width, line.count > width else { return line }
      return line.prefix(max(0, width - ellipsis.count)) + ellipsis
    }
    return (hasTitles ? [heading(line(titles))] : []) + rows.map(line)
  }
}

extension String {
  /// The text with spaces after it, at least `width` characters.
  package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
