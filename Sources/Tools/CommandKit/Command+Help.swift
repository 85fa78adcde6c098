extension Command {
  /// The help for this command, which the words of `path` lead to: lines of at most `width` characters, written from
  /// the declaration alone. `heading` says how headings stand out.
  package func help(path: [String], width: Int, heading: (String) -> String) -> [String] {
    let called = path.joined(separator: " ")
    let common = commonOptions(isOutermost: path.count == 1).map { ($0.names.joined(separator: ", "), $0.help) }
    var sections: [Section] = []
    var usages: [String]
    switch kind {
    case .group(let commands, _):
      usages = ["\(called) COMMAND"]
      if let option = alternative?.options.first { usages.append("\(called) \(option.row.term) [options]") }
      sections.append(Section("Commands", commands.map { ($0.name, $0.summary) }))
      sections.append(Section("Options", (alternative?.options.map(\.row) ?? []) + common))
    case .action(let declaration, _):
      usages = [([called] + declaration.arguments.map(\.usage) + ["[options]"]).joined(separator: " ")]
      sections.append(Section("Arguments", declaration.arguments.map { ($0.name, $0.help) }))
      sections.append(Section("Options", declaration.options.map(\.row) + common))
    }
    sections.append(Section("Examples", examples.map { ("\(path[0]) \($0.line)", $0.meaning) }, stacked: true))
    let title = "Usage: "
    let usage = usages.enumerated().map { place, usage in
      place == 0 ? heading("Usage:") + " " + usage : String(repeating: " ", count: title.count) + usage
    }
    return wrapped(summary, width) + [""] + usage
      + sections.filter { !$0.rows.isEmpty }.flatMap { ["", heading("\($0.title):")] + $0.lines(width) }
  }

  /// The examples that the help shows: for a group those of its ``alternative``.
  private var examples: [Declaration.Example] {
    switch kind {
    case .group: alternative?.examples ?? []
    case .action(let declaration, _): declaration.examples
    }
  }
}

/// A heading with rows of a term and what it means.
private struct Section {
  let title: String
  let rows: [(term: String, meaning: String)]
  let isStacked: Bool

  /// - Parameter stacked: whether a meaning stands below its term, for terms too long to leave room beside them.
  package init(_ title: String, _ rows: [(term: String, meaning: String)], stacked: Bool = false) {
    self.title = title
    self.rows = rows
    isStacked = stacked
  }

  package func lines(_ width: Int) -> [String] {
    let longest = rows.map(\.term.count).max() ?? 0
    let column = isStacked ? 6 : min(longest, 26) + 4
    return rows.flatMap { row -> [String] in
      let meaning = wrapped(row.meaning, max(20, width - column))
      let term = "  " + row.term
      let indent = String(repeating: " ", count: column)
      guard !isStacked, term.count + 2 <= column else { return [term] + meaning.map { indent + $0 } }
      let first = term + String(repeating: " ", count: column - term.count) + (meaning.first ?? "")
      return [first] + meaning.dropFirst().map { indent + $0 }
    }
  }
}

extension Declaration.Option {
  fileprivate var row: (term: String, meaning: String) {
    (name + (placeholder.map { " \($0)" } ?? ""), help + (defaultValue.map { " (default: \($0))" } ?? ""))
  }
}

extension Declaration.Argument {
  fileprivate var usage: String {
    let repeated = repeats ? "\(name) ..." : name
    return isRequired ? repeated : "[\(repeated)]"
  }
}

/// `text` in lines of at most `width` characters, broken between words.
private func wrapped(_ text: String, _ width: Int) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let last = lines.last, last.count + 1 + word.count <= width {
      lines[lines.count - 1] = "\(last) \(word)"
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
