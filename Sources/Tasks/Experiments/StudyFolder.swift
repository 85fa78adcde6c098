import Storage
import Support
import TaskKit

/// A folder of many runs, with a file that says what they are about: a comparison or a search.
///
/// The same call finds its folder again and goes on there.
struct StudyFolder<Record: StudyRecord>: Sendable {
  let path: String
  var file: String { "\(path)/\(Record.fileName)" }
  var page: String { path + "/report.html" }
  var chart: String { path + "/chart.svg" }

  /// The folder for a study, and its record if the study has begun already.
  ///
  /// - Parameters:
  ///   - asked: the folder that the user wants; nil for the first of `path`, `path-2`, … that is not taken by something else.
  ///   - check: throws ``RecurrentError`` if the record of a folder is of another study, or of one that can't go on.
  /// - Throws: ``RecurrentError`` if the folder that the user wants holds something else.
  static func find(
    in asked: String?, otherwise path: String, check: (Record, String) throws -> Void
  ) throws -> (folder: StudyFolder, known: Record?) {
    if let asked {
      let folder = StudyFolder(path: asked.count > 1 && asked.hasSuffix("/") ? String(asked.dropLast()) : asked)
      return (folder, try folder.known(check))
    }
    var number = 1
    while true {
      let folder = StudyFolder(path: number == 1 ? path : "\(path)-\(number)")
      if let known = try? folder.known(check) { return (folder, known) }
      if !FileSystem.exists(folder.path) { return (folder, nil) }
      number += 1
    }
  }

  /// The record of the folder; nil if there is no folder.
  private func known(_ check: (Record, String) throws -> Void) throws -> Record? {
    guard FileSystem.exists(path) else { return nil }
    let known = try record()
    try check(known, path)
    return known
  }

  private func record() throws(RecurrentError) -> Record {
    guard let bytes = try? FileSystem.bytes(of: file) else {
      throw RecurrentError(
        .unsuitable,
        naming: "\(path) is there already and holds no \(Record.noun): name another folder as \(Setting("output"))")
    }
    do { return try decodeJSON(bytes) } catch { throw RecurrentError(cannotRead: file, "it is damaged: \(describe(error))") }
  }

  func write(_ record: Record) throws(RecurrentError) {
    try Folder.make(path)
    try AtomicFile.write(Array((json(record) + "\n").utf8), to: file)
  }
}

/// The record in the folder of a study.
protocol StudyRecord: Sendable, Codable {
  associatedtype Task: LearningTask

  /// What sentences call such a study.
  static var noun: String { get }
  static var fileName: String { get }
  var study: Study<Task> { get }
}
