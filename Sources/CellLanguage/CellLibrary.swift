extension Cell {
  /// The cells that come with the package, sorted by name: each a file in `Library/`.
  public static let library: [Cell] = cellTexts.map(parsed).sorted { $0.name < $1.name }

  private static func parsed(file: String, text: String) -> Cell {
    do throws(Diagnostic) {
      return try Cell(parsing: text, file: file)
    } catch {
      fatalError("a cell of the library is wrong: \(error)")
    }
  }

  /// The library's cell of that name.
  ///
  /// - Throws: ``UnknownCell`` if there is none; it says which name is near.
  public static func named(_ name: String) throws(UnknownCell) -> Cell {
    guard let cell = library.first(where: { $0.name == name }) else { throw UnknownCell(name: name) }
    return cell
  }

  /// Long short-term memory with a forget gate.
  public static let lstm = builtIn("lstm")
  /// The gated recurrent unit, with the reset behind the recurrent product.
  public static let gru = builtIn("gru")
  /// The plain recurrent network with tanh.
  public static let rnn = builtIn("rnn")

  private static func builtIn(_ name: String) -> Cell {
    do throws(UnknownCell) {
      return try named(name)
    } catch {
      fatalError("\(error)")
    }
  }
}

/// A name that no cell of the library has.
public struct UnknownCell: Error, Sendable, Hashable, CustomStringConvertible {
  public let name: String

  public var description: String {
    let names = Cell.library.map(\.name)
    let advice = closest(to: name, in: names).map { "did you mean `\($0)`?" } ?? "there are: \(names.joined(separator: ", "))"
    return "no cell of the library is called `\(name)`; \(advice)"
  }
}
