import CommandKit
import Models
import Storage
import Support
import TaskKit
import Training

/// A folder of many runs, with a file that says what they are about: a comparison or a search.
///
/// The same command finds its folder again and goes on there.
struct StudyFolder<Record: StudyRecord>: Sendable {
  let path: String
  var file: String { "\(path)/\(Record.fileName)" }
  var page: String { path + "/report.html" }
  var chart: String { path + "/chart.svg" }

  /// The folder for a study, and what is recorded there if that has begun already.
  ///
  /// - Parameters:
  ///   - asked: where the user wants it; nil for the first of `customary`, `customary-2`, … that is not taken by something else.
  ///   - check: throws ``RecurrentError`` if what is recorded in a folder is of something else, or can't be gone on with.
  /// - Throws: ``RecurrentError`` if what is in the folder that the user wants is something else.
  static func find(
    in asked: String?, customary: String, check: (Record, String) throws -> Void
  ) throws -> (folder: StudyFolder, known: Record?) {
    if let asked {
      let folder = StudyFolder(path: asked.count > 1 && asked.hasSuffix("/") ? String(asked.dropLast()) : asked)
      return (folder, try folder.known(check))
    }
    var number = 1
    while true {
      let folder = StudyFolder(path: number == 1 ? customary : "\(customary)-\(number)")
      if let known = try? folder.known(check) { return (folder, known) }
      if !FileSystem.exists(folder.path) { return (folder, nil) }
      number += 1
    }
  }

  /// What is recorded there; nil if there is no folder.
  private func known(_ check: (Record, String) throws -> Void) throws -> Record? {
    guard FileSystem.exists(path) else { return nil }
    let known = try record()
    try check(known, path)
    return known
  }

  private func record() throws -> Record {
    guard let bytes = try? FileSystem.bytes(of: file) else {
      throw RecurrentError(.unsuitable, "\(path) is there already and holds no \(Record.noun): name another folder as --output")
    }
    do { return try decodeJSON(bytes) } catch { throw RecurrentError(cannotRead: file, "it is damaged: \(describe(error))") }
  }

  func write(_ record: Record) throws {
    try Folder.make(path)
    try AtomicFile.write(Array((json(record) + "\n").utf8), to: file)
  }
}

/// What a folder of many runs records of them.
protocol StudyRecord: Sendable, Codable {
  /// What it is called in sentences.
  static var noun: String { get }
  static var fileName: String { get }
  var study: Study { get }
}

/// What trainings that stand side by side have in common.
struct Study: Sendable, Hashable, Codable {
  /// The command line, without what may change when it is taken up again.
  let command: String
  /// With the digests of the data.
  let task: TrainingTask
  /// What the first network would be trained with: standard values may be other ones in another version.
  let options: TrainingOptions

  /// - Parameters:
  ///   - noun: what such a study is called in sentences.
  ///   - path: of the folder in which this one is recorded.
  /// - Throws: ``RecurrentError`` if another one is not the same.
  func check(_ other: Study, _ noun: String, _ path: String) throws {
    guard command == other.command else {
      throw RecurrentError(.unsuitable, "\(path) holds another \(noun), of `\(command)`: name another folder as --output, or take up that one")
    }
    guard self == other else {
      throw RecurrentError(.unsuitable, 
        "the data have changed since the \(noun) in \(path) began: put the old ones back, or name another folder as --output")
    }
  }
}

extension Invocation {
  /// The command line as a shell takes it, with options in the order of their names.
  ///
  /// - Parameters:
  ///   - command: without `recurrent`.
  ///   - left: names of options that are left out.
  ///   - added: options put in, a flag without a text.
  func line(_ command: String, without left: Set<String> = [], with added: [(name: String, text: String?)] = []) -> String {
    let options = given.options.filter { !left.contains($0.name) }.sorted { $0.name < $1.name } + added
    let words = options.map { option -> String in
      guard let text = option.text else { return option.name }
      // A value that looks like an option is written into one word with it.
      return option.name + (text.hasPrefix("--") ? "=" : " ") + shellWord(text)
    }
    return (["recurrent \(command)"] + given.arguments.map(shellWord) + words).joined(separator: " ")
  }
}
