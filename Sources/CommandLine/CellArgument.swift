import ModelFiles
package import CellLanguage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The cell that an argument means: the library's of that name, or the one in a file.
///
/// What holds a `/` or ends in `.cell` is a file. A name that the library has is the library's, even if a file or a folder
/// is called so; any other name of a file that exists is that file.
package func cell(named argument: String) throws -> Cell {
  if argument.contains("/") || argument.hasSuffix(".cell") { return try Cell(contentsOf: argument) }
  do throws(UnknownCell) {
    return try Cell.named(argument)
  } catch {
    guard access(argument, F_OK) == 0 else { throw error }
    return try Cell(contentsOf: argument)
  }
}
