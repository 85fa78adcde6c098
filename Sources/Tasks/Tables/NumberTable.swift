package import Support

/// A file of numbers in columns, with a row for each step.
package struct NumberTable: Sendable {
  package struct Column: Sendable, Hashable {
    package let name: String
    /// The numbers; nil where a field is empty.
    package let values: [Double?]

    package init(name: String, values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  /// The columns, which are equally long.
  package let columns: [Column]
  package var rows: Int { columns.first?.values.count ?? 0 }

  /// Reads a file. If the first line doesn't name the columns, they are called `column 1` and so on, or, if there is only one,
  /// after the file.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, has no rows, or has something else than numbers.
  package init(_ file: TableFile) throws(RecurrentError) {
    let reader = try TableReader(file)
    let names = reader.columns.count == 1 && !reader.hasHeader ? [Self.stem(of: file.path)] : reader.columns
    var columns = names.map { _ in [Double?]() }
    var row = TableRow()
    while try reader.next(&row) {
      for (index, name) in names.enumerated() {
        let number = try reader.number(row, (name, index))
        columns[index].append(number.isNaN ? nil : number)
      }
    }
    guard columns.contains(where: { !$0.isEmpty }) else {
      throw RecurrentError(.data, "\(file.path) has names of columns and no rows below them")
    }
    self.columns = zip(names, columns).map { Column(name: $0, values: $1) }
  }

  /// A file's name without its folders and its extension.
  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }
}
