/// A file of numbers in columns, a row a step: comma-separated values, or one number a line.
public struct NumberTable: Sendable {
  public struct Column: Sendable, Hashable {
    public let name: String
    /// Nil where the file leaves the place empty.
    public let values: [Double?]

    package init(name: String, values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  /// All equally long.
  public let columns: [Column]
  public var rows: Int { columns.first?.values.count ?? 0 }

  /// Reads a file. If its first line has something that is no number, it is the columns' names; else they are `column 1` and so on,
  /// or, if there is only one, what the file is called.
  ///
  /// - Throws: ``DataError`` if the file can't be read, has no numbers, or has a line that does not fit the others.
  public init(contentsOf path: String) throws(DataError) {
    let text = try withBytes(ofFile: path) { (bytes) throws(DataError) -> String in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw DataError("\(path) is not UTF-8: numbers are expected")
      }
      return text
    }
    try self.init(text, source: path)
  }

  init(_ text: String, source: String) throws(DataError) {
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    var rows = lines.enumerated().map { (line: $0 + 1, cells: Self.cells(of: $1)) }
    // Behind the last line end nothing begins; elsewhere an empty line is a step without a number.
    if rows.last?.cells == [""] { rows.removeLast() }
    guard let first = rows.first else { throw DataError("\(source) is empty; it should have numbers, a row a step") }
    let isHeader = first.cells.contains { !$0.isEmpty && Double($0) == nil }
    let names =
      isHeader
      ? first.cells
      : first.cells.count == 1 ? [Self.stem(of: source)] : first.cells.indices.map { "column \($0 + 1)" }
    if isHeader { rows.removeFirst() }
    guard !rows.isEmpty else { throw DataError("\(source) has names of columns and no numbers below them") }
    var columns = names.map { _ in [Double?]() }
    for (line, cells) in rows {
      let isEmpty = cells == [""]
      guard isEmpty || cells.count == names.count else {
        let count = "\(cells.count) \(cells.count == 1 ? "number" : "numbers")"
        throw DataError("line \(line) of \(source) has \(count), and the first one has \(names.count)")
      }
      for (index, name) in names.enumerated() {
        let cell = isEmpty ? "" : cells[index]
        let number = Double(cell)
        if number == nil && !cell.isEmpty {
          throw DataError("line \(line) of \(source) has “\(cell)” in the column \(name), which is no number")
        }
        columns[index].append(number)
      }
    }
    self.columns = zip(names, columns).map { Column(name: $0, values: $1) }
  }

  /// The parts between commas, without the space and the quotes around them.
  private static func cells(of line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
      var cell = cell.drop { $0 == " " || $0 == "\t" }
      while let last = cell.last, last == " " || last == "\t" { cell.removeLast() }
      if cell.count > 1, cell.first == "\"", cell.last == "\"" { cell = cell.dropFirst().dropLast() }
      return String(cell)
    }
  }

  /// A file's name without its folders and its ending.
  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }
}
