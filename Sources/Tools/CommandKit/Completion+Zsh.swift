/// The script for zsh: a function for each command, which hands its options and arguments to `_arguments`.
func zshCompletions(_ name: String, _ commands: [CompletedCommand]) -> String {
  let script = ZshScript(name, commands)
  let functions = commands.map { $0.commands.isEmpty ? script.action($0) : script.group($0) }
  return """
    #compdef \(name)
    # Completes `\(name)` in zsh; written by `\(name) completions zsh`.

    \((functions + script.mixtures.map(script.mixture)).joined(separator: "\n\n"))

    # zsh calls this file itself if it found it in fpath; otherwise the function has to be registered.
    if [ "$funcstack[1]" = _\(name) ]; then
      _\(name) "$@"
    else
      compdef _\(name) \(name)
    fi

    """
}

private struct ZshScript {
  let name: String
  /// Completions of both words and paths, each of which is offered by a function of its own.
  let mixtures: [Completion]

  init(_ name: String, _ commands: [CompletedCommand]) {
    self.name = name
    let values = commands.flatMap { $0.options.map(\.value) + $0.arguments.map(\.value) }
    mixtures = values.filter { !$0.words.isEmpty && $0.paths != .none }
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  func group(_ command: CompletedCommand) -> String {
    let described = command.commands.map { "        \(quoted($0.name + ":" + escaped($0.summary, ":")))" }
    let calls = command.commands.map { "        (\($0.name)) \(function(command.path + [$0.name])) ;;" }
    return """
      \(function(command.path))() {
        local curcontext="$curcontext" context state state_descr line
        local -a commands
        typeset -A opt_args
        _arguments -C \\
      \(command.options.flatMap(specifications).map { "    \($0) \\" }.joined(separator: "\n"))
          '1: :->command' \\
          '*:: :->arguments'
        case $state in
          (command)
            commands=(
      \(described.joined(separator: "\n"))
            )
            _describe -t commands command commands
            ;;
          (arguments)
            curcontext="${curcontext%:*:*}:\(command.path.joined(separator: "-"))-$line[1]:"
            case $line[1] in
      \(calls.joined(separator: "\n"))
            esac
            ;;
        esac
      }
      """
  }

  func action(_ command: CompletedCommand) -> String {
    let arguments = command.arguments.enumerated().map { index, argument in
      quoted("\(argument.repeats ? "*" : "\(index + 1)"):\(escaped(argument.name, ":")):\(offer(argument.value))")
    }
    let lines = command.options.flatMap(specifications) + arguments
    return """
      \(function(command.path))() {
        _arguments -S \\
      \(lines.map { "    \($0)" }.joined(separator: " \\\n"))
      }
      """
  }

  func mixture(_ value: Completion) -> String {
    """
    \(function(of: value))() {
      _alternative \\
        'values:value:(\(value.words.joined(separator: " ")))' \\
        'paths:path:_files\(value.paths == .folders ? " -/" : "")'
    }
    """
  }

  /// An option as `_arguments` wants it, once for each of its names.
  private func specifications(of option: CompletedCommand.Option) -> [String] {
    let help = "[\(escaped(option.help, "[]:"))]"
    if let placeholder = option.placeholder {
      return option.names.map { quoted("\($0)=\(help):\(escaped(placeholder, ":")):\(offer(option.value))") }
    }
    // Nothing else counts beside a request for help or the version.
    let exclusions = ["--help", "--version"].contains(option.names.last) ? "(- : *)" : ""
    return option.names.map { quoted("\(exclusions)\($0)\(help)") }
  }

  /// The action that offers the values of a completion.
  private func offer(_ value: Completion) -> String {
    switch (value.words.isEmpty, value.paths) {
    case (true, .none): " "
    case (true, .files): "_files"
    case (true, .folders): "_files -/"
    case (false, .none): "(\(value.words.joined(separator: " ")))"
    case (false, _): function(of: value)
    }
  }

  private func function(of mixture: Completion) -> String { "_\(name)_value_\((mixtures.firstIndex(of: mixture) ?? 0) + 1)" }

  private func function(_ path: [String]) -> String { "_" + path.joined(separator: "_") }
}

private func escaped(_ text: String, _ characters: String) -> String {
  String(text.flatMap { characters.contains($0) || $0 == "\\" ? ["\\", $0] : [$0] })
}

private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: #"'\''"#) + "'" }
