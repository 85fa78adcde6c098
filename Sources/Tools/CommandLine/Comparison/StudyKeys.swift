import CommandKit
import Console
import Experiments
import Support

/// The options of a study: where it is kept and how it is computed.
struct StudyKeys: Sendable {
  let threads: Key<Int>
  let output: Key<String?>
  let json: Key<Bool>

  /// - Parameter output: what the help says of the folder.
  init(_ declare: inout Declaration, output help: String) {
    threads = declare.integer(
      "--threads", in: 1...1024, default: 1, "threads of each run; as many runs go on at once as there are processors for")
    output = declare.text("--output", "FOLDER", help)
    json = declare.flag("--json", "print the result as JSON")
  }

  /// Options that may change when the study goes on.
  var passing: Set<String> { [threads.name, output.name, json.name] }
}

extension Invocation {
  /// The command line as a shell takes it, with options in the order of their names.
  ///
  /// - Parameters:
  ///   - command: without `recurrent`.
  ///   - left: the names of options to leave out.
  ///   - added: options to add; a flag has no text.
  func line(_ command: String, without left: Set<String> = [], with added: [(name: String, text: String?)] = []) -> String {
    let options = given.options.filter { !left.contains($0.name) }.sorted { $0.name < $1.name } + added
    let words = options.map { option -> String in
      guard let text = option.text else { return option.name }
      // A value that looks like an option is written into one word with it.
      return option.name + (text.hasPrefix("--") ? "=" : " ") + shellWord(text)
    }
    return (["recurrent \(command)"] + given.arguments.map(shellWord) + words).joined(separator: " ")
  }

  /// Runs a study until it is done or the user stops it.
  ///
  /// - Parameter body: returns whether the study came to its end; its argument says whether the user wants it to stop.
  /// - Throws: ``Interrupted`` if it was stopped.
  func runStudy(_ body: (@escaping @Sendable () -> Bool) throws -> Bool) throws {
    if try Interrupt.watching({ try body { Interrupt.request != nil } }) { return }
    terminal.say("stopped, and saved; the same command goes on")
    throw Interrupt.request ?? Interrupted(signal: 2)
  }
}
