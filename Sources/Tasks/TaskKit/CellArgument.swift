package import CellLanguage
import Models
import Platform
import Support

extension CellText {
  /// The cell that an argument names, as ``cell(named:)`` finds it.
  package init(argument: String) throws { self.init(try TaskKit.cell(named: argument)) }
}

/// The cell that an argument names: the library's of that name, or the one in a file.
///
/// An argument with a `/` or that ends in `.cell` is a file. A name that the library has is the library's, even if a file or a
/// folder has it; any other name of a file that exists is that file. After either may stand how parameters start and what
/// constants are, in place of what the cell's own text says: `lstm[b_f=0]`, `rnn[W_h=normal(0.1),b=1]`, `mine.cell[ε=1e-3]`.
package func cell(named argument: String) throws -> Cell {
  guard argument.hasSuffix("]"), let open = argument.firstIndex(of: "[") else { return try plainCell(named: argument) }
  var cell = try plainCell(named: String(argument[..<open]))
  for start in listed(argument[argument.index(after: open)...].dropLast()) {
    guard let sign = start.firstIndex(of: "="), sign != start.startIndex else {
      throw RecurrentError(
        .usage,
        "\"\(start)\" in \(argument) does not say how a parameter starts; write it like lstm[b_f=0] or rnn[W_h=orthogonal]")
    }
    let (name, value) = (String(start[..<sign]), String(start[start.index(after: sign)...]))
    cell = try cell.constant(named: name) == nil ? cell.initializing(name, as: value) : cell.setting(name, as: value)
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

extension CellText? {
  /// Whether two cells compute the same of the same weights: how weights start, and what is drawn in training, may differ.
  func computesLike(_ other: CellText?) -> Bool {
    guard let own = try? self?.cell(), let other = try? other?.cell() else { return false }
    return own.inputs == other.inputs && own.states.map(\.name) == other.states.map(\.name)
      && own.states.map(\.size) == other.states.map(\.size) && own.sizes == other.sizes
      && own.equations.map(\.name) == other.equations.map(\.name)
      && own.equations.map(\.expression) == other.equations.map(\.expression)
      && own.parameters.map(\.name) == other.parameters.map(\.name)
      && own.parameters.map(\.kind) == other.parameters.map(\.kind) && own.hasHeads == other.hasHeads
      && own.repeats == other.repeats
      && own.constants == other.constants
  }
}
