import Support

extension Cell {
  /// The cells that come with the package, sorted by name: each a file in `Library/` that bears its name.
  public static let library: [Cell] = embeddedTexts.map(parsed).sorted { $0.name < $1.name }

  /// The library's cell of that name; only this one is read.
  ///
  /// - Throws: ``UnknownCell`` if there is none; it says which name is near.
  public static func named(_ name: String) throws(UnknownCell) -> Cell {
    guard let text = embeddedTexts.first(where: { $0.name == name + fileEnding }) else { throw UnknownCell(name: name) }
    return parsed(text)
  }

  /// Long short-term memory with a forget gate.
  public static let lstm = builtIn("lstm")
  /// The gated recurrent unit, with the reset after the recurrent product.
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

  private static func parsed(_ cell: (name: String, text: String)) -> Cell {
    do throws(Diagnostic) {
      return try Cell(parsing: cell.text, file: cell.name)
    } catch {
      fatalError("a cell of the library is wrong: \(error)")
    }
  }
}

private let fileEnding = ".cell"

/// A name that no cell of the library has.
public struct UnknownCell: Error, Sendable, Hashable, CustomStringConvertible {
  /// The name that was looked for.
  public let name: String

  /// The name that was probably meant, or all that there are.
  package var advice: String {
    let names = embeddedTexts.map { String($0.name.dropLast(fileEnding.count)) }.sorted()
    return closest(to: name, in: names).map { "did you mean `\($0)`?" } ?? "there are: \(names.joined(separator: ", "))"
  }

  /// The sentence that names the cell, and the one that was probably meant.
  public var description: String { "no cell of the library is called `\(name)`; \(advice)" }
}
