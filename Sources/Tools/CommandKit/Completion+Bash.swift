/// The script for bash, from version 3.2 on, which macOS has.
///
/// It goes through the words before the cursor as the parser does: the path of the command so far, the option whose value comes
/// next, and how many arguments have been given. By default bash takes `--cell=gru` for three words.
func bashCompletions(_ name: String, _ commands: [CompletedCommand]) -> String {
  let function = "_" + name
  return """
    # Completes `\(name)` in bash; written by `\(name) completions bash`.

    # Sets commands, flags and valued to what may come after the command that $1 names.
    \(function)_command() {
      commands= flags= valued=
      case $1 in
    \(commands.map(described).joined(separator: "\n"))
      esac
    }

    # Offers values for $1, a command followed by one of its options or by how many arguments come before.
    \(function)_value() {
      case $1 in
    \(values(commands, function).joined(separator: "\n"))
      esac
    }

    # Offers those of the arguments that begin as the word at the cursor does.
    \(function)_words() {
      local word
      for word in "$@"; do
        case $word in "$current"*) COMPREPLY[${#COMPREPLY[@]}]=$prefix$word ;; esac
      done
    }

    # Offers files (-f) or folders (-d).
    \(function)_paths() {
      local path
      compopt -o filenames 2>/dev/null
      while IFS= read -r path; do
        COMPREPLY[${#COMPREPLY[@]}]=$prefix$path
      done < <(compgen "$1" -- "$current")
    }

    \(function)() {
      local commands flags valued command='\(name)' current=${COMP_WORDS[COMP_CWORD]}
      local option= prefix= given=' ' arguments=0 ended= index word
      COMPREPLY=()
      \(function)_command "$command"
      for ((index = 1; index < COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if [ -n "$option" ]; then
          # Its value, or the = before that.
          [ "$word" = = ] || option=
          continue
        fi
        case $ended$word in
          --) ended=yes ;;
          -*=*) given+="${word%%=*} " ;;
          -*)
            given+="$word "
            case " $valued " in *" $word "*) option=$word ;; esac
            ;;
          *)
            case " $commands " in
              *" $word "*)
                command+=" $word"
                \(function)_command "$command"
                ;;
              *) arguments=$((arguments + 1)) ;;
            esac
            ;;
        esac
      done
      if [ -z "$option$ended" ]; then
        # Where = parts no words.
        case $current in
          --*=*)
            option=${current%%=*}
            prefix=$option=
            current=${current#*=}
            ;;
        esac
      elif [ "$current" = = ]; then
        current=
      fi
      if [ -n "$option" ]; then
        \(function)_value "$command $option"
      elif [ -z "$ended" ] && [ "${current:0:1}" = - ]; then
        for word in $valued $flags; do
          case $given in *" $word "*) ;; *) \(function)_words "$word" ;; esac
        done
      elif [ -n "$commands" ]; then
        \(function)_words $commands
      else
        \(function)_value "$command $arguments"
      fi
    }

    complete -F \(function) \(name)

    """
}

/// A branch of the function that says what may come after a command.
private func described(_ command: CompletedCommand) -> String {
  let flags = command.options.filter { $0.placeholder == nil }.flatMap(\.names)
  let valued = command.options.filter { $0.placeholder != nil }.flatMap(\.names)
  let parts = [("commands", command.commands.map(\.name)), ("flags", flags), ("valued", valued)]
  let lines = parts.filter { !$0.1.isEmpty }.map { "      \($0.0)='\($0.1.joined(separator: " "))'" }
  return (["    '\(command.path.joined(separator: " "))')"] + lines + ["      ;;"]).joined(separator: "\n")
}

/// The branches of the function that offers values, one for all places that offer the same.
private func values(_ commands: [CompletedCommand], _ function: String) -> [String] {
  var places: [(value: Completion, patterns: [String])] = []
  func add(_ value: Completion, _ pattern: String) {
    guard value != Completion() else { return }
    if let index = places.firstIndex(where: { $0.value == value }) {
      places[index].patterns.append(pattern)
    } else {
      places.append((value, [pattern]))
    }
  }
  for command in commands {
    let path = command.path.joined(separator: " ")
    for option in command.options { add(option.value, "'\(path) \(option.names[0])'") }
    for (index, argument) in command.arguments.enumerated() {
      // One digit is enough for all arguments but a repeated one, which can only be the last.
      add(argument.value, argument.repeats ? "'\(path) '[\(index)-9]*" : "'\(path) \(index)'")
    }
  }
  return places.map { place in
    var lines = place.patterns.dropLast().map { "    \($0) | \\" }
    lines.append("    \(place.patterns.last ?? ""))")
    if !place.value.words.isEmpty { lines.append("      \(function)_words \(place.value.words.joined(separator: " "))") }
    switch place.value.paths {
    case .none: break
    case .files: lines.append("      \(function)_paths -f")
    case .folders: lines.append("      \(function)_paths -d")
    }
    return (lines + ["      ;;"]).joined(separator: "\n")
  }
}
