import Console
import Storage
import Support
import Tables
import TaskKit
import Transcription

/// What could be done with a file of data.
enum DataAdvice {
  /// The commands that train on a file, as `describe` names them; none if nothing says what it could be.
  static func commands(for path: String) throws -> [String] {
    if path.hasSuffix(".ts") { return ["recurrent train classify \(shellWord(path))"] }
    if try Transcripts.isLikely(path) { return [try Transcripts(describing: path).command] }
    if try TaggedSentences.isLikely(path) { return [try TaggedSentences(contentsOf: path).command] }
    if try TextPairs.isLikely(path) { return [try TextPairs(describing: path).command] }
    if try PlainText.isLikely(path) { return [try PlainText(contentsOf: path).command(path)] }
    let file = TableFile(path)
    return try TableDescription(TableSummary(ofLabelled: file, times: TimeRequest()), asked: file, time: nil, group: nil).commands
  }

  /// What is said where a file stands in the place of a command; nil if there is no such file.
  static func sentence(onFile path: String) -> String? {
    guard FileSystem.exists(path), !FileSystem.isFolder(path) else { return nil }
    return
      "\(path) is a file, and what is to be done with it comes before it: `recurrent describe \(shellWord(path))` says what it holds"
  }

  /// What is said where a file stands in the place of a task; nil if there is no such file.
  static func sentence(onFile path: String, _ tasks: TaskRegistry) -> String? {
    guard FileSystem.exists(path), !FileSystem.isFolder(path) else { return nil }
    let commands = (try? Self.commands(for: path)) ?? []
    guard !commands.isEmpty else {
      return
        "\(path) is a file, and what to learn from it comes before it: \(list(tasks.tasks.map { $0.kind })); `recurrent describe \(shellWord(path))` says what it holds"
    }
    return "\(path) is a file, and what to learn from it comes before it: \(list(commands.map { "`\($0)`" }))"
  }
}
