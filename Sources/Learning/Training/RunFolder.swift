import Models
import Platform
import Storage
package import Support

/// The folder of one training: its configuration, its log, its last checkpoint and its best model.
package struct RunFolder: Sendable {
  package let path: String

  /// What the command was given, as JSON.
  package var configuration: String { path + "/configuration.json" }
  /// One JSON line for each segment of training.
  package var log: String { path + "/log.jsonl" }
  /// The training as it stood last: what resuming goes on from.
  package var checkpoint: String { path + "/" + ModelPath.checkpoint }
  package var hasCheckpoint: Bool { FileSystem.exists(checkpoint) }
  /// A page that shows how the training went.
  package var report: String { path + "/report.html" }
  /// The network with the best validation so far; without a validation, the last one.
  package var model: String { path + "/" + ModelPath.model }

  /// A folder that is there.
  package init(path: String) { self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }

  /// Makes a new folder.
  ///
  /// - Throws: ``RecurrentError`` if there is something of that name already, or it can't be made.
  package init(creating path: String) throws(RecurrentError) {
    self.init(path: path)
    try RunFolder.requireUnused(path)
    if let slash = self.path.dropFirst().lastIndex(of: "/") { try Folder.make(String(self.path[..<slash])) }
    guard mkdir(self.path, 0o777) == 0 else {
      throw RecurrentError(cannotWrite: self.path, "the folder \(self.path) can't be made: \(systemCause(errno))")
    }
  }

  /// - Throws: ``RecurrentError`` if there is something of that name.
  package static func requireUnused(_ path: String) throws(RecurrentError) {
    if FileSystem.exists(path) {
      throw RecurrentError(
        cannotWrite: path, "there is something of that name already; choose another folder, or resume the run in it")
    }
  }

  /// The first of `path`, `path-2`, `path-3`, … that is not taken.
  package static func unused(_ path: String) -> String {
    var name = path
    var number = 1
    while FileSystem.exists(name) {
      number += 1
      name = "\(path)-\(number)"
    }
    return name
  }

  /// Writes what ``configuration(as:)`` reads again.
  package func write(configuration: some Encodable) throws(RecurrentError) {
    try AtomicFile.write(Array((json(configuration) + "\n").utf8), to: self.configuration)
  }

  package func configuration<Configuration: Decodable>(as type: Configuration.Type) throws(RecurrentError) -> Configuration {
    let data: [UInt8]
    do { data = try FileSystem.bytes(of: configuration) } catch {
      throw RecurrentError(cannotRead: configuration, "\(path) is not the folder of a run")
    }
    do { return try decodeJSON(data, as: type) } catch {
      throw RecurrentError(cannotRead: configuration, "it is damaged: \(describe(error))")
    }
  }
}
