public import CellLanguage
import Storage
package import Support

extension Cell {
  /// The cell whose equations are in a file, in UTF-8.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read or is no text; ``Diagnostic`` if the text is not a cell.
  public init(contentsOf path: String) throws {
    // A page of equations has some hundred bytes; what is much longer is something else, given by mistake.
    try self.init(parsing: textOfFile(path, atMost: 1 << 20, of: "any cell's equations"), file: path)
  }
}

/// What stands in a file of text in UTF-8.
///
/// - Parameter what: what the text is, for the message that says that it is too long.
package func textOfFile(_ path: String, atMost most: Int, of what: String) throws(RecurrentError) -> String {
  let file = try MappedFile(path)
  guard file.count <= most else {
    throw RecurrentError(cannotRead: path, "it has \(file.count) bytes, more than \(what)")
  }
  guard let text = file.withBytes(in: 0..<file.count, { String(validating: $0, as: UTF8.self) }) else {
    throw RecurrentError(cannotRead: path, "it is not text in UTF-8")
  }
  return text
}
