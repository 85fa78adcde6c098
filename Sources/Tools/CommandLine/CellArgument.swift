package import CellLanguage
import CommandKit
import Models
import Platform

/// The cell that an argument means: the library's of that name, or the one in a file.
///
/// What holds a `/` or ends in `.cell` is a file. A name that the library has is the library's, even if a file or a folder
/// is called so; any other name of a file that exists is that file. Behind either may stand how parameters start, in place of
/// what the cell's own text says: `lstm[b_f=0]`, `rnn[W_h=normal(0.1),b=1]`.
package func cell(named argument: String) throws -> Cell {
  guard argument.hasSuffix("]"), let open = argument.firstIndex(of: "[") else { return try plainCell(named: argument) }
  var cell = try plainCell(named: String(argument[..<open]))
  for start in listed(argument[argument.index(after: open)...].dropLast()) {
    guard let sign = start.firstIndex(of: "="), sign != start.startIndex else {
      throw UsageError(
        "\"\(start)\" in \(argument) does not say how a parameter starts; write it like lstm[b_f=0] or rnn[W_h=orthogonal]")
    }
    cell = try cell.initializing(String(start[..<sign]), as: String(start[start.index(after: sign)...]))
  }
  return cell
}

private func plainCell(named argument: String) throws -> Cell {
  if argument.contains("/") || argument.hasSuffix(".cell") { return try Cell(contentsOf: argument) }
  do throws(UnknownCell) {
    return try Cell.named(argument)
  } catch {
    guard access(argument, F_OK) == 0 else { throw error }
    return try Cell(contentsOf: argument)
  }
}

/// The parts of a list between its commas; those within brackets and parentheses part nothing.
func listed(_ text: some StringProtocol) -> [String] {
  var parts = [""]
  var depth = 0
  for character in text {
    depth += "([".contains(character) ? 1 : ")]".contains(character) ? -1 : 0
    if character == "," && depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
  }
  return parts.map { $0.split(separator: " ").joined(separator: " ") }
}
