/// The script for fish: a line for each command, option and argument, with the command after which it may stand.
func fishCompletions(_ name: String, _ commands: [CompletedCommand]) -> String {
  let function = "__\(name)"
  let paths = commands.dropFirst().map { "            case \(quoted($0.path.joined(separator: " ")))" }
  return """
    # Completes `\(name)` in fish; written by `\(name) completions fish`.

    # The command that the line names so far.
    function \(function)_command
        set -l command \(name)
        set -l words (commandline -opc)
        for word in $words[2..-1]
            switch "$command $word"
    \(paths.map { "\($0)\n                set command \"$command $word\"" }.joined(separator: "\n"))
            end
        end
        echo $command
    end

    function \(function)_at
        test "$(\(function)_command)" = "$argv"
    end

    complete -c \(name) -f
    \(commands.flatMap { lines($0, name, "\(function)_at") }.joined(separator: "\n"))

    """
}

private func lines(_ command: CompletedCommand, _ name: String, _ condition: String) -> [String] {
  let start = "complete -c \(name) -n \(quoted("\(condition) \(command.path.joined(separator: " "))"))"
  let commands = command.commands.map { "\(start) -a \($0.name) -d \(quoted($0.summary))" }
  let options = command.options.map { option in
    let names = option.names.map { $0.hasPrefix("--") ? "-l \($0.dropFirst(2))" : "-s \($0.dropFirst())" }
    let value = option.placeholder == nil ? [] : ["-r"] + offer(option.value)
    return ([start] + names + value + ["-d", quoted(option.help)]).joined(separator: " ")
  }
  let arguments = command.arguments.filter { $0.value != Completion() }.map { argument in
    ([start] + offer(argument.value) + ["-d", argument.name]).joined(separator: " ")
  }
  return commands + options + arguments
}

/// The switches that offer the values of a completion.
private func offer(_ value: Completion) -> [String] {
  var words = value.words
  if value.paths == .folders { words.append("(__fish_complete_directories)") }
  return [value.paths == .files ? "-F" : "-f"] + (words.isEmpty ? [] : ["-a", quoted(words.joined(separator: " "))])
}

private func quoted(_ text: String) -> String {
  "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
}
