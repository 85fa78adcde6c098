package import Support

extension Command {
  /// What a command line asks for.
  package enum Request {
    case act(Action, Given)
    /// A group of commands was named, but none of them.
    case choose
    case help
    case version(String)
  }

  /// The command that `words` name, with the words that lead to it, and what they ask of it.
  ///
  /// The command comes back even if the request can't be understood, so that the message can say where help is.
  package func parse(
    _ words: [String], below path: [String] = []
  ) -> (path: [String], command: Command, request: Result<Request, RecurrentError>) {
    let path = path + [name]
    if case .group(let commands, _) = kind {
      if let place = place(ofCommandIn: words), let command = commands.first(where: { $0.name == words[place] }) {
        return command.parse(Array(words[..<place] + words[(place + 1)...]), below: path)
      }
      if let other = alternative, let first = words.first,
        other.options.contains(where: { $0.name == first.prefix { $0 != "=" } })
      {
        return (path, other, other.request(words, isOutermost: false))
      }
    }
    return (path, self, request(words, isOutermost: path.count == 1))
  }

  /// The place of the name of one of a group's commands: first, or after options of these commands; nil if something else stands
  /// there.
  private func place(ofCommandIn words: [String]) -> Int? {
    let options = commands.flatMap(\.options)
    var place = 0
    while place < words.count {
      guard words[place].hasPrefix("-") else { return place }
      let parts = words[place].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let option = options.first(where: { $0.name == parts[0] }) else { return nil }
      place += option.placeholder == nil || parts.count > 1 ? 1 : 2
    }
    return nil
  }

  package var options: [Declaration.Option] {
    switch kind {
    case .group: []
    case .action(let declaration, _): declaration.options
    }
  }

  private func request(_ words: [String], isOutermost: Bool) -> Result<Request, RecurrentError> {
    if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) { return .success(.help) }
    switch kind {
    case .group(let commands, _):
      guard let first = words.first else { return .success(.choose) }
      let word = place(ofCommandIn: words).map { words[$0] } ?? first
      if commands.flatMap(\.options).contains(where: { $0.name == word.prefix { $0 != "=" } }) {
        return .failure(RecurrentError(.usage, "the command is missing: \(list(commands.map(\.name)))"))
      }
      if let version, word == "--version" { return .success(.version(version)) }
      if !word.hasPrefix("-"), let sentence = unknown(word) { return .failure(RecurrentError(.usage, sentence)) }
      let kind = word.hasPrefix("-") ? "option" : "command"
      let options = commonOptions(isOutermost: isOutermost).compactMap(\.names.last)
      let others = (commands + (alternative.map { [$0] } ?? [])).flatMap(\.options).map(\.name)
      let known = word.hasPrefix("-") ? options + others : commands.map(\.name)
      return .failure(RecurrentError(.usage, "there is no \(kind) \(word)\(suggestion(word, known))"))
    case .action(let declaration, let action):
      return Result { () throws(RecurrentError) in .act(action, try declaration.read(words)) }
    }
  }
}

/// The values that a command line gives to the options and arguments of a command.
package struct Given: Sendable {
  /// The values by the names of options and arguments, of the types that their keys have.
  package var values: [String: any Sendable] = [:]
  /// The options as they were written, in their order: a flag has no text.
  package var options: [(name: String, text: String?)] = []
  package var arguments: [String] = []
}

extension Declaration {
  package func read(_ words: [String]) throws(RecurrentError) -> Given {
    var given = Given()
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        given.arguments += rest
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        given.arguments.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let option = try option(parts[0])
      guard given.values[option.name] == nil else { throw RecurrentError(.usage, "\(option.name) is given twice") }
      let (value, text) = try value(of: option, attached: parts.count > 1 ? parts[1] : nil, &rest)
      given.values[option.name] = value
      given.options.append((option.name, text))
    }
    try assign(given.arguments, &given.values)
    return given
  }

  private func option(_ name: String) throws(RecurrentError) -> Option {
    if let option = options.first(where: { $0.name == name }) { return option }
    if let reason = refusals[name] { throw RecurrentError(.usage, "there is no option \(name) here: \(reason)") }
    throw RecurrentError(.usage, "there is no option \(name)\(suggestion(name, options.map(\.name) + ["--help", "--quiet"]))")
  }

  private func value(
    of option: Option, attached: String?, _ rest: inout ArraySlice<String>
  ) throws(RecurrentError) -> (value: any Sendable, text: String?) {
    guard let placeholder = option.placeholder else {
      if attached != nil { throw RecurrentError(.usage, "\(option.name) takes no value") }
      return (true, nil)
    }
    var text = attached
    // A word that looks like an option is one: the value of this one is missing.
    if text == nil, let next = rest.first, !next.hasPrefix("--") { text = rest.popFirst() }
    guard let text else {
      let remedy = rest.isEmpty ? "" : "; a value that begins with -- is written \(option.name)=\(placeholder)"
      throw RecurrentError(.usage, "the value \(placeholder) of \(option.name) is missing\(remedy)")
    }
    guard let value = option.read(text) else {
      throw RecurrentError(
        .usage,
        "\(option.name) is \(text.debugDescription); expected \(option.expected)\(suggestion(text, option.choices))")
    }
    return (value, text)
  }

  private func assign(_ words: [String], _ values: inout [String: any Sendable]) throws(RecurrentError) {
    var rest = words[...]
    for argument in arguments {
      if argument.isRequired, rest.isEmpty { throw RecurrentError(.usage, "\(argument.name) is missing: \(argument.help)") }
      if argument.repeats {
        values[argument.name] = Array(rest)
        rest = []
      } else if let word = rest.popFirst() {
        values[argument.name] = argument.isRequired ? word : Swift.Optional.some(word)
      }
    }
    if let word = rest.first { throw RecurrentError(.usage, "the argument \(word.debugDescription) is one too many") }
  }
}
