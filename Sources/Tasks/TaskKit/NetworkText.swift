import CellLanguage
import Models
public import Networks
import Support

/// Layers and what each of them reads as a recipe holds them: a page of equations with those of all its cells, so that the recipe needs no other
/// file.
///
///     recipe.network.page = try NetworkText("a = gru(x, units: 64); y = [x, a]")
public struct NetworkText: Codable, Hashable, Sendable {
  /// The page, as a `.network` file has it.
  package let equations: String

  /// The text of a page.
  public init(_ page: NetworkPage) { equations = page.text(havingLibrary: true) }

  /// A page with cells of the library, or with cells whose equations stand below it; on one line, `;` stands between lines.
  ///
  /// - Throws: ``Diagnostic`` if the text is no page.
  public init(_ text: String) throws { self.init(try NetworkPage(parsing: text)) }

  /// The page in a file. Cells that it names by their files are looked for beside it.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read; ``Diagnostic`` if it holds no page.
  public init(contentsOf path: String) throws {
    let text = try textOfFile(path, atMost: 1 << 20, of: "any network's equations")
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    self.init(
      try NetworkPage(parsing: text, file: path) { word in
        let isFile = word.prefix { $0 != "[" }.contains("/") || word.prefix { $0 != "[" }.hasSuffix(".cell")
        return try TaskKit.cell(named: isFile && !word.hasPrefix("/") ? folder + word : word)
      })
  }

  /// The page that an argument is, or the one in the file that it names: a page names layers with parentheses, and a file does not.
  package init(argument: String) throws {
    if argument.contains("(") {
      self.init(try NetworkPage(parsing: argument, file: "the network") { try TaskKit.cell(named: $0) })
    } else {
      try self.init(contentsOf: argument)
    }
  }

  /// The checked page.
  package func page() throws -> NetworkPage { try NetworkPage(parsing: equations, file: "the network") }
}

/// Either how many layers there are, one above the other, or what each of them reads.
struct LayerChoice: Sendable, Equatable {
  var count: Int?
  var page: NetworkText?

  /// As a message shows it.
  var text: String? { page.map { (try? $0.page())?.lines.joined(separator: "; ") ?? "a network" } ?? count.map { "\($0)" } }
}

extension NetworkSettings {
  /// What is said of how the layers stand.
  var choice: LayerChoice {
    get { LayerChoice(count: layers, page: page) }
    set { (layers, page) = (newValue.count, newValue.page) }
  }
}
