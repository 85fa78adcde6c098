package import Console
import Support

extension Command {
  /// Does what `arguments`, the words after the command's own name, ask for.
  ///
  /// With `--quiet` among them an action writes no messages; errors are written all the same.
  ///
  /// - Returns: the exit code: 0 done, 1 failed, 2 not understood, 130 stopped by Ctrl-C. Errors have been written.
  package func run(_ arguments: [String], on terminal: Terminal) -> Int32 {
    let (words, isQuiet) = Command.splitQuiet(arguments)
    let (path, command, request) = parse(words)
    var terminal = terminal
    terminal.naming = { $0.inCommand }
    do {
      switch try request.get() {
      case .act(let action, let given):
        try action(Invocation(terminal: isQuiet ? terminal.withoutMessages : terminal, given: given))
      case .choose:
        for line in command.help(path, on: terminal.messages) { terminal.say(line) }
        return 2
      case .help: for line in command.help(path, on: terminal.output) { try terminal.print(line) }
      case .version(let version): try terminal.print("\(name) \(version)")
      }
      return 0
    } catch let error as RecurrentError where error.kind == .usage {
      terminal.complain(error.inCommand)
      terminal.say("`\(path.joined(separator: " ")) --help` says what there is.")
      return 2
    } catch let stop as Interrupted {
      return stop.exitCode
    } catch OutputError.closed {
      // The reader of the results, such as `head`, has seen enough, which is no failure.
      return 0
    } catch let error as RecurrentError {
      terminal.complain(error.inCommand)
      return 1
    } catch {
      terminal.complain("\(error)")
      return 1
    }
  }

  private func help(_ path: [String], on channel: Channel) -> [String] {
    // Lines of more than a hundred characters are hard to read, however wide the window is.
    help(path: path, width: min(channel.width, 100)) { channel.styled($0, .bold) }
  }
}

extension Terminal {
  fileprivate func complain(_ sentence: String) { say("\(messages.styled("error:", .red)) \(sentence)") }
}

extension RecurrentError {
  /// The sentence with settings as the command writes them.
  package var inCommand: String { sentence.inCommand }
}

extension Sentence {
  /// The sentence with settings as the command writes them: `--units`.
  package var inCommand: String { text(naming: \.inCommand) }
}

extension Setting {
  /// As the command writes it: `--units`, or what stands for an argument: `FILE`.
  package var inCommand: String { argument ?? "--\(name)" }
}
