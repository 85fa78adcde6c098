import CellLanguage
import CommandKit
import Console
import Storage

extension Command {
  /// `recurrent cells language`
  static let showLanguage = Command(
    "language", "Shows what may stand in a cell's text: its lines, how parameters start, operators and functions."
  ) { declare in
    let json = declare.flag("--json", "print it as JSON")
    let markdown = declare.flag("--markdown", "print it as the tables of a page of documentation")
    declare.example("cells language", "shows all functions, and what each computes")
    return { invocation in
      let terminal = invocation.terminal
      let language = CellLanguageTables()
      if invocation[json] { return try terminal.print(Storage.json(language)) }
      if invocation[markdown] { return try terminal.write(language.markdown) }
      let abilities = terminal.output.abilities
      for (index, table) in language.tables.enumerated() {
        if index > 0 { try terminal.print("") }
        let lines = table.lines(
          width: abilities.isTerminal ? terminal.output.width : nil, ellipsis: abilities.hasUnicode ? "…" : "...",
          heading: { terminal.output.styled($0, .bold) })
        for line in lines { try terminal.print(line) }
      }
    }
  }
}

/// What may stand in a cell's text, from the tables by which it is read.
private struct CellLanguageTables: Encodable {
  private let lines = Keyword.allCases.map { Entry(written: $0.example, meaning: $0.meaning) }
  private let starts = Cell.Initializer.forms.map { Entry(written: $0.text, meaning: $0.meaning) }
  private let functions = Primitive.all.map(Function.init)

  struct Entry: Encodable {
    let written: String
    let meaning: String
  }

  struct Function: Encodable {
    let name: String
    let written: String
    /// Other signs and names that mean the same.
    let aliases: [String]
    let meaning: String
    /// The gradient of each argument; empty for one whose gradient is that of its parts.
    let gradients: [String]
    /// How far the fast code may be from the exact value, in units in the last place; nil for one that is computed as its parts.
    let ulps: Double?

    init(_ primitive: Primitive) {
      (name, aliases, gradients) = (primitive.name, primitive.aliases, primitive.gradients.map(\.description))
      let arguments = ["a", "b", "c"].prefix(primitive.arity)
      switch primitive.notation {
      case .infix(let sign, _): written = arguments.joined(separator: " \(sign) ")
      case .prefix(let sign): written = sign + arguments.joined()
      case .function: written = "\(primitive.name)(\(arguments.joined(separator: ", ")))"
      case .product: written = "\(Expression.apply(primitive, arguments.map { Expression.name($0) }))"
      }
      meaning = primitive.meaning ?? primitive.composition?.description ?? ""
      switch primitive.definition {
      case .composite, .matrix: ulps = nil
      default: ulps = primitive.ulps
      }
    }
  }

  var tables: [Table] {
    [
      Table(columns: [.text("line"), .text("what it says")], rows: lines.map { [$0.written, $0.meaning] }),
      Table(columns: [.text("start"), .text("what it says")], rows: starts.map { ["init W = \($0.written)", $0.meaning] }),
      Table(
        columns: [.text("function"), .text("also"), .text("what it computes")],
        rows: functions.map { [$0.written, $0.aliases.joined(separator: " "), $0.meaning] }),
    ]
  }

  /// The tables of `Documentation/language.md`, with an empty line between them.
  var markdown: String {
    let entries = { (title: String, entries: [Entry]) in
      (["| \(title) | what it says |", "|---|---|"] + entries.map { "| `\($0.written)` | \($0.meaning) |" })
    }
    let functions = zip(Primitive.all, self.functions).map { primitive, function in
      let aliases = function.aliases.map { "`\($0)`" }.joined(separator: " ")
      let gradients = function.gradients.map { "`\($0)`" }.joined(separator: "; ")
      let error = function.ulps.map { Expression.text(of: $0) } ?? ""
      let meaning = primitive.meaning ?? "`\(function.meaning)`"
      return "| `\(function.written)` | \(aliases) | \(meaning) | \(gradients) | \(error) |"
    }
    let head = ["| function | also | what it computes | gradient of each argument | ulps |", "|---|---|---|---|--:|"]
    return [entries("line", lines), entries("start", starts), head + functions]
      .map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }
}
