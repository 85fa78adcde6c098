public import CellLanguage

extension Cell {
  /// The cell whose equations are in a file, in UTF-8.
  ///
  /// - Throws: ``FileError`` if the file can't be read or is no text; ``CellLanguage/Diagnostic`` if the text is not a cell.
  public init(contentsOf path: String) throws {
    let file = try MappedFile(path)
    // A page of equations has some hundred bytes; what is much longer is something else, given by mistake.
    guard file.count <= 1 << 20 else {
      throw FileError(cannotRead: path, "it has \(file.count) bytes, more than any cell's equations")
    }
    guard let text = file.withBytes(in: 0..<file.count, { String(validating: $0, as: UTF8.self) }) else {
      throw FileError(cannotRead: path, "it is not text in UTF-8")
    }
    try self.init(parsing: text, file: path)
  }
}
