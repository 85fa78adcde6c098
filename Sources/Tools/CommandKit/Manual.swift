import Support

/// The manual page of a command and all commands below it, in the mdoc language that `man` reads.
package struct Manual {
  let command: Command
  let version: String
  let date: String
  let environment: [(name: String, meaning: String)]

  /// - Parameters:
  ///   - version: of the program.
  ///   - date: the day of that version, such as `2026-12-01`.
  ///   - environment: the variables that the program uses beside those that every terminal program does.
  package init(of command: Command, version: String, date: String, environment: [(name: String, meaning: String)]) {
    self.command = command
    self.version = version
    self.date = date
    self.environment = environment
  }

  /// The page's text.
  package var text: String { (head + commandSections([command.name], command) + tail).joined(separator: "\n") + "\n" }

  private var head: [String] {
    let rows = command.commands.flatMap { [".It Cm \(word($0.name))"] + prose($0.summary) }
    let name = word(command.name)
    return [
      ".\\\" Written by `\(command.name) man`.", ".Dd \(spelled(date))", ".Dt \(name.uppercased()) 1",
      ".Os \(name) \(word(version))",
      ".Sh NAME", ".Nm \(name)", ".Nd \(words(command.summary.withoutFullStop.lowercasedFirst))",
      ".Sh SYNOPSIS", ".Nm", ".Ar command", ".Op Ar argument ...", ".Op Ar options",
      ".Nm", ".Fl \\-version", ".Nm", ".Op Ar command", ".Fl \\-help",
      ".Sh DESCRIPTION",
    ] + prose(command.summary) + [".Pp", "The commands:", ".Bl -tag -width Ds"] + rows + [".El", ".Pp"]
      + prose(
        "Options and arguments of a command may come in any order. `--option value` and `--option=value` mean the same, and what "
          + "comes after `--` is no option. All commands have these options:")
      + list(command.commonOptions(isOutermost: true).map { (names($0.names), $0.help) })
  }

  private var tail: [String] {
    let variables =
      environment + [
        ("NO_COLOR", "if set and not empty, no output is coloured."),
        ("CLICOLOR_FORCE", "if set and neither empty nor 0, output is coloured on what is no terminal, too."),
        ("TERM", "no output is coloured or written over on a terminal that is dumb."),
        (
          "LC_ALL, LC_CTYPE, LANG",
          "the first of these that is set says whether the terminal shows UTF-8. Numbers never follow it."
        ),
        ("COLUMNS", "the width of lines where the terminal does not tell its own."),
      ]
    let codes = [
      ("0", "all was done."), ("1", "the command failed; standard error says why."),
      ("2", "the arguments were not understood; standard error says why."),
      ("130", "stopped by Ctrl-C. Any other signal ends it with 128 and the signal's number."),
    ]
    return [".Sh ENVIRONMENT"] + list(variables.map { (".It Ev \(words($0.0))", $0.1) }) + [".Sh EXIT STATUS"]
      + list(codes.map { (".It \($0.0)", $0.1) })
  }

  /// The sections of the commands that do something, and of groups that have options of their own.
  private func commandSections(_ path: [String], _ command: Command) -> [String] {
    let start = path.count == 1 ? [".Sh COMMANDS"] : []
    switch command.kind {
    case .group(let commands, _):
      let own = command.alternative.map { commandSections(path, $0) } ?? []
      return start + own + commands.flatMap { commandSections(path + [$0.name], $0) }
    case .action(let declaration, _):
      var lines = start + [".Ss \(words(path.dropFirst().joined(separator: " ")))"] + prose(command.summary) + [".Pp"]
      lines += [".Nm", ".Cm \(words(path.dropFirst().joined(separator: " ")))"]
      lines += declaration.arguments.map { argument in
        let name = word(argument.name) + (argument.repeats ? " ..." : "")
        return argument.isRequired ? ".Ar \(name)" : ".Op Ar \(name)"
      }
      lines.append(".Op Ar options")
      let options = declaration.options.map { option in
        (names([option.name], option.placeholder), option.help + (option.defaultValue.map { " (default: \($0))" } ?? ""))
      }
      lines += list(declaration.arguments.map { (".It Ar \(word($0.name))", $0.help) } + options)
      for example in declaration.examples {
        lines += [".Pp"] + prose(example.meaning.capitalizedFirst + ":")
        lines += [".Bd -literal -offset indent", display(path[0] + " " + example.line), ".Ed"]
      }
      return lines
    }
  }

  /// A list of terms, each a line that begins with `.It`, and what they mean.
  private func list(_ rows: [(term: String, meaning: String)]) -> [String] {
    rows.isEmpty ? [] : [".Bl -tag -width Ds"] + rows.flatMap { [$0.term] + prose($0.meaning) } + [".El"]
  }

  private func names(_ names: [String], _ placeholder: String? = nil) -> String {
    let flags = names.map { "Fl \(word(String($0.dropFirst())))" }.joined(separator: " , ")
    return ".It \(flags)" + (placeholder.map { " Ar \(words($0))" } ?? "")
  }
}

/// A date such as `2026-12-01` in the form that mdoc requires: `December 1, 2026`.
private func spelled(_ date: String) -> String {
  let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
  ]
  let numbers = date.split(separator: "-").compactMap { Int($0) }
  guard numbers.count == 3, months.indices.contains(numbers[1] - 1) else { return date }
  return "\(months[numbers[1] - 1]) \(numbers[2]), \(numbers[0])"
}

/// Sentences, each on a line of its own, with bold text in place of backquotes.
private func prose(_ sentences: String) -> [String] {
  let parts = sentences.split(separator: "`", omittingEmptySubsequences: false)
  let text = parts.enumerated().map { $0.isMultiple(of: 2) ? escaped($1) : "\\fB\(escaped($1))\\fP" }.joined()
  return text.replacing(". ", with: ".\n").split(separator: "\n").map { guarded(String($0)) }
}

/// A line of text in a display.
private func display(_ text: String) -> String { guarded(escaped(text)) }

/// The words of a line that begins with a macro, escaped so that none is taken for a macro.
private func words(_ text: some StringProtocol) -> String {
  text.split(separator: " ").map { word(String($0)) }.joined(separator: " ")
}

private func word(_ word: String) -> String {
  let isShort = word.count <= 3 && word.first?.isUppercase == true || word.allSatisfy(\.isPunctuation)
  return (isShort ? "\\&" : "") + escaped(word).replacing("\"", with: "\\(dq")
}

/// Text with backslashes escaped, and with hyphens that are not typeset as ones that no shell understands.
private func escaped(_ text: some StringProtocol) -> String {
  String(text).replacing("\\", with: "\\e").replacing("-", with: "\\-")
}

/// A line that does not begin with a macro.
private func guarded(_ line: String) -> String { line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line }

extension String {
  fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
