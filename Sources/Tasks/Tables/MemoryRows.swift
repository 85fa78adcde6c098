import Support

/// Reads the rows of columns in memory.
struct MemoryRows {
  private let columns: [[String]]
  private var row = 0

  /// - Throws: ``RecurrentError`` if there are no columns, if two have the same name, or if they are not equally long.
  init(_ columns: [(name: String, texts: [String])], source: String) throws(RecurrentError) {
    guard let first = columns.first else { throw RecurrentError(.data, "\(source) has no columns") }
    var names: Set<String> = []
    for (name, texts) in columns {
      guard names.insert(name).inserted else {
        throw RecurrentError(.data, "\(source) has two columns called “\(name)”; rename one")
      }
      guard texts.count == first.texts.count else {
        throw RecurrentError(
          .shape,
          "\(source) has \(texts.count) values in the column “\(name)” and \(first.texts.count) in “\(first.name)”: give all columns a value for each row"
        )
      }
    }
    self.columns = columns.map(\.texts)
  }

  /// - Returns: false at the end.
  mutating func next(_ next: inout TableRow) -> Bool {
    guard row < columns[0].count else { return false }
    next.clear(line: row + 1)
    for column in columns { next.add(column[row].utf8) }
    row += 1
    return true
  }
}
